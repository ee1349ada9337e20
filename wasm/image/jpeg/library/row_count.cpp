// input_iMCU_row is the row that the library reads next; it starts anew with each scan.
#include "image/jpeg/library/row_count.hpp"

#include <algorithm>
#include <cstdio>  // jpeglib.h wants FILE

#include <jpeglib.h>

extern "C" {
#include <jpegint.h>
}

namespace netocr::jpeg {
namespace {

// Whether a restart marker precedes the row that is read next.
bool restarts(const jpeg_decompress_struct& cinfo) {
  if (cinfo.restart_interval == 0) return false;
  const bool alone = cinfo.comps_in_scan == 1;
  const auto mcu_rows = static_cast<std::uint64_t>(alone ? cinfo.cur_comp_info[0]->v_samp_factor : 1);
  return cinfo.input_iMCU_row * mcu_rows * cinfo.MCUs_per_row % cinfo.restart_interval == 0;
}

}  // namespace

void RowCount::note(const jpeg_decompress_struct& cinfo) {
  if (cinfo.input_scan_number != scan_) {
    scan_ = cinfo.input_scan_number;
    row_ = 0;
    in_scan_ = 0;
  } else if (cinfo.input_iMCU_row > row_ && !lost_) {
    count_row(cinfo);
  }
  row_ = cinfo.input_iMCU_row;
  lost_ = cinfo.entropy->insufficient_data != FALSE && !restarts(cinfo);
}

void RowCount::count_row(const jpeg_decompress_struct& cinfo) {
  const auto mcu_height = static_cast<std::uint32_t>(cinfo.max_v_samp_factor * DCTSIZE);
  in_scan_ += std::min(mcu_height, cinfo.image_height - row_ * mcu_height);
  const bool progressive = cinfo.progressive_mode != FALSE;
  if (progressive && cinfo.Ah != 0) return;  // a refinement
  const std::size_t first = progressive ? static_cast<std::size_t>(cinfo.Ss) : 0;
  const std::size_t last = progressive ? static_cast<std::size_t>(cinfo.Se) : kLastCoefficient;
  for (int i = 0; i < cinfo.comps_in_scan; ++i) {
    auto& rows = rows_[static_cast<std::size_t>(cinfo.cur_comp_info[i]->component_index)];
    for (std::size_t k = first; k <= std::min(last, kLastCoefficient); ++k)
      rows[k] = std::max(rows[k], in_scan_);
  }
}

std::uint32_t RowCount::rows(const jpeg_decompress_struct& cinfo, bool is_complete) const {
  std::uint32_t fewest = cinfo.image_height;
  for (int i = 0; i < cinfo.num_components; ++i) {
    const auto& rows = rows_[static_cast<std::size_t>(i)];
    fewest = std::min(fewest, is_complete ? rows[0] : *std::min_element(rows.begin(), rows.end()));
  }
  return fewest;
}

}  // namespace netocr::jpeg
