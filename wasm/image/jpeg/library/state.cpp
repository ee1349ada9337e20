// Reads the library's structure; besides codec.cpp the only file that does.
#include "image/jpeg/library/state.hpp"

#include <cstdio>  // jpeglib.h requires FILE

#include <jpeglib.h>

extern "C" {
#include <jpegint.h>
}

namespace netocr::jpeg {
namespace {

// Returns the number of samples that the resampler would receive.
std::uint64_t sample_count(const jpeg_decompress_struct& cinfo) {
  std::uint64_t count = 0;
  for (int i = 0; i < cinfo.num_components; ++i) {
    const jpeg_component_info& component = cinfo.comp_info[i];
    count += std::uint64_t{component.downsampled_width} * component.downsampled_height;
  }
  return count;
}

Colors colors_of(J_COLOR_SPACE space) {
  if (space == JCS_GRAYSCALE || space == JCS_YCbCr) return Colors::kPlanar;
  if (space == JCS_YCCK) return Colors::kYcck;
  return space == JCS_CMYK ? Colors::kCmyk : Colors::kRgb;
}

PictureComponent component_of(const jpeg_component_info& info) {
  PictureComponent component;
  component.h = static_cast<std::uint32_t>(info.h_samp_factor);
  component.v = static_cast<std::uint32_t>(info.v_samp_factor);
  component.block = static_cast<std::uint32_t>(info.DCT_scaled_size);
  component.width = info.downsampled_width;
  component.height = info.downsampled_height;
  component.blocks_wide = info.width_in_blocks;
  return component;
}

// Returns whether a restart marker precedes the next row.
bool restarts(const jpeg_decompress_struct& cinfo) {
  if (cinfo.restart_interval == 0) return false;
  const bool alone = cinfo.comps_in_scan == 1;
  const auto mcu_rows = static_cast<std::uint64_t>(alone ? cinfo.cur_comp_info[0]->v_samp_factor : 1);
  return cinfo.input_iMCU_row * mcu_rows * cinfo.MCUs_per_row % cinfo.restart_interval == 0;
}

}  // namespace

void choose_scale(jpeg_decompress_struct& cinfo, const WantedSize& wanted) {
  unsigned best = DCTSIZE;
  std::uint64_t fewest = ~std::uint64_t{0};
  cinfo.scale_denom = DCTSIZE;
  for (unsigned n = 1; n <= DCTSIZE; n *= 2) {
    cinfo.scale_num = n;
    jpeg_calc_output_dimensions(&cinfo);
    const bool enough = cinfo.output_width >= wanted.width && cinfo.output_height >= wanted.height;
    if (!enough || sample_count(cinfo) >= fewest) continue;
    best = n;
    fewest = sample_count(cinfo);
  }
  cinfo.scale_num = best;
  jpeg_calc_output_dimensions(&cinfo);
}

Picture read_picture(const jpeg_decompress_struct& cinfo) {
  Picture picture;
  picture.width = cinfo.image_width;
  picture.height = cinfo.image_height;
  picture.eighths = cinfo.scale_num;
  picture.scaled_width = cinfo.output_width;
  picture.scaled_height = cinfo.output_height;
  picture.max_h = static_cast<std::uint32_t>(cinfo.max_h_samp_factor);
  picture.max_v = static_cast<std::uint32_t>(cinfo.max_v_samp_factor);
  picture.min_block = static_cast<std::uint32_t>(cinfo.min_DCT_scaled_size);
  picture.colors = colors_of(cinfo.jpeg_color_space);
  picture.count = static_cast<std::uint32_t>(cinfo.num_components);
  for (std::size_t i = 0; i < picture.count; ++i) picture.components[i] = component_of(cinfo.comp_info[i]);
  return picture;
}

ScanState read_scan_state(const jpeg_decompress_struct& cinfo) {
  ScanState state;
  state.scan = cinfo.input_scan_number;
  state.row = cinfo.input_iMCU_row;
  state.mcu_height = static_cast<std::uint32_t>(cinfo.max_v_samp_factor * DCTSIZE);
  state.height = cinfo.image_height;
  state.lacks_data = cinfo.entropy->insufficient_data != FALSE && !restarts(cinfo);
  if (cinfo.progressive_mode != FALSE) {
    state.first = static_cast<std::uint32_t>(cinfo.Ss);
    state.last = static_cast<std::uint32_t>(cinfo.Se);
    state.refines = cinfo.Ah != 0;
  }
  state.count = static_cast<std::uint32_t>(cinfo.comps_in_scan);
  for (std::size_t i = 0; i < state.count; ++i)
    state.components[i] = static_cast<std::uint8_t>(cinfo.cur_comp_info[i]->component_index);
  return state;
}

bool is_in_first_row(const jpeg_decompress_struct& cinfo) {
  return cinfo.input_scan_number <= 1 && cinfo.input_iMCU_row == 0;
}

std::uint64_t count_blocks(const jpeg_decompress_struct& cinfo) {
  std::uint64_t blocks = 0;
  for (int i = 0; i < cinfo.num_components; ++i) {
    const jpeg_component_info& component = cinfo.comp_info[i];
    const auto h = static_cast<std::uint64_t>(component.h_samp_factor);
    const auto v = static_cast<std::uint64_t>(component.v_samp_factor);
    blocks += (component.width_in_blocks + h) * (component.height_in_blocks + v);
  }
  return blocks;
}

std::uint64_t count_scan_blocks(const jpeg_decompress_struct& cinfo) {
  return std::uint64_t{cinfo.MCUs_per_row} * cinfo.MCU_rows_in_scan *
         static_cast<std::uint64_t>(cinfo.blocks_in_MCU);
}

bool lacks_scans(const jpeg_decompress_struct& cinfo) {
  bool lacks = false;
  for (int i = 0; i < cinfo.num_components; ++i) {
    lacks |= cinfo.comp_info[i].quant_table == nullptr;
    for (int k = 0; cinfo.coef_bits != nullptr && k < DCTSIZE2; ++k) lacks |= cinfo.coef_bits[i][k] != 0;
  }
  return lacks;
}

}  // namespace netocr::jpeg
