// BMP files of every kind, written by hand from known pixels.
#pragma once

#include <array>
#include <bit>
#include <functional>
#include <vector>

#include "cpp/image/decoding.hpp"

namespace netocr::testing {

struct BmpSpec {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t bits = 24;
  std::uint32_t header_size = 40;  // 12, 16, 40, 52, 56, 64, 108 or 124
  std::uint32_t compression = 0;
  bool top_down = false;
  std::vector<std::array<std::uint8_t, 3>> palette;  // RGB
  std::vector<std::uint32_t> masks;                  // for compression 3 (three) and 6 (four)
  std::function<std::uint32_t(std::uint32_t x, std::uint32_t y)>
      pixel;          // index or packed pixel; y from the top
  ByteVector stream;  // in place of rows (RLE)
};

namespace bmp_maker {

inline void put(ByteVector& bytes, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i, value >>= 8) bytes.push_back(static_cast<std::uint8_t>(value & 255));
}

inline ByteVector header(const BmpSpec& spec) {
  ByteVector bytes;
  put(bytes, spec.header_size, 4);
  if (spec.header_size == 12) {
    put(bytes, spec.width, 2);
    put(bytes, spec.height, 2);
  } else {
    put(bytes, spec.width, 4);
    put(bytes, spec.top_down ? 0 - std::uint64_t{spec.height} : spec.height, 4);
  }
  put(bytes, 1, 2);
  put(bytes, spec.bits, 2);
  put(bytes, spec.compression, 4);
  put(bytes, 0, 12);
  put(bytes, spec.palette.size(), 4);
  put(bytes, 0, 4);
  for (std::size_t i = 0; i < 4; ++i) put(bytes, i < spec.masks.size() ? spec.masks[i] : 0, 4);
  bytes.resize(spec.header_size < 52 && !spec.masks.empty() ? 40 + 4 * spec.masks.size() : spec.header_size);
  return bytes;
}

inline ByteVector rows(const BmpSpec& spec) {
  ByteVector bytes;
  for (std::uint32_t i = 0; i < spec.height; ++i) {
    const std::uint32_t y = spec.top_down ? i : spec.height - 1 - i;
    ByteVector row((std::size_t{spec.width} * spec.bits + 31) / 32 * 4, 0);
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      const std::uint32_t value = spec.pixel(x, y);
      const std::size_t bit = std::size_t{x} * spec.bits;
      if (spec.bits < 8) {
        row[bit / 8] = static_cast<std::uint8_t>(row[bit / 8] | value << (8 - spec.bits - bit % 8));
      } else {
        for (std::size_t i8 = 0; i8 < spec.bits / 8U; ++i8)
          row[bit / 8 + i8] = static_cast<std::uint8_t>(value >> (8 * i8));
      }
    }
    bytes.insert(bytes.end(), row.begin(), row.end());
  }
  return bytes;
}

inline double channel(std::uint32_t pixel, std::uint32_t mask) {
  if (mask == 0) return 0;
  const std::uint32_t most = mask >> std::countr_zero(mask);
  return ((pixel & mask) >> std::countr_zero(mask)) * 255.0 / most;
}

}  // namespace bmp_maker

inline ByteVector make_bmp(const BmpSpec& spec) {
  const ByteVector header = bmp_maker::header(spec);
  ByteVector palette;
  for (const auto& entry : spec.palette) {
    palette.insert(palette.end(), {entry[2], entry[1], entry[0]});
    if (spec.header_size != 12) palette.push_back(0);
  }
  const ByteVector pixels = spec.stream.empty() ? bmp_maker::rows(spec) : spec.stream;
  const std::size_t offset = 14 + header.size() + palette.size();
  ByteVector file = {'B', 'M'};
  bmp_maker::put(file, offset + pixels.size(), 4);
  bmp_maker::put(file, 0, 4);
  bmp_maker::put(file, offset, 4);
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), palette.begin(), palette.end());
  file.insert(file.end(), pixels.begin(), pixels.end());
  return file;
}

inline BmpSpec bmp_spec(std::uint16_t bits, std::uint32_t width, std::uint32_t height) {
  BmpSpec spec;
  spec.width = width;
  spec.height = height;
  spec.bits = bits;
  const std::uint32_t most = bits >= 32 ? 0xffff'ffffU : (1U << bits) - 1;
  spec.pixel = [most](std::uint32_t x, std::uint32_t y) {
    return (0x9e37f9b9U + x * 2654435761U + y * 40503U * 977U + (x ^ y) * 0x01010101U) & most;
  };
  if (bits <= 8) {
    for (std::uint32_t i = 0; i <= most; ++i) {
      spec.palette.push_back({static_cast<std::uint8_t>(i * 7 + 3), static_cast<std::uint8_t>(250 - i),
                              static_cast<std::uint8_t>(i * i)});
    }
  }
  return spec;
}

// What a viewer shows for a packed pixel or an index.
inline Rgb shown(const BmpSpec& spec, std::uint32_t pixel) {
  if (spec.bits <= 8) {
    const auto& entry = spec.palette[pixel];
    return {1.0 * entry[0], 1.0 * entry[1], 1.0 * entry[2]};
  }
  std::vector<std::uint32_t> masks = spec.masks;
  if (masks.empty() && spec.bits == 16) masks = {0x7c00, 0x03e0, 0x001f};
  if (masks.empty()) masks = {0xff0000, 0x00ff00, 0x0000ff};
  const double alpha = masks.size() > 3 && masks[3] != 0 ? bmp_maker::channel(pixel, masks[3]) : 255;
  return {over_white(bmp_maker::channel(pixel, masks[0]), alpha),
          over_white(bmp_maker::channel(pixel, masks[1]), alpha),
          over_white(bmp_maker::channel(pixel, masks[2]), alpha)};
}

inline double worst_pixel(const BmpSpec& spec, const Decoded& decoded, std::uint32_t first_row = 0) {
  double worst = 0;
  for (std::uint32_t y = first_row; y < spec.height; ++y) {
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      const Ycc expected = ycc_of(shown(spec, spec.pixel(x, y)));
      const Ycc got = pixel(decoded, x, y);
      worst = std::max({worst, std::abs(got.y - expected.y), std::abs(got.cb - expected.cb),
                        std::abs(got.cr - expected.cr)});
    }
  }
  return worst;
}

}  // namespace netocr::testing
