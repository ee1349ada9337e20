// JPEG files of every kind, made with libjpeg's compressor from planes of known samples.
#pragma once

#include <array>
#include <cmath>
#include <cstdio>  // jpeglib.h wants FILE
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <jpeglib.h>

#include "cpp/image/decoding.hpp"
#include "cpp/image/jpeg/edits.hpp"
#include "image/jpeg/library/source.hpp"

namespace netocr::testing {

struct Factors {
  int h = 1;
  int v = 1;
};

struct JpegSpec {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  J_COLOR_SPACE space = JCS_YCbCr;
  std::vector<Factors> factors = {{2, 2}, {1, 1}, {1, 1}};  // one for each component
  int quality = 90;
  bool progressive = false;
  bool arithmetic = false;
  bool one_scan_each = false;  // a sequential scan for each component
  unsigned restart_interval = 0;
  bool jfif = true;
  bool adobe = false;
  // A sample of a component at x, y from 0 (left, top edge of the picture) to 1; 0..255.
  std::function<double(int component, double x, double y)> sample;
};

// Something with structure in every component.
inline double waves(int component, double x, double y) {
  return 128 + 60 * std::sin(7 * x + component) + 50 * std::cos(9 * y - 2 * component + 3 * x);
}

inline JpegSpec grey_spec(std::uint32_t width, std::uint32_t height) {
  JpegSpec spec;
  spec.width = width;
  spec.height = height;
  spec.space = JCS_GRAYSCALE;
  spec.factors = {{1, 1}};
  spec.sample = waves;
  return spec;
}

inline JpegSpec color_spec(std::uint32_t width, std::uint32_t height, Factors luma = {2, 2}) {
  JpegSpec spec;
  spec.width = width;
  spec.height = height;
  spec.factors = {luma, {1, 1}, {1, 1}};
  spec.sample = waves;
  return spec;
}

// The sampling factors that tests of every decoder go through, of one component and of three.
inline const std::vector<std::vector<Factors>> kSamplings = {
    {{1, 1}},
    {{2, 2}},  // grey; with idle factors
    {{1, 1}, {1, 1}, {1, 1}},
    {{2, 1}, {1, 1}, {1, 1}},
    {{1, 2}, {1, 1}, {1, 1}},
    {{2, 2}, {1, 1}, {1, 1}},
    {{4, 1}, {1, 1}, {1, 1}},
    {{4, 2}, {1, 1}, {1, 1}},
    {{1, 4}, {1, 1}, {1, 1}},
    {{2, 2}, {2, 1}, {1, 2}},
    {{1, 1}, {2, 2}, {2, 2}},  // luma lower than chroma
    {{3, 1}, {1, 1}, {1, 1}},
    {{3, 1}, {2, 1}, {1, 1}},  // fractional
    {{3, 2}, {2, 1}, {1, 1}},
    {{2, 1}, {1, 2}, {1, 1}},
};

inline JpegSpec sampled_spec(std::uint32_t width, std::uint32_t height, const std::vector<Factors>& factors) {
  JpegSpec spec = color_spec(width, height);
  spec.space = factors.size() == 1 ? JCS_GRAYSCALE : JCS_YCbCr;
  spec.factors = factors;
  return spec;
}

namespace jpeg_maker {

inline int round_up(int value, int unit) { return (value + unit - 1) / unit * unit; }

inline Factors largest(const std::vector<Factors>& factors) {
  Factors most;
  for (const Factors& f : factors) most = {std::max(most.h, f.h), std::max(most.v, f.v)};
  return most;
}

// The samples of one component, padded with the edge to whole MCUs.
inline std::vector<ByteVector> component_rows(const JpegSpec& spec, int component) {
  const Factors most = largest(spec.factors);
  const Factors f = spec.factors[static_cast<std::size_t>(component)];
  const double extent_width = 1.0 * spec.width * f.h / most.h;
  const double extent_height = 1.0 * spec.height * f.v / most.v;
  const int mcus_wide = round_up(static_cast<int>(spec.width), 8 * most.h) / (8 * most.h);
  const int mcus_high = round_up(static_cast<int>(spec.height), 8 * most.v) / (8 * most.v);
  std::vector<ByteVector> rows;
  for (int y = 0; y < mcus_high * 8 * f.v; ++y) {
    ByteVector row;
    for (int x = 0; x < mcus_wide * 8 * f.h; ++x) {
      const double value = spec.sample(component, std::min((x + 0.5) / extent_width, 1.0),
                                       std::min((y + 0.5) / extent_height, 1.0));
      row.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))));
    }
    rows.push_back(row);
  }
  return rows;
}

inline void write_planes(jpeg_compress_struct& cinfo, const JpegSpec& spec) {
  std::vector<std::vector<ByteVector>> planes;
  for (int i = 0; i < cinfo.num_components; ++i) planes.push_back(component_rows(spec, i));
  const int max_v = largest(spec.factors).v;
  for (int mcu_row = 0; cinfo.next_scanline < cinfo.image_height; ++mcu_row) {
    std::vector<std::vector<JSAMPROW>> rows(planes.size());
    std::vector<JSAMPARRAY> arrays;
    for (std::size_t i = 0; i < planes.size(); ++i) {
      const int count = 8 * spec.factors[i].v;
      for (int y = 0; y < count; ++y)
        rows[i].push_back(planes[i][static_cast<std::size_t>(mcu_row * count + y)].data());
      arrays.push_back(rows[i].data());
    }
    jpeg_write_raw_data(&cinfo, arrays.data(), static_cast<JDIMENSION>(8 * max_v));
  }
}

}  // namespace jpeg_maker

inline ByteVector make_jpeg(const JpegSpec& spec) {
  jpeg_compress_struct cinfo{};
  jpeg_error_mgr errors{};
  cinfo.err = jpeg_std_error(&errors);  // ends the test program on an impossible specification
  jpeg_create_compress(&cinfo);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&cinfo, &buffer, &size);
  cinfo.image_width = spec.width;
  cinfo.image_height = spec.height;
  cinfo.input_components = static_cast<int>(spec.factors.size());
  cinfo.in_color_space = spec.space;
  jpeg_set_defaults(&cinfo);
  jpeg_set_colorspace(&cinfo, spec.space);
  jpeg_set_quality(&cinfo, spec.quality, TRUE);
  cinfo.write_JFIF_header = spec.jfif ? TRUE : FALSE;
  cinfo.write_Adobe_marker = spec.adobe ? TRUE : FALSE;
  cinfo.arith_code = spec.arithmetic ? TRUE : FALSE;
  cinfo.restart_interval = spec.restart_interval;
  cinfo.raw_data_in = TRUE;
  for (std::size_t i = 0; i < spec.factors.size(); ++i) {
    cinfo.comp_info[i].h_samp_factor = spec.factors[i].h;
    cinfo.comp_info[i].v_samp_factor = spec.factors[i].v;
  }
  std::vector<jpeg_scan_info> scans;
  if (spec.progressive) jpeg_simple_progression(&cinfo);
  if (spec.one_scan_each) {
    for (int i = 0; i < cinfo.num_components; ++i) scans.push_back({1, {i}, 0, 63, 0, 0});
    cinfo.scan_info = scans.data();
    cinfo.num_scans = static_cast<int>(scans.size());
  }
  jpeg_start_compress(&cinfo, TRUE);
  jpeg_maker::write_planes(cinfo, spec);
  jpeg_finish_compress(&cinfo);
  ByteVector file(buffer, buffer + size);
  jpeg_destroy_compress(&cinfo);
  std::free(buffer);
  return file;
}

// The coefficients of a component, as libjpeg reads them, dequantised.
struct Coefficients {
  std::uint32_t blocks_wide = 0;
  std::vector<std::array<double, 64>> blocks;
};
inline std::vector<Coefficients> read_coefficients(const ByteVector& file) {
  jpeg_decompress_struct cinfo{};
  jpeg_error_mgr errors{};
  cinfo.err = jpeg_std_error(&errors);
  errors.emit_message = [](j_common_ptr, int) {};  // warnings
  jpeg_create_decompress(&cinfo);
  jpeg_mem_src(&cinfo, file.data(), file.size());
  jpeg_read_header(&cinfo, TRUE);
  jvirt_barray_ptr* const arrays = jpeg_read_coefficients(&cinfo);
  std::vector<Coefficients> all;
  for (int i = 0; i < cinfo.num_components; ++i) {
    const jpeg_component_info& component = cinfo.comp_info[i];
    Coefficients& made = all.emplace_back();
    made.blocks_wide = component.width_in_blocks;
    for (JDIMENSION y = 0; y < component.height_in_blocks; ++y) {
      JBLOCKARRAY rows =
          cinfo.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&cinfo), arrays[i], y, 1, FALSE);
      for (JDIMENSION x = 0; x < component.width_in_blocks; ++x) {
        auto& block = made.blocks.emplace_back();
        for (std::size_t k = 0; k < 64; ++k) block[k] = rows[0][x][k] * component.quant_table->quantval[k];
      }
    }
  }
  jpeg_destroy_decompress(&cinfo);
  return all;
}

// Sample (x, y) of a block at n x n (T.81 A.3.3), not clamped.
inline double scaled_sample(const std::array<double, 64>& block, unsigned n, unsigned x, unsigned y) {
  double sum = 0;
  for (unsigned v = 0; v < n; ++v) {
    for (unsigned u = 0; u < n; ++u) {
      const double scale = (u == 0 ? std::sqrt(0.5) : 1) * (v == 0 ? std::sqrt(0.5) : 1) / 4;
      sum += scale * block[8 * v + u] * std::cos((2 * x + 1) * u * M_PI / (2 * n)) *
             std::cos((2 * y + 1) * v * M_PI / (2 * n));
    }
  }
  return sum + 128;
}

// Samples at full size that two decoders of a damaged file do not agree on, but for those so far out of range
// (damaged DC differences add up) that libjpeg's table of clamped values wraps around.
inline std::size_t differences(const Decoded& ours, const Decoded& theirs, const ByteVector& file) {
  constexpr double kTableReach = 511;
  std::vector<Coefficients> coefficients;
  std::size_t count = 0;
  for (std::size_t i = 0; i < ours.planes.size(); ++i) {
    const DecodedPlane& plane = ours.planes[i];
    for (unsigned y = 0; y < plane.geometry.height; ++y) {
      for (unsigned x = 0; x < plane.geometry.width; ++x) {
        if (plane.at(x, y) == theirs.planes[i].at(x, y)) continue;
        if (coefficients.empty()) coefficients = read_coefficients(file);
        const auto& block = coefficients[i].blocks[y / 8 * coefficients[i].blocks_wide + x / 8];
        count += std::abs(scaled_sample(block, 8, x % 8, y % 8) - 128) < kTableReach;
      }
    }
  }
  return count;
}

// A second opinion on a JPEG: what libjpeg-turbo makes of it.
inline Decoded decode_by_library(Bytes bytes, const WantedSize& wanted = kFullSize) {
  const auto open = [&]() -> Result<std::unique_ptr<RowSource>> {
    NETOCR_ASSIGN(jpeg::File file, jpeg::File::open(bytes, jpeg::Walk::kFirstScan));
    return jpeg::open_library_source(file, wanted, {});
  };
  return read_to_end(open());
}

// Which n of n/8 a picture was decoded at.
inline unsigned scale_of(const Decoded& decoded, std::uint32_t width) {
  return static_cast<unsigned>(std::lround(decoded.planes[0].geometry.extent_width * 8 / width));
}

// The size of a picture at n/8.
inline WantedSize eighths(const JpegSpec& spec, unsigned n) {
  return {(spec.width * n + 7) / 8, (spec.height * n + 7) / 8};
}

}  // namespace netocr::testing
