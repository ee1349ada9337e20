// Palette and mapping define the channels (I.5.3.5), channel definitions assign colours to them (I.5.3.6),
// the colour box names the space.
#include "image/jp2/channels.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace netocr::jp2 {
namespace {

constexpr std::uint16_t kNoAssociation = 0xFFFF;

Error corrupt(const char* detail) { return {ErrorCode::kCorruptImage, 0, detail}; }

// Values of EnumCS (table I.10 and ISO/IEC 15444-2 table M.25).
enum : std::uint32_t {
  kYcc1 = 1,
  kYcc2 = 3,
  kYcc3 = 4,
  kPhotoYcc = 9,
  kCmy = 11,
  kCmyk = 12,
  kYcck = 13,
  kCieLab = 14,
  kSrgb = 16,
  kGreyscale = 17,
  kSycc = 18,
  kCieJab = 19,
  kEsrgb = 20,
  kEsycc = 24,
};

struct Space {
  ColorModel model = ColorModel::kUnknown;  // kUnknown: the number of colours decides
  bool foreign = false;
};

Result<Space> enumerated_space(std::uint32_t space) {
  switch (space) {
    case kSrgb:
      return Space{ColorModel::kRgb, false};
    case kGreyscale:
      return Space{ColorModel::kGrey, false};
    case kSycc:
    case kEsycc:
      return Space{ColorModel::kYcbcr, false};
    case kYcc1:
    case kYcc2:
    case kYcc3:
      return Space{ColorModel::kYcbcr, true};
    case kCmyk:
      return Space{ColorModel::kCmyk, true};
    case kEsrgb:
      return Space{ColorModel::kRgb, true};
    case kPhotoYcc:
    case kCmy:
    case kYcck:
    case kCieLab:
    case kCieJab:
      return Error{ErrorCode::kUnsupportedFeature, 0,
                   "JPEG 2000 in CIELab, CMY, YCCK or PhotoYCC colours: convert it to sRGB"};
    default:
      return Space{ColorModel::kUnknown, true};
  }
}

// Whether the profile can be converted is checked later, as it depends on the number of channels.
Result<Space> profile_space(Bytes profile) {
  if (bytes_at(profile, 16, "GRAY")) return Space{ColorModel::kGrey, false};
  if (bytes_at(profile, 16, "RGB ")) return Space{ColorModel::kRgb, false};
  if (bytes_at(profile, 16, "YCbr") || bytes_at(profile, 16, "YCbC")) return Space{ColorModel::kYcbcr, true};
  if (bytes_at(profile, 16, "CMYK")) return Space{ColorModel::kCmyk, true};
  if (bytes_at(profile, 16, "Lab ")) {
    return Error{ErrorCode::kUnsupportedFeature, 0, "JPEG 2000 in CIELab colours: convert it to sRGB"};
  }
  return Space{ColorModel::kUnknown, true};
}

Result<Space> space_of(const Color& color) {
  switch (color.method) {
    case ColorMethod::kEnumerated:
      return enumerated_space(color.enumerated_space);
    case ColorMethod::kProfile:
      return profile_space(color.profile);
    case ColorMethod::kOther:
      break;
  }
  return Space{ColorModel::kUnknown, true};
}

std::uint32_t channel_total(const Header& header, const Boxes* boxes) {
  if (boxes != nullptr && boxes->mapping_count != 0) return static_cast<std::uint32_t>(boxes->mapping_count);
  return header.component_count;
}

Result<Channel> channel_at(const Header& header, const Boxes* boxes, std::uint32_t number) {
  if (number >= channel_total(header, boxes))
    return corrupt("JPEG 2000 picture has fewer channels than colours");
  Channel channel{number, false, 0};
  if (boxes != nullptr && boxes->mapping_count != 0) {
    const Mapping& mapping = boxes->mappings[number];
    channel = {mapping.component, mapping.uses_palette, mapping.column};
  }
  if (channel.component >= header.component_count) {
    return corrupt("JP2 component mapping names a component that is not there");
  }
  return channel;
}

bool chroma_is_subsampled(const Header& header) {
  const Component luma = header.component(0);
  const Component blue = header.component(1);
  const Component red = header.component(2);
  return blue.dx == red.dx && blue.dy == red.dy && (blue.dx > luma.dx || blue.dy > luma.dy);
}

// Counts the channels that are not defined as something other than a colour.
std::uint32_t possible_colors(const Boxes& boxes, std::uint32_t total) {
  std::uint32_t colors = total;
  for (std::size_t i = 0; i < boxes.definition_count; ++i) {
    const ChannelDefinition& definition = boxes.definitions[i];
    if (definition.channel < total && definition.type != 0 && colors > 0) --colors;
  }
  return colors;
}

ColorModel model_of(const Header& header, const Boxes* boxes, const Space& space) {
  const std::uint32_t total = channel_total(header, boxes);
  const std::uint32_t colors = boxes == nullptr ? total : possible_colors(*boxes, total);
  if (space.model == ColorModel::kCmyk && colors >= 4) return space.model;
  if ((space.model == ColorModel::kRgb || space.model == ColorModel::kYcbcr) && colors >= 3)
    return space.model;
  if (space.model == ColorModel::kGrey || colors < 3) return ColorModel::kGrey;
  const bool direct = boxes == nullptr || boxes->mapping_count == 0;
  return direct && total == 3 && chroma_is_subsampled(header) ? ColorModel::kYcbcr : ColorModel::kRgb;
}

// Applies one colour box to the channels. `made.foreign_color` reports that it cannot be used.
Status apply_color(const Header& header, const Boxes& boxes, const Color& color, Channels& made) {
  NETOCR_ASSIGN(const auto& space, space_of(color));
  made.model = model_of(header, &boxes, space);
  made.profile = color.profile;
  made.foreign_color = space.foreign;
  if (color.method == ColorMethod::kProfile && !space.foreign) {
    made.foreign_color = profile_use_of(read_icc(color.profile).kind, made.model) == ProfileUse::kIgnored;
  }
  return {};
}

Status choose_color(const Header& header, const Boxes& boxes, Channels& made) {
  Status first_error;
  bool has_any = false;
  for (std::size_t i = 0; i < boxes.colors.count; ++i) {
    Channels candidate;
    const Status applied = apply_color(header, boxes, boxes.colors.boxes[i], candidate);
    if (!applied.ok()) {
      if (first_error.ok()) first_error = applied;
      continue;
    }
    if (!has_any || !candidate.foreign_color) made = candidate;
    has_any = true;
    if (!candidate.foreign_color) return {};
  }
  return has_any ? Status{} : first_error;
}

std::uint32_t color_count(ColorModel model) {
  if (model == ColorModel::kGrey) return 1;
  return model == ColorModel::kCmyk ? 4 : 3;
}

Status define_alpha(const Header& header, const Boxes& boxes, Channels& made) {
  for (std::size_t i = 0; i < boxes.definition_count && made.alpha == Alpha::kNone; ++i) {
    const ChannelDefinition& definition = boxes.definitions[i];
    // Only opacity of the whole picture is supported; that of single colours does not occur in practice.
    if ((definition.type != 1 && definition.type != 2) || definition.association != 0) continue;
    NETOCR_ASSIGN(const auto& channel, channel_at(header, &boxes, definition.channel));
    made.channels[made.color_count] = channel;
    made.alpha = definition.type == 1 ? Alpha::kStraight : Alpha::kPremultiplied;
  }
  return {};
}

// Returns the channel whose association is that colour; without one, the channel of that number.
Result<Channel> color_at(const Header& header, const Boxes* boxes, std::uint32_t color) {
  if (boxes != nullptr) {
    for (std::size_t i = 0; i < boxes->definition_count; ++i) {
      const ChannelDefinition& definition = boxes->definitions[i];
      if (definition.type == 0 && definition.association != kNoAssociation &&
          definition.association == color + 1) {
        return channel_at(header, boxes, definition.channel);
      }
    }
  }
  return channel_at(header, boxes, color);
}

}  // namespace

bool Channels::uses_palette() const {
  return std::any_of(channels.begin(), channels.begin() + count(),
                     [](const Channel& channel) { return channel.uses_palette; });
}

Result<Channels> map_channels(const Header& header, const Boxes* boxes) {
  Channels made;
  if (boxes != nullptr && boxes->colors.count > 0) {
    NETOCR_TRY(choose_color(header, *boxes, made));
  } else {
    made.model = model_of(header, boxes, Space{});
  }
  made.color_count = color_count(made.model);
  for (std::uint32_t color = 0; color < made.color_count; ++color) {
    NETOCR_ASSIGN(const auto& channel, color_at(header, boxes, color));
    made.channels[color] = channel;
  }
  if (boxes != nullptr) {
    NETOCR_TRY(define_alpha(header, *boxes, made));
  }
  return made;
}

}  // namespace netocr::jp2
