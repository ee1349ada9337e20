// The properties of a file that are read without decoding pixels.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/meta/icc.hpp"
#include "sniff/image_format.hpp"

namespace netocr {

enum class ColorModel : std::uint8_t { kUnknown, kGrey, kRgb, kYcbcr, kCmyk, kYcck, kPalette, kLab };
// Returns "unknown", "grey", "rgb", "ycbcr", "cmyk", "ycck", "palette" or "lab".
std::string_view color_model_name(ColorModel model);

// Bits of ImageInfo::warnings and Prepared::warnings.
enum ImageWarning : std::uint32_t {
  kWarnTruncated = 1,       // "truncated": the tail is missing or damaged; the rest is decoded
  kWarnProfileIgnored = 2,  // "profile_ignored": colours that are not sRGB's are treated as sRGB
};

// How prepare() treats the colour space that the file declares.
enum class ProfileUse : std::uint8_t {
  kNone,       // none is declared: sRGB
  kSrgb,       // a profile that is sRGB, or chromaticities and a gamma close to it
  kConverted,  // matrix and curves (also of code points, or of a PNG's gAMA and cHRM), or tables, to sRGB
  // Another kind (HDR, a profile of another colour space), or an impossible or damaged profile: treated as
  // sRGB, with kWarnProfileIgnored.
  kIgnored,
};
std::string_view profile_use_name(ProfileUse use);  // "none", "srgb", "converted", "ignored"

// Returns how prepare() treats a profile of this kind with samples of this model: kSrgb, kConverted or
// kIgnored.
ProfileUse profile_use_of(IccKind kind, ColorModel model);

struct ImageInfo {
  ImageFormat format = ImageFormat::kUnknown;
  // Size as stored, before orientation (HEIF: in the clean aperture); 0 when the format is only recognised,
  // not parsed.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t orientation = 1;      // EXIF 1..8
  std::uint8_t bits_per_sample = 0;  // 0 when not parsed
  ColorModel color_model = ColorModel::kUnknown;
  bool has_alpha = false;
  bool has_metadata =
      false;  // anything that showing the picture does not need (EXIF, XMP, ICC, comments, trailers)
  bool progressive = false;  // progressive JPEG or interlaced PNG
  bool decodable = false;    // prepare() can decode this format
  ProfileUse profile = ProfileUse::kNone;
  ProfileName profile_name;  // empty when there is no ICC profile or it has no name
  std::uint32_t warnings = 0;
};

}  // namespace netocr
