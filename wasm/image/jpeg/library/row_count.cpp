// Counts a row when the library moves on to the next one: it is complete unless data was missing.
#include "image/jpeg/library/row_count.hpp"

#include <algorithm>

namespace netocr::jpeg {

void RowCount::note(const ScanState& state) {
  if (state.scan != scan_) {
    scan_ = state.scan;
    row_ = 0;
    in_scan_ = 0;
  } else if (state.row > row_ && !lost_) {
    count_row(state);
  }
  row_ = state.row;
  lost_ = state.lacks_data;
}

void RowCount::count_row(const ScanState& state) {
  in_scan_ += std::min(state.mcu_height, state.height - row_ * state.mcu_height);
  if (state.refines) return;
  for (std::size_t i = 0; i < state.count; ++i) {
    auto& rows = rows_[state.components[i]];
    for (std::size_t k = state.first; k <= std::min<std::size_t>(state.last, kLastCoefficient); ++k)
      rows[k] = std::max(rows[k], in_scan_);
  }
}

std::uint32_t RowCount::rows(const Picture& picture, bool is_complete) const {
  std::uint32_t fewest = picture.height;
  for (std::size_t i = 0; i < picture.count; ++i) {
    const auto& rows = rows_[i];
    fewest = std::min(fewest, is_complete ? rows[0] : *std::min_element(rows.begin(), rows.end()));
  }
  return fewest;
}

}  // namespace netocr::jpeg
