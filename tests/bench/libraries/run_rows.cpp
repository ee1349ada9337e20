// The module's only export for PNGs: reads all rows.
#include <emscripten/emscripten.h>

#include <utility>

#include "image/png/filter.hpp"
#include "rows.hpp"

namespace {

using netocr::bench::RowShape;

constexpr std::uint32_t kFnvStart = 2166136261U;
constexpr std::uint32_t kFnvPrime = 16777619U;

std::uint32_t hash(std::uint32_t sum, const std::uint8_t* row, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) sum = (sum ^ row[i]) * kFnvPrime;
  return sum;
}

}  // namespace

// `hashes_all`: 1 hashes every byte of the rows, so that implementations can be compared; 0 hashes one byte
// of each row, which costs nothing. Returns 0 for a file that cannot be read completely.
extern "C" EMSCRIPTEN_KEEPALIVE std::uint32_t run_rows(const std::uint8_t* file, std::size_t size,
                                                       std::uint32_t count, std::size_t bytes,
                                                       std::size_t pixel_bytes, std::uint32_t hashes_all) {
  const RowShape shape{count, bytes, pixel_bytes};
  const auto reader = netocr::bench::open_rows({file, size}, shape);
  auto rows = netocr::Buffer::create(2 * (bytes + netocr::png::kRowPadding));
  if (reader == nullptr || !rows.ok()) return 0;
  std::uint8_t* above = rows->data();
  std::uint8_t* row = above + bytes + netocr::png::kRowPadding;
  for (std::size_t i = 0; i < rows->size(); ++i) (*rows)[i] = 0;
  std::uint32_t sum = kFnvStart;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!reader->read(above, row)) return 0;
    sum = hash(sum, row, hashes_all != 0 ? bytes : 1);
    std::swap(above, row);
  }
  return reader->ends_well() ? sum | 1 : 0;
}
