// Applies all five filters to a row and keeps the one with the smallest differences.
#include "image/png/row_filter.hpp"

#include <array>
#include <cstdlib>
#include <utility>

#include "image/png/filter.hpp"

namespace netocr::png {
namespace {

constexpr std::size_t kLeft = 16;  // zeroes before a row

// Returns the prediction of a sample from those on its left, above and on the left above.
template <Filter kFilter>
inline int predicted(int left, int above, int corner) {
  switch (kFilter) {
    case Filter::kNone:
      return 0;
    case Filter::kSub:
      return left;
    case Filter::kUp:
      return above;
    case Filter::kAverage:
      return (left + above) >> 1;
    case Filter::kPaeth:
      return paeth(left, above, corner);
  }
}

// Writes `size` differences and returns the sum of their magnitudes as signed bytes.
template <Filter kFilter>
std::uint64_t filter(const std::uint8_t* row, const std::uint8_t* above, std::size_t size,
                     std::size_t pixel_bytes, std::uint8_t* out) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t* const left = row + i - pixel_bytes;
    const std::uint8_t* const corner = above + i - pixel_bytes;
    const auto difference = static_cast<std::uint8_t>(row[i] - predicted<kFilter>(*left, above[i], *corner));
    out[i] = difference;
    sum += static_cast<std::uint64_t>(std::abs(static_cast<std::int8_t>(difference)));
  }
  return sum;
}

}  // namespace

Result<RowFilter> RowFilter::create(std::size_t size, std::size_t pixel_bytes) {
  RowFilter made;
  made.size_ = size;
  made.pixel_bytes_ = pixel_bytes;
  made.above_ = kLeft;
  made.current_ = 2 * kLeft + size;
  NETOCR_ASSIGN(made.rows_, Buffer::create_zeroed(2 * (kLeft + size)));
  NETOCR_ASSIGN(made.filtered_, Buffer::create(2 * (1 + size)));
  return made;
}

Bytes RowFilter::filtered(bool is_adaptive) {
  constexpr std::array kFilters = {filter<Filter::kNone>, filter<Filter::kSub>, filter<Filter::kUp>,
                                   filter<Filter::kAverage>, filter<Filter::kPaeth>};
  std::uint8_t* best = filtered_.data();
  std::uint8_t* other = best + 1 + size_;
  std::uint64_t smallest = ~std::uint64_t{0};
  std::uint8_t number = 0;
  for (const auto apply : kFilters) {
    other[0] = number++;
    const std::uint64_t sum =
        apply(rows_.data() + current_, rows_.data() + above_, size_, pixel_bytes_, other + 1);
    if (sum < smallest) {
      smallest = sum;
      std::swap(best, other);
    }
    if (!is_adaptive) break;
  }
  std::swap(above_, current_);
  return {best, 1 + size_};
}

}  // namespace netocr::png
