// Converts linear light to sRGB (IEC 61966-2-1) of 8 bits, by a table.
#include "image/bmp/linear.hpp"

#include <algorithm>
#include <cstring>

#include "image/pixel/srgb.hpp"

namespace netocr::bmp {
namespace {

constexpr std::int32_t kOne = 8192;

std::uint8_t srgb_of(std::int32_t value) {
  const float coded = srgb_encoded(static_cast<float>(value) / static_cast<float>(kOne));
  return static_cast<std::uint8_t>(coded * 255 + 0.5F);
}

std::int32_t channel_at(const std::uint8_t* bytes) {
  const auto value = static_cast<std::int16_t>(bytes[0] | bytes[1] << 8);
  return std::clamp(std::int32_t{value}, 0, kOne);
}

}  // namespace

Result<LinearRows> LinearRows::create(const Header& header) {
  LinearRows rows;
  rows.pixels_ = header.pixels;
  rows.row_bytes_ = header.row_bytes;
  rows.width_ = header.width;
  rows.height_ = header.height;
  rows.whole_rows_ = rows_in_file(header);
  if (rows.whole_rows_ == 0) return Error{ErrorCode::kCorruptImage, 0, "the BMP ends before its first row"};
  NETOCR_ASSIGN(rows.srgb_, Array<std::uint8_t>::create(kOne + 1));
  for (std::int32_t i = 0; i <= kOne; ++i) rows.srgb_[static_cast<std::size_t>(i)] = srgb_of(i);
  return rows;
}

void LinearRows::decode(std::uint32_t row, std::uint8_t* rgba) const {
  if (row >= whole_rows_) {
    std::memset(rgba, 0, std::size_t{4} * width_);
    return;
  }
  const std::uint8_t* pixel = pixels_.data() + row * row_bytes_;
  for (std::uint32_t x = 0; x < width_; ++x, pixel += 8, rgba += 4) {
    for (std::size_t i = 0; i < 3; ++i)
      rgba[i] = srgb_[static_cast<std::size_t>(channel_at(pixel + 2 * (2 - i)))];
    rgba[3] = static_cast<std::uint8_t>((channel_at(pixel + 6) * 255 + kOne / 2) / kOne);
  }
}

}  // namespace netocr::bmp
