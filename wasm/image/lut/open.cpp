// Checks the profile and what it does to black and white before any picture is converted by it.
#include "image/lut/open.hpp"

#include <utility>

#include "image/lut/converter.hpp"
#include "image/lut/tags.hpp"
#include "image/lut/transform.hpp"

namespace netocr::lut {
namespace {

// That of a PNG's profile; those of printers have 0.5 to 3 MB.
constexpr std::size_t kMaxProfileBytes = std::size_t{4} << 20;

// The difference of black and white, in levels. A profile that falls short of it would erase the picture.
constexpr int kMinContrast = 100;

Channels channels_of(IccKind kind) {
  if (kind == IccKind::kGreyTables) return Channels::kGrey;
  return kind == IccKind::kCmykTables ? Channels::kInvertedCmyk : Channels::kRgb;
}

// Inks are inverted, so that all channels are lowest for black and highest for white.
bool tells_black_from_white(const Transform& transform) {
  constexpr std::uint8_t kBlackAndWhite[2 * 4] = {0, 0, 0, 0, 255, 255, 255, 255};
  const std::size_t channels = transform.channels();
  std::uint8_t rgb[2 * 3];
  transform.apply(kBlackAndWhite + 4 - channels, 2, rgb);
  return rgb[4] - rgb[1] >= kMinContrast;
}

}  // namespace

Result<std::unique_ptr<ColorConverter>> open_tables(IccKind kind, Buffer profile) {
  if (profile.size() > kMaxProfileBytes)
    return Error{ErrorCode::kCorruptImage, 0, "the colour profile is too large"};
  hide_float_tables(profile.span());
  NETOCR_ASSIGN(auto transform, Transform::create(profile.span(), channels_of(kind)));
  if (!tells_black_from_white(transform))
    return Error{ErrorCode::kCorruptImage, 0, "the colour profile has no contrast"};
  NETOCR_ASSIGN(auto converter, make_nothrow<Converter>(std::move(transform)));
  return std::unique_ptr<ColorConverter>(std::move(converter));
}

}  // namespace netocr::lut
