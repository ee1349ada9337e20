// Bounds the expansion of each compression.
#include "image/tiff/plausible.hpp"

#include <algorithm>

namespace netocr::tiff {
namespace {

// A picture of fewer bytes may have any content. Above, each byte of the file can expand to at most
// kMaxExpansion bytes of pixels: Deflate expands a byte to 1032, LZW to 2600 (strings of 3840 in 12 bits); a
// truncated file must have at least this share left.
constexpr double kSmallPicture = 16'000'000;
constexpr double kMaxExpansion = 2600;
constexpr double kStoredExpansion = 64;  // PackBits, and truncated uncompressed files

double max_expansion(const Header& header) {
  switch (header.compression) {
    case kCompressionNone:
    case kCompressionPackBits:
      return kStoredExpansion;
    case kCompressionCcittG3:
    case kCompressionCcittG4:
    case kCompressionCcittRle:
    case kCompressionCcittRleWords:
      return std::max<double>(header.width, kMaxExpansion);  // a white row takes one bit
    default:
      return kMaxExpansion;
  }
}

std::uint64_t divide_up(std::uint32_t value, std::uint32_t by) {
  return (std::uint64_t{value} + by - 1) / by;
}

}  // namespace

Status check_plausible(const Header& header, std::size_t file_bytes) {
  const std::uint64_t across = header.is_tiled ? divide_up(header.width, header.piece_width) : 1;
  // Neither count exceeds 2^32, so the product cannot overflow.
  if (across * divide_up(header.height, header.piece_height) > kMaxPieces) {
    return Error{ErrorCode::kImageTooLarge, 0, "the TIFF has too many strips or tiles"};
  }
  const double bytes = static_cast<double>(header.width) * header.height * header.bits_per_sample *
                       header.samples_per_pixel / 8;
  if (bytes > kSmallPicture && bytes / max_expansion(header) > static_cast<double>(file_bytes)) {
    return Error{ErrorCode::kCorruptImage, 0, "the TIFF is too short for its dimensions"};
  }
  return {};
}

}  // namespace netocr::tiff
