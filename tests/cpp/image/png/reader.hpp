// A reader of the PNG files that we write, beside our own decoder: zlib and the specification's formulas.
// It takes nothing but signature, IHDR, PLTE, one IDAT and IEND, each as strictly as it can be taken.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <zlib.h>

#include "base/bytes.hpp"

namespace netocr::testing {

struct ReadPng {
  std::string problem;  // empty: the file is as it should be
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t depth = 0;
  std::uint8_t color_type = 0;
  std::vector<std::uint8_t> palette;  // RGB triples
  std::vector<std::uint8_t> rows;     // with filter bytes, as they were inflated
  std::vector<std::uint8_t> plain;    // unfiltered, without filter bytes
  std::vector<std::uint8_t> rgb;      // what is shown, 3 bytes a pixel
};

namespace png_reader {

struct Chunk {
  std::string type;
  Bytes data;
};

// All chunks of a file that has nothing else. Empty when one is damaged.
inline std::vector<Chunk> chunks_of(Bytes file) {
  ByteReader reader(file, 8);
  std::vector<Chunk> chunks;
  while (reader.remaining() != 0) {
    const std::uint32_t length = reader.u32be();
    const Bytes covered = reader.take(std::uint64_t{length} + 4);
    const std::uint32_t crc = reader.u32be();
    if (!reader.ok() || ::crc32(0, covered.data(), static_cast<uInt>(covered.size())) != crc) return {};
    chunks.push_back({std::string(as_text(covered.first(4))), covered.subspan(4)});
  }
  return chunks;
}

// The bytes of a zlib stream of `size` that has nothing behind it; empty when it is not that.
inline std::vector<std::uint8_t> inflate_exactly(Bytes stream, std::size_t size) {
  std::vector<std::uint8_t> out(size + 1);
  z_stream z{};
  if (inflateInit(&z) != Z_OK) return {};
  z.next_in = const_cast<Bytef*>(stream.data());
  z.avail_in = static_cast<uInt>(stream.size());
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  const int code = ::inflate(&z, Z_FINISH);
  const bool is_exact = code == Z_STREAM_END && z.avail_in == 0 && z.avail_out == 1;
  inflateEnd(&z);
  out.pop_back();
  return is_exact ? out : std::vector<std::uint8_t>();
}

inline int predict(int filter, int a, int b, int c) {
  const int pa = std::abs(b - c), pb = std::abs(a - c), pc = std::abs(a + b - 2 * c);
  const int predicted[] = {0, a, b, (a + b) / 2, pa <= pb && pa <= pc ? a : pb <= pc ? b : c};
  return predicted[filter];
}

// False for a filter that there is not.
inline bool unfilter(ReadPng& png, std::size_t row_bytes, std::size_t pixel_bytes) {
  png.plain.assign(row_bytes * png.height, 0);
  for (std::size_t y = 0; y < png.height; ++y) {
    const std::uint8_t* const filtered = &png.rows[y * (row_bytes + 1)];
    if (filtered[0] > 4) return false;
    std::uint8_t* const row = &png.plain[y * row_bytes];
    for (std::size_t i = 0; i < row_bytes; ++i) {
      const int a = i >= pixel_bytes ? row[i - pixel_bytes] : 0;
      const int b = y > 0 ? *(row + i - row_bytes) : 0;
      const int c = y > 0 && i >= pixel_bytes ? *(row + i - row_bytes - pixel_bytes) : 0;
      row[i] = static_cast<std::uint8_t>(filtered[i + 1] + predict(filtered[0], a, b, c));
    }
  }
  return true;
}

// False when there is a bit behind a row's last sample or an index beyond the palette.
inline bool show(ReadPng& png, std::size_t row_bytes) {
  const std::size_t channels = png.color_type == 2 ? 3 : 1;
  const unsigned most = (1U << png.depth) - 1;
  for (std::size_t y = 0; y < png.height; ++y) {
    const auto sample = [&](std::size_t i) {
      const std::size_t bit = i * png.depth;
      return png.plain[y * row_bytes + bit / 8] >> (8 - png.depth - bit % 8) & most;
    };
    for (std::size_t x = 0; x < png.width; ++x) {
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const std::size_t value = sample(x * channels + (channels == 3 ? channel : 0));
        if (png.color_type == 3 && 3 * value >= png.palette.size()) return false;
        png.rgb.push_back(png.color_type == 3 ? png.palette[3 * value + channel]
                                              : static_cast<std::uint8_t>(value * 255 / most));
      }
    }
    const std::size_t used = png.width * channels * png.depth % 8;
    if (used != 0 && (png.plain[(y + 1) * row_bytes - 1] & (255U >> used)) != 0) return false;
  }
  return true;
}

// False when there are two entries of one colour, or they are out of order, or one is not used.
inline bool is_tidy_palette(const ReadPng& png) {
  std::vector<std::uint8_t> last;
  for (std::size_t i = 0; i < png.palette.size(); i += 3) {
    const auto at = png.palette.begin() + static_cast<std::ptrdiff_t>(i);
    const std::vector<std::uint8_t> color(at, at + 3);
    if (!last.empty() && color <= last) return false;
    last = color;
    bool is_used = false;
    for (std::size_t p = 0; p < png.rgb.size() && !is_used; p += 3)
      is_used = std::equal(color.begin(), color.end(), png.rgb.begin() + static_cast<std::ptrdiff_t>(p));
    if (!is_used) return false;
  }
  return true;
}

}  // namespace png_reader

inline ReadPng read_written_png(Bytes file) {
  using namespace png_reader;
  ReadPng png;
  const auto fail = [&](const char* problem) {
    png.problem = problem;
    return png;
  };
  if (!bytes_at(file, 0, "\x89PNG\r\n\x1a\n")) return fail("no signature");
  std::vector<Chunk> chunks = chunks_of(file);
  if (chunks.size() < 3 || chunks[0].type != "IHDR" || chunks[0].data.size() != 13) return fail("no header");
  ByteReader header(chunks[0].data);
  png.width = header.u32be();
  png.height = header.u32be();
  png.depth = header.u8();
  png.color_type = header.u8();
  if (header.u8() != 0 || header.u8() != 0 || header.u8() != 0) return fail("another method, or interlaced");
  if (png.color_type != 0 && png.color_type != 2 && png.color_type != 3) return fail("an alpha channel");
  const bool has_palette = png.color_type == 3;
  if (chunks.size() != (has_palette ? 4U : 3U)) return fail("a chunk too many or too few");
  if (has_palette) {
    if (chunks[1].type != "PLTE") return fail("no palette");
    png.palette.assign(chunks[1].data.begin(), chunks[1].data.end());
    if (png.palette.size() % 3 != 0 || png.palette.size() > 3U << png.depth)
      return fail("no palette of its depth");
    chunks.erase(chunks.begin() + 1);
  }
  if (chunks[1].type != "IDAT" || chunks[2].type != "IEND" || !chunks[2].data.empty())
    return fail("no data, or no end");
  const std::size_t bits = (png.color_type == 2 ? 3U : 1U) * png.depth;
  const std::size_t row_bytes = (png.width * bits + 7) / 8;
  png.rows = inflate_exactly(chunks[1].data, (row_bytes + 1) * png.height);
  if (png.rows.empty()) return fail("the stream is not that of the rows alone");
  if (!unfilter(png, row_bytes, bits / 8 == 0 ? 1 : bits / 8)) return fail("an unknown filter");
  if (!show(png, row_bytes)) return fail("padding bits, or an index beyond the palette");
  if (!is_tidy_palette(png))
    return fail("a palette with colours that are not used, twice there or not in order");
  return png;
}

}  // namespace netocr::testing
