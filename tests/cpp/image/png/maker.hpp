// PNG files of every kind, written by hand with zlib: the pixels are known without asking a PNG library.
#pragma once

#include <array>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "cpp/image/decoding.hpp"
#include "cpp/image/joined.hpp"

namespace netocr::testing {

struct PngSpec {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t depth = 8;
  std::uint8_t color_type = 2;
  bool interlaced = false;
  ByteVector palette;             // RGB triples
  ByteVector transparency;        // tRNS
  std::size_t data_chunk = 1000;  // bytes of an IDAT
  // A sample at its depth (a palette index for color_type 3).
  std::function<std::uint32_t(std::uint32_t x, std::uint32_t y, std::uint32_t channel)> sample;
  ByteVector before_data;  // chunks to put before IDAT
  ByteVector after_data;   // and before IEND
};

namespace png_maker {

inline void put32(ByteVector& bytes, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

inline std::uint32_t channels(std::uint8_t color_type) {
  constexpr std::uint32_t kChannels[] = {1, 0, 3, 1, 2, 0, 4};
  return kChannels[color_type];
}

inline int paeth(int a, int b, int c) {
  const int p = a + b - c;
  const int pa = std::abs(p - a), pb = std::abs(p - b), pc = std::abs(p - c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

// Appends one packed row with a filter byte; every filter in turn.
inline void put_filtered(ByteVector& out, const ByteVector& row, const ByteVector& above,
                         std::size_t pixel_bytes, std::size_t filter) {
  out.push_back(static_cast<std::uint8_t>(filter));
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int a = i >= pixel_bytes ? row[i - pixel_bytes] : 0;
    const int b = above[i];
    const int c = i >= pixel_bytes ? above[i - pixel_bytes] : 0;
    const int predicted[] = {0, a, b, (a + b) / 2, paeth(a, b, c)};
    out.push_back(static_cast<std::uint8_t>(row[i] - predicted[filter]));
  }
}

struct Pass {
  std::uint32_t x0, y0, dx, dy;
};

// The filtered rows of the pixels of one pass.
inline void put_pass(ByteVector& out, const PngSpec& spec, const Pass& pass) {
  if (pass.x0 >= spec.width || pass.y0 >= spec.height) return;
  const std::uint32_t width = (spec.width - pass.x0 + pass.dx - 1) / pass.dx;
  const std::size_t bits = std::size_t{channels(spec.color_type)} * spec.depth;
  const std::size_t row_bytes = (width * bits + 7) / 8;
  ByteVector above(row_bytes, 0);
  for (std::uint32_t y = pass.y0, n = 0; y < spec.height; y += pass.dy, ++n) {
    ByteVector row(row_bytes, 0);
    std::size_t bit = 0;
    for (std::uint32_t x = pass.x0; x < spec.width; x += pass.dx) {
      for (std::uint32_t channel = 0; channel < channels(spec.color_type); ++channel, bit += spec.depth) {
        const std::uint32_t value = spec.sample(x, y, channel);
        if (spec.depth == 16) row[bit / 8 + 1] = static_cast<std::uint8_t>(value & 255);
        const std::uint32_t high = spec.depth == 16 ? value >> 8 : value << (8 - spec.depth - bit % 8);
        row[bit / 8] = static_cast<std::uint8_t>(row[bit / 8] | high);
      }
    }
    put_filtered(out, row, above, std::max<std::size_t>(bits / 8, 1), n % 5);
    above = row;
  }
}

inline ByteVector deflate(const ByteVector& raw, int level = 9) {
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  ByteVector out(size);
  EXPECT_EQ(compress2(out.data(), &size, raw.data(), static_cast<uLong>(raw.size()), level), Z_OK);
  out.resize(size);
  return out;
}

}  // namespace png_maker

inline ByteVector png_chunk(std::string_view type, const ByteVector& data) {
  ByteVector bytes;
  png_maker::put32(bytes, static_cast<std::uint32_t>(data.size()));
  bytes.insert(bytes.end(), type.begin(), type.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  png_maker::put32(
      bytes, static_cast<std::uint32_t>(crc32(0, bytes.data() + 4, static_cast<uInt>(bytes.size() - 4))));
  return bytes;
}

inline ByteVector png_signature() { return {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}; }

inline ByteVector png_header_chunk(const PngSpec& spec) {
  ByteVector data;
  png_maker::put32(data, spec.width);
  png_maker::put32(data, spec.height);
  append(data, {spec.depth, spec.color_type, 0, 0, static_cast<std::uint8_t>(spec.interlaced ? 1 : 0)});
  return png_chunk("IHDR", data);
}

// The rows of the picture with their filter bytes.
inline ByteVector png_rows(const PngSpec& spec) {
  constexpr png_maker::Pass kAdam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                        {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  ByteVector raw;
  if (spec.interlaced) {
    for (const png_maker::Pass& pass : kAdam7) png_maker::put_pass(raw, spec, pass);
  } else {
    png_maker::put_pass(raw, spec, {0, 0, 1, 1});
  }
  return raw;
}

// The same, deflated.
inline ByteVector png_data(const PngSpec& spec) { return png_maker::deflate(png_rows(spec)); }

inline ByteVector make_png_with_data(const PngSpec& spec, const ByteVector& data) {
  ByteVector file = png_signature();
  append(file, png_header_chunk(spec));
  if (!spec.palette.empty()) append(file, png_chunk("PLTE", spec.palette));
  if (!spec.transparency.empty()) append(file, png_chunk("tRNS", spec.transparency));
  append(file, spec.before_data);
  for (std::size_t at = 0; at < data.size(); at += spec.data_chunk) {
    const std::size_t end = std::min(at + spec.data_chunk, data.size());
    append(file, png_chunk("IDAT", ByteVector(data.begin() + static_cast<std::ptrdiff_t>(at),
                                              data.begin() + static_cast<std::ptrdiff_t>(end))));
  }
  append(file, spec.after_data);
  append(file, png_chunk("IEND", {}));
  return file;
}

inline ByteVector make_png(const PngSpec& spec) { return make_png_with_data(spec, png_data(spec)); }

// A picture of this kind with structure in every channel, and with all values of the depth.
inline PngSpec png_spec(std::uint8_t color_type, std::uint8_t depth, std::uint32_t width,
                        std::uint32_t height) {
  PngSpec spec;
  spec.width = width;
  spec.height = height;
  spec.depth = depth;
  spec.color_type = color_type;
  const std::uint32_t most = (1U << depth) - 1;
  spec.sample = [most](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    return (x * 5 + y * 11 + channel * 7 + (x * y * (channel + 3)) * (most > 255 ? 257 : 1)) & most;
  };
  if (color_type == 3) {
    for (std::uint32_t i = 0; i <= most; ++i) {
      append(spec.palette, {static_cast<std::uint8_t>(i * 3 + 1), static_cast<std::uint8_t>(255 - i * 5),
                            static_cast<std::uint8_t>(i * i + 9)});
    }
  }
  return spec;
}

// What a viewer shows at x, y: sRGB values 0..255 over white, not rounded.
inline Rgb png_pixel(const PngSpec& spec, std::uint32_t x, std::uint32_t y) {
  const double most = (1U << spec.depth) - 1;
  std::array<std::uint32_t, 4> s{};
  for (std::uint32_t i = 0; i < png_maker::channels(spec.color_type); ++i) s[i] = spec.sample(x, y, i);
  double alpha = 255;
  Rgb rgb;
  if (spec.color_type == 3) {
    const std::uint8_t* entry = spec.palette.data() + std::size_t{s[0]} * 3;
    rgb = {1.0 * entry[0], 1.0 * entry[1], 1.0 * entry[2]};
    if (s[0] < spec.transparency.size()) alpha = spec.transparency[s[0]];
  } else {
    const bool grey = (spec.color_type & 2) == 0;
    const auto value = [&](std::size_t i) { return s[i] * 255 / most; };
    rgb = grey ? Rgb{value(0), value(0), value(0)} : Rgb{value(0), value(1), value(2)};
    if ((spec.color_type & 4) != 0) alpha = value(grey ? 1 : 3);
    bool keyed = !spec.transparency.empty();
    for (std::size_t i = 0; keyed && i < (grey ? 1U : 3U); ++i) {
      keyed = s[i] == (std::uint32_t{spec.transparency[2 * i]} << 8 | spec.transparency[2 * i + 1]);
    }
    if (keyed) alpha = 0;
  }
  return {over_white(rgb.r, alpha), over_white(rgb.g, alpha), over_white(rgb.b, alpha)};
}

// tRNS that matches some of the pixels.
inline ByteVector some_transparency(const PngSpec& spec) {
  if (spec.color_type == 3) return {0, 128};
  ByteVector key;
  for (std::uint32_t channel = 0; channel < png_maker::channels(spec.color_type); ++channel) {
    const std::uint32_t value = spec.sample(spec.width / 2, spec.height / 2, channel);
    append(key, {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value & 255)});
  }
  return key;
}

}  // namespace netocr::testing
