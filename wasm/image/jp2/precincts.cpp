// Computes the layout. All sizes are products of 32-bit numbers with powers of two up to 2^47, in 64 bits.
#include "image/jp2/precincts.hpp"

#include <algorithm>

namespace netocr::jp2 {
namespace {

std::uint64_t ceil_divide(std::uint64_t value, std::uint64_t by) { return (value + by - 1) / by; }
std::uint64_t ceil_shift(std::uint64_t value, unsigned by) {
  return (value + (std::uint64_t{1} << by) - 1) >> by;
}

std::uint32_t precinct_count(std::uint32_t begin, std::uint32_t end, unsigned exponent) {
  if (begin >= end) return 0;
  return static_cast<std::uint32_t>(ceil_shift(end, exponent) - (begin >> exponent));
}

// A run of samples on one axis.
struct Run {
  std::uint64_t begin, end;
};

// Returns the samples of a subband on one axis (B-15); `high` selects the high-pass subband.
Run subband_run(std::uint64_t tile_begin, std::uint64_t tile_end, std::uint8_t step, unsigned level,
                bool high) {
  const auto place = [&](std::uint64_t grid) {
    const std::uint64_t sample = ceil_divide(grid, step);
    const std::uint64_t offset = high ? std::uint64_t{1} << (level - 1) : 0;
    return sample <= offset ? 0 : ceil_shift(sample - offset, level);
  };
  return {place(tile_begin), place(tile_end)};
}

// Returns the number of code-blocks of a precinct on one axis; `precinct` counts from the first of the
// resolution.
std::uint32_t block_count(const Run& subband, std::uint64_t precinct, unsigned precinct_exponent,
                          unsigned block_exponent) {
  const std::uint64_t begin = std::max(subband.begin, precinct << precinct_exponent);
  const std::uint64_t end = std::min(subband.end, (precinct + 1) << precinct_exponent);
  if (begin >= end) return 0;
  const unsigned exponent = std::min(block_exponent, precinct_exponent);
  return static_cast<std::uint32_t>(ceil_shift(end, exponent) - (begin >> exponent));
}

// Returns whether a precinct begins at `place` of one axis: at a multiple of its size, or with the tile.
bool begins_at(std::uint64_t place, std::uint64_t tile_begin, std::uint64_t step, std::uint32_t begin,
               unsigned halvings, unsigned exponent) {
  if (place % (step << (exponent + halvings)) == 0) return true;
  const std::uint64_t size = std::uint64_t{1} << (exponent + halvings);
  return place == tile_begin && (std::uint64_t{begin} << halvings) % size != 0;
}

Resolution resolution_of(const Rect& tile, const Component& component, const ComponentCoding& coding,
                         std::uint32_t number) {
  Resolution made;
  made.number = number;
  made.halvings = coding.levels - number;
  made.rect = component_rect(tile, component, made.halvings);
  made.precinct_width = coding.precinct_width[number];
  made.precinct_height = coding.precinct_height[number];
  if (made.rect.x0 >= made.rect.x1 || made.rect.y0 >= made.rect.y1) return made;
  made.across = precinct_count(made.rect.x0, made.rect.x1, made.precinct_width);
  made.down = precinct_count(made.rect.y0, made.rect.y1, made.precinct_height);
  return made;
}

}  // namespace

Result<TileLayout> TileLayout::create(const Header& header, const Tiles& tiles, std::uint32_t tile) {
  TileLayout layout(header, tile);
  NETOCR_ASSIGN(layout.coding_, read_tile_coding(header, tiles, tile));
  NETOCR_TRY(layout.lay_out());
  return layout;
}

Status TileLayout::lay_out() {
  NETOCR_ASSIGN(auto first, Array<std::uint32_t>::create(coding_.components.size() + 1));
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < component_count(); ++i) {
    first[i] = count;
    count += levels(i) + 1;
  }
  first[component_count()] = count;
  first_ = std::move(first);
  NETOCR_ASSIGN(resolutions_, Array<Resolution>::create(count));
  std::uint64_t precincts = 0;
  for (std::uint32_t i = 0; i < component_count(); ++i) {
    for (std::uint32_t number = 0; number <= levels(i); ++number) {
      Resolution made = resolution_of(area_, component(i), coding_.components[i], number);
      made.first_precinct = static_cast<std::uint32_t>(precincts);
      resolutions_[first_[i] + number] = made;
      // Neither factor is over 2^31, and the sum is checked after every addition, so it cannot overflow.
      precincts += std::uint64_t{made.across} * made.down;
      NETOCR_TRY(checked_product(precincts, 1));
    }
  }
  precinct_count_ = static_cast<std::size_t>(precincts);
  return {};
}

const Resolution* TileLayout::resolution(std::uint32_t component, std::uint32_t number) const {
  return number > levels(component) ? nullptr : &resolutions_[first_[component] + number];
}

std::optional<std::uint32_t> TileLayout::precinct_at(std::uint32_t component, const Resolution& resolution,
                                                     std::uint64_t x, std::uint64_t y) const {
  if (resolution.across == 0) return std::nullopt;
  const Component sampling = header_->component(component);
  const Rect& rect = resolution.rect;
  const unsigned halvings = resolution.halvings;
  if (!begins_at(y, area_.y0, sampling.dy, rect.y0, halvings, resolution.precinct_height) ||
      !begins_at(x, area_.x0, sampling.dx, rect.x0, halvings, resolution.precinct_width)) {
    return std::nullopt;
  }
  const auto index = [halvings](std::uint64_t place, std::uint64_t step, std::uint32_t begin, unsigned size) {
    return (ceil_divide(place, step << halvings) >> size) - (begin >> size);
  };
  const std::uint64_t column = index(x, sampling.dx, rect.x0, resolution.precinct_width);
  const std::uint64_t row = index(y, sampling.dy, rect.y0, resolution.precinct_height);
  if (column >= resolution.across || row >= resolution.down) return std::nullopt;
  return static_cast<std::uint32_t>(row * resolution.across + column);
}

BlockCounts TileLayout::block_counts(std::uint32_t component, const Resolution& resolution,
                                     std::uint32_t precinct) const {
  const Component sampling = header_->component(component);
  const ComponentCoding& coding = coding_.components[component];
  const bool lowest = resolution.number == 0;
  const unsigned level = resolution.halvings + (lowest ? 0U : 1U);
  // A subband of a resolution above the lowest has half the resolution's size, and so does its part of a
  // precinct.
  const unsigned half = lowest ? 0 : 1;
  BlockCounts counts;
  counts.subbands = lowest ? 1 : 3;
  if (resolution.precinct_width < half || resolution.precinct_height < half) return counts;
  const std::uint64_t column =
      (resolution.rect.x0 >> resolution.precinct_width) + precinct % resolution.across;
  const std::uint64_t row = (resolution.rect.y0 >> resolution.precinct_height) + precinct / resolution.across;
  for (std::uint32_t i = 0; i < counts.subbands; ++i) {
    const Run across = subband_run(area_.x0, area_.x1, sampling.dx, level, !lowest && i != 1);
    const Run down = subband_run(area_.y0, area_.y1, sampling.dy, level, !lowest && i != 0);
    const std::uint32_t width =
        block_count(across, column, resolution.precinct_width - half, coding.block_width);
    const std::uint32_t height =
        block_count(down, row, resolution.precinct_height - half, coding.block_height);
    if (width == 0 || height == 0) continue;
    counts.width[i] = width;
    counts.height[i] = height;
  }
  return counts;
}

std::uint64_t TileLayout::precinct_top(std::uint32_t component, const Resolution& resolution,
                                       std::uint32_t row) const {
  if (row == 0) return area_.y0;
  const std::uint64_t first = resolution.rect.y0 >> resolution.precinct_height;
  const std::uint64_t top = (first + row) << resolution.precinct_height;
  return (top << resolution.halvings) * header_->component(component).dy;
}

}  // namespace netocr::jp2
