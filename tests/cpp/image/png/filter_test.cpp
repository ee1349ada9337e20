// Filters of PNG: the vectors give what the plain loop gives, and that is what the specification says.
#include "image/png/filter.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace netocr::png {
namespace {

using Row = std::vector<std::uint8_t>;

Row random_row(std::size_t size, std::mt19937& random) {
  Row row(size);
  // Extremes are frequent: sums and differences wrap there.
  for (auto& byte : row)
    byte = static_cast<std::uint8_t>(random() % 3 == 0 ? 255 * (random() & 1) : random());
  return row;
}

TEST(PngFilter, VectorsGiveWhatThePlainLoopGives) {
  std::mt19937 random(5);
  for (const std::size_t pixel_bytes : {1U, 2U, 3U, 4U, 6U, 8U}) {
    for (std::size_t pixels = 1; pixels <= 40; ++pixels) {
      const std::size_t size = pixels * pixel_bytes;
      for (std::uint8_t number = 0; number < kFilterCount; ++number) {
        const auto filter = static_cast<Filter>(number);
        // Exactly what may be read and written: the sanitizer sees more.
        const Row filtered = random_row(size + kRowPadding, random);
        const Row above = random_row(size + kRowPadding, random);
        Row row(size + kRowPadding);
        Row expected(size);
        undo_filter(filter, filtered.data(), above.data(), size, pixel_bytes, row.data());
        detail::undo_filter_scalar(filter, filtered.data(), above.data(), size, pixel_bytes, expected.data());
        row.resize(size);
        ASSERT_EQ(row, expected) << "filter " << int{number} << ", " << pixel_bytes << " bytes, " << pixels;
      }
    }
  }
}

// One pixel of 3 bytes behind another: each filter by hand (PNG specification, 9.2 and 9.4).
TEST(PngFilter, EachIsAsTheSpecificationHasIt) {
  const Row filtered = {10, 200, 3, 1, 100, 255};
  const Row above = {7, 100, 250, 9, 60, 255};
  const Row expected[] = {
      {10, 200, 3, 1, 100, 255},
      {10, 200, 3, 11, 44, 2},
      {17, 44, 253, 10, 160, 254},
      {13, 250, 128, 12, 255, 190},
      // Left 17, 44, 253; above 9, 60, 255; corner 7, 100, 250: nearest to 19, 4, 258 are 17, 44, 255.
      {17, 44, 253, 18, 144, 254},
  };
  for (std::uint8_t number = 0; number < kFilterCount; ++number) {
    Row row(6);
    detail::undo_filter_scalar(static_cast<Filter>(number), filtered.data(), above.data(), 6, 3, row.data());
    EXPECT_EQ(row, expected[number]) << int{number};
  }
}

}  // namespace
}  // namespace netocr::png
