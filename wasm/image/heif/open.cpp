// Converts the header to ImageInfo and profile; header.cpp reads the header.
#include "image/heif/open.hpp"

#include <algorithm>
#include <optional>

#include "image/meta/cicp.hpp"

namespace netocr::heif {
namespace {

// Code points of H.273.
constexpr std::uint8_t kBt709 = 1;
constexpr std::uint8_t kBt601Transfer = 6;
constexpr std::uint8_t kSrgbTransferCode = 13;

std::uint8_t exif_of(const Turns& turns) {
  constexpr std::uint8_t kOrientations[2][4] = {{1, 6, 3, 8}, {2, 7, 4, 5}};
  return kOrientations[turns.mirrored ? 1 : 0][turns.quarters];
}

bool is_srgb(const Header& header) {
  const bool usual = header.color_primaries == kBt709 || header.color_primaries == kUnspecified;
  // Browsers decode the transfer curves of BT.709 and BT.601 as that of sRGB.
  const bool same_curve = header.transfer == kSrgbTransferCode || header.transfer == kUnspecified ||
                          header.transfer == kBt709 || header.transfer == kBt601Transfer;
  return usual && same_curve;
}

ImageInfo info_of(const Header& header, bool is_decoded) {
  ImageInfo info;
  if (header.is_cut_off) info.warnings |= kWarnTruncated;
  const Size shown = shown_size(header);
  if (shown.width == 0 || shown.height == 0) return info;
  info.width = shown.width;
  info.height = shown.height;
  info.orientation = exif_of(header.turns);
  info.bits_per_sample = header.bits;
  info.color_model = header.channels == 1 ? ColorModel::kGrey : ColorModel::kYcbcr;
  info.has_alpha = header.has_alpha;
  info.decodable = is_decoded;
  info.has_metadata = header.has_metadata || !header.icc.empty() || !is_srgb(header);
  return info;
}

// Returns the profile of the code points; nothing when the file has an ICC profile or the colours are sRGB.
// Errors: UNSUPPORTED_FEATURE for code points that are not converted.
Result<std::optional<MatrixProfile>> code_point_profile(const Header& header) {
  if (!header.icc.empty() || is_srgb(header)) return std::optional<MatrixProfile>();
  NETOCR_ASSIGN(const auto& profile, profile_of_cicp(header.color_primaries, header.transfer));
  return std::optional(profile);
}

}  // namespace

Size shown_size(const Header& header) {
  if (header.clean.width == 0 || header.clean.height == 0) return header.coded;
  return {std::min(header.coded.width, header.clean.width),
          std::min(header.coded.height, header.clean.height)};
}

HeifImage::HeifImage(const Header& header, bool is_decoded)
    : OpenImage(info_of(header, is_decoded)), header_(header) {}

Result<IccProfile> HeifImage::read_profile(Buffer& whole) const {
  NETOCR_ASSIGN(const auto& profile, code_point_profile(header_));
  if (profile) return icc_profile_of(*profile);
  return read_icc(header_.icc, whole);
}

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& /*limits*/) {
  return make_open_image<HeifImage>(read_header(bytes));
}

Result<Buffer> write_profile(const Header& header) {
  NETOCR_ASSIGN(const auto& profile, code_point_profile(header));
  return profile ? write_icc(*profile) : Buffer::copy_of(header.icc);
}

}  // namespace netocr::heif
