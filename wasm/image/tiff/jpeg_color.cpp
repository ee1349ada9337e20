// A chroma sample applies to all pixels that it covers, as in libtiff's RGBA reader.
#include "image/tiff/jpeg_color.hpp"

#include <algorithm>
#include <cmath>

#include "image/pixel/color.hpp"

namespace netocr::tiff {
namespace {

// Compares rationals with the usual numbers, with a tolerance for the rounding of writers.
template <std::size_t kCount>
bool is_close(const std::array<double, kCount>& a, const std::array<double, kCount>& b, double within) {
  return std::equal(a.begin(), a.end(), b.begin(),
                    [within](double x, double y) { return std::abs(x - y) <= within; });
}

}  // namespace

bool JpegColor::is_needed(const Header& header, std::uint8_t plane_count) {
  if (plane_count == 1) return header.photometric == kPhotometricWhiteIsZero;
  const Header usual;
  return header.photometric == kPhotometricYcbcr &&
         (!is_close(header.luma, usual.luma, 0.001) || !is_close(header.reference, usual.reference, 0.5));
}

Result<JpegColor> JpegColor::create(const Header& header, const SourceGeometry& geometry) {
  JpegColor color;
  color.from_ = geometry;
  NETOCR_ASSIGN(color.colors_, Colors::create(header));
  NETOCR_ASSIGN(const std::size_t row, checked_product(geometry.planes[0].width, 3));
  NETOCR_ASSIGN(color.pixels_, Array<std::uint16_t>::create(row));
  NETOCR_ASSIGN(color.rgb_, Buffer::create(row));
  return color;
}

void JpegColor::load_row(const RowBatch& batch, std::uint32_t row) {
  const std::size_t step = from_.plane_count;
  const PlaneGeometry& luma = from_.planes[0];
  for (std::size_t i = 0; i < step; ++i) {
    const PlaneGeometry& plane = from_.planes[i];
    const double down = plane.extent_height / luma.extent_height;
    const double across = plane.extent_width / luma.extent_width;
    const auto y = std::min(static_cast<std::uint32_t>(row * down), batch[i].count - 1);
    const std::uint8_t* samples = batch[i].rows + y * batch[i].stride;
    for (std::uint32_t x = 0; x < luma.width; ++x) {
      const auto at = std::min(static_cast<std::uint32_t>(x * across), plane.width - 1);
      pixels_[x * step + i] = static_cast<std::uint16_t>(samples[at] * 257);
    }
  }
}

Result<RowBatch> JpegColor::convert(const RowBatch& batch) {
  const std::size_t width = from_.planes[0].width;
  const std::uint32_t count = batch[0].count;
  for (std::size_t i = 0; i < from_.plane_count; ++i) {
    if (batch[i].count == 0) return Error{ErrorCode::kCorruptImage, 0, "a JPEG without rows of chroma"};
    NETOCR_ASSIGN(const std::size_t size, checked_product(width, count));
    if (size <= rows_[i].size()) continue;
    NETOCR_TRY(rows_[i].resize(size));
  }
  for (std::uint32_t row = 0; row < count; ++row) {
    load_row(batch, row);
    const std::size_t at = row * width;
    if (from_.plane_count == 1) {
      colors_.convert(pixels_.data(), width, rows_[0].data() + at);
      continue;
    }
    colors_.convert(pixels_.data(), width, rgb_.data());
    rgb_to_ycc(rgb_.data(), width, {rows_[0].data() + at, rows_[1].data() + at, rows_[2].data() + at});
  }
  RowBatch converted;
  for (std::size_t i = 0; i < from_.plane_count; ++i) converted[i] = {rows_[i].data(), width, count};
  return converted;
}

}  // namespace netocr::tiff
