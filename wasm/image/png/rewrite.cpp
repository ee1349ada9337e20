// Decides by the header, then reads the whole picture and writes it.
#include "image/png/rewrite.hpp"

#include <algorithm>

#include "image/png/picture.hpp"
#include "image/png/rows.hpp"
#include "image/png/samples.hpp"
#include "image/png/writer.hpp"

namespace netocr::png {
namespace {

constexpr std::uint64_t kMaxPixelBytes = 64U << 20;  // max size of the unpacked picture
constexpr std::uint64_t kMaxSaving = 4;

// Returns whether better compression may bring the rows within the budget. Fast encoders need up to twice as
// many bytes as ours; the size of data that is stored without compression is no indication.
bool may_fit(const Header& header, std::size_t max_bytes) {
  const std::uint64_t rows =
      std::uint64_t{header.height} * row_bytes(Samples(header).bits_per_pixel(), header.width);
  return header.data_bytes >= rows || header.data_bytes / kMaxSaving <= max_bytes;
}

bool is_rewritable(const Header& header, std::size_t max_bytes, const Limits& limits) {
  if (!check_dimensions(header.width, header.height, limits).ok() || !check_data(header).ok()) return false;
  if (header.bit_depth > 8 || !header.complete) return false;
  if (header.color_type == 3 && header.palette.empty()) return false;
  // `transparency` does not contain a tRNS that is damaged, misplaced or does not fit.
  const bool has_alpha_channel = (header.color_type & 4) != 0;
  if (!has_alpha_channel && header.has_transparency && header.transparency.empty()) return false;
  return picture_bytes(header) <= std::min(kMaxPixelBytes, limits.max_decoder_bytes) &&
         may_fit(header, max_bytes);
}

}  // namespace

Result<std::optional<RewrittenPicture>> rewrite(Bytes bytes, const Header& header, std::uint8_t orientation,
                                                std::size_t max_bytes, const Limits& limits) {
  if (!is_rewritable(header, max_bytes, limits)) return std::optional<RewrittenPicture>();
  NETOCR_ASSIGN(auto picture, read_picture(bytes, header, orientation_from_exif(orientation)));
  if (!picture) return std::optional<RewrittenPicture>();
  NETOCR_ASSIGN(auto file, write(*picture, max_bytes));
  if (!file) return std::optional<RewrittenPicture>();
  return std::optional(RewrittenPicture{std::move(*file), picture->width, picture->height});
}

}  // namespace netocr::png
