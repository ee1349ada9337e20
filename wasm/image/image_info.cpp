// Asks the codec of the recognised format for the header and the colour profile; a format without one is
// recognised only.
#include "image/image_info.hpp"

#include <iterator>

#include "image/codec.hpp"

namespace netocr {
namespace {

struct ModelName {
  ColorModel model;
  std::string_view name;
};
constexpr ModelName kModelNames[] = {
    {ColorModel::kUnknown, "unknown"}, {ColorModel::kGrey, "grey"}, {ColorModel::kRgb, "rgb"},
    {ColorModel::kYcbcr, "ycbcr"},     {ColorModel::kCmyk, "cmyk"}, {ColorModel::kYcck, "ycck"},
    {ColorModel::kPalette, "palette"}, {ColorModel::kLab, "lab"},
};
constexpr bool models_in_enum_order() {
  for (std::size_t i = 0; i < std::size(kModelNames); ++i) {
    if (static_cast<std::size_t>(kModelNames[i].model) != i) return false;
  }
  return std::size(kModelNames) == static_cast<std::size_t>(ColorModel::kLab) + 1;
}
static_assert(models_in_enum_order());

constexpr std::string_view kProfileUses[] = {"none", "srgb", "converted", "ignored"};
static_assert(std::size(kProfileUses) == static_cast<std::size_t>(ProfileUse::kIgnored) + 1);

void inspect_profile(Bytes bytes, const ImageCodec& codec, ImageInfo& info) {
  if (info.has_metadata && codec.profile != nullptr) {
    const auto icc = codec.profile(bytes);
    if (!icc.ok()) info.profile = ProfileUse::kIgnored;
    if (icc.ok() && !icc->empty()) {
      info.profile = profile_use_of(read_icc(icc->span()).kind, info.color_model);
      info.profile_name = icc_name(icc->span());
    }
  }
  if (info.profile == ProfileUse::kIgnored) info.warnings |= kWarnProfileIgnored;
}

}  // namespace

std::string_view color_model_name(ColorModel model) {
  return kModelNames[static_cast<std::size_t>(model)].name;
}

std::string_view profile_use_name(ProfileUse use) { return kProfileUses[static_cast<std::size_t>(use)]; }

ProfileUse profile_use_of(IccKind kind, ColorModel model) {
  if (kind == IccKind::kSrgb) return ProfileUse::kSrgb;
  // A profile of another model than the samples' is a mistake, but for grey: the grey axis of RGB.
  const bool is_grey = model == ColorModel::kGrey;
  const bool is_color =
      model == ColorModel::kRgb || model == ColorModel::kYcbcr || model == ColorModel::kPalette;
  const bool fits = (kind == IccKind::kRgb && (is_color || is_grey)) || (kind == IccKind::kGrey && is_grey);
  return fits ? ProfileUse::kConverted : ProfileUse::kIgnored;
}

Result<ImageInfo> inspect_image(Bytes bytes, const Limits& limits) {
  if (const Status size = check_input_size(bytes.size(), limits); !size.ok()) return size.error();
  const ImageFormat format = sniff_image(bytes);
  if (format == ImageFormat::kUnknown) {
    return Error{ErrorCode::kUnrecognizedFormat, 0, "no known image signature"};
  }
  const ImageCodec* codec = find_codec(format);
  auto info = codec != nullptr ? codec->inspect(bytes) : Result<ImageInfo>(ImageInfo{});
  if (!info.ok()) return info;
  info->format = format;
  if (codec != nullptr) inspect_profile(bytes, *codec, *info);
  if (info->decodable) {
    if (const Status fits = check_dimensions(info->width, info->height, limits); !fits.ok())
      return fits.error();
  }
  return info;
}

Result<IccProfile> read_profile(Bytes bytes, ImageFormat format) {
  const auto icc = find_codec(format)->profile(bytes);
  if (!icc.ok()) return icc.error();
  return read_icc(icc->span());
}

}  // namespace netocr
