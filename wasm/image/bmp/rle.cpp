// Decodes codes of a count and a pixel, or (0, escape): 0 end of row, 1 end of picture, 2 move by (dx, dy), n
// >= 3 literal pixels. RLE24 (OS/2 2.x) is RLE8 with three bytes per pixel: blue, green, red.
#include "image/bmp/rle.hpp"

#include <algorithm>
#include <cstring>

#include "base/bytes.hpp"

namespace netocr::bmp {
namespace {

enum class Op : std::uint8_t { kRun, kLiteral, kEndOfRow, kEndOfPicture, kMove, kEndOfStream };

struct Code {
  Op op = Op::kEndOfStream;
  std::uint32_t count = 0;  // number of pixels
  Bytes values;             // the pixels of a literal, or the pixel of a run; in RLE4 two that alternate
  std::uint8_t dx = 0, dy = 0;
};

Code read_code(ByteReader& reader, std::uint32_t bits) {
  Code code;
  const std::uint8_t count = reader.u8();
  if (count > 0) {
    code.values = reader.take(bits == 24 ? 3 : 1);
    code.op = reader.ok() ? Op::kRun : Op::kEndOfStream;
    code.count = count;
    return code;
  }
  const std::uint8_t escape = reader.u8();
  if (!reader.ok()) return code;
  if (escape == 0) {
    code.op = Op::kEndOfRow;
  } else if (escape == 1) {
    code.op = Op::kEndOfPicture;
  } else if (escape == 2) {
    code.dx = reader.u8();
    code.dy = reader.u8();
    code.op = reader.ok() ? Op::kMove : Op::kEndOfStream;
  } else {
    const std::uint32_t bytes = (escape * bits + 7) / 8;
    code.values = reader.take(bytes);
    if (!reader.ok()) return code;
    reader.skip(std::min<std::size_t>(bytes % 2, reader.remaining()));  // literals are padded to 16 bits
    code.op = Op::kLiteral;
    code.count = escape;
  }
  return code;
}

}  // namespace

Result<RleRows> RleRows::create(const Header& header) {
  RleRows rows;
  rows.stream_ = header.pixels;
  rows.width_ = header.width;
  rows.bits_ = header.bits_per_pixel;
  rows.palette_.fill({0, 0, 0, 255});
  for (std::size_t i = 0; i < header.palette_count; ++i) {
    const Bytes entry = header.palette.subspan(i * header.palette_entry_bytes, 3);
    rows.palette_[i] = {entry[2], entry[1], entry[0], 255};
  }
  NETOCR_ASSIGN(rows.starts_, Array<Start>::create(header.height));
  NETOCR_TRY(rows.build(header.height));
  return rows;
}

Status RleRows::build(std::uint32_t height) {
  std::fill_n(starts_.data(), height, Start{kAbsent, 0});
  ByteReader reader(stream_);
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  bool has_pixels = false;
  starts_[0] = {0, 0};
  whole_rows_ = height;
  for (;;) {
    const Code code = read_code(reader, bits_);
    if (code.op == Op::kEndOfPicture) break;
    if (code.op == Op::kEndOfStream) {
      truncated_ = y + 1 < height || (y < height && x < width_);
      whole_rows_ = std::min(height, y < height && x == width_ ? y + 1 : y);
      break;
    }
    if (y >= height) {
      // Only codes without pixels may follow the last row.
      truncated_ = code.count > 0;
      if (truncated_) break;
      continue;
    }
    has_pixels = has_pixels || code.count > 0;
    // x is clamped to the right edge, so that it cannot overflow.
    x = code.op == Op::kEndOfRow ? 0 : std::min(x + code.count + code.dx, width_);
    const std::uint32_t rows_on = code.op == Op::kEndOfRow ? 1 : code.dy;
    if (rows_on == 0) continue;
    y += rows_on;
    if (y < height) starts_[y] = {static_cast<std::uint32_t>(reader.position()), x};
  }
  if (!has_pixels) return Error{ErrorCode::kCorruptImage, 0, "the RLE stream of the BMP holds no pixels"};
  return {};
}

void RleRows::decode(std::uint32_t row, std::uint8_t* rgba) const {
  std::memset(rgba, 0, std::size_t{4} * width_);
  const Start start = starts_[row];
  if (start.offset == kAbsent) return;
  ByteReader reader(stream_, start.offset);
  std::uint32_t x = start.x;
  for (;;) {
    const Code code = read_code(reader, bits_);
    if (code.op == Op::kRun || code.op == Op::kLiteral) {
      x = draw(x, code.count, code.values, code.op == Op::kRun, rgba);
    } else if (code.op == Op::kMove && code.dy == 0) {
      x = std::min(x + code.dx, width_);
    } else {
      return;
    }
  }
}

std::uint32_t RleRows::draw(std::uint32_t x, std::uint32_t count, Bytes values, bool repeat,
                            std::uint8_t* rgba) const {
  const std::uint32_t end = std::min(x + count, width_);
  for (std::uint32_t i = 0; x < end; ++i, ++x) {
    Color color{};
    if (bits_ == 24) {
      const std::uint8_t* bgr = values.data() + (repeat ? 0 : std::size_t{3} * i);
      color = {bgr[2], bgr[1], bgr[0], 255};
    } else if (bits_ == 8) {
      color = palette_[values[repeat ? 0 : i]];
    } else {
      // The upper half of a byte is the first pixel.
      const std::uint8_t pair = values[repeat ? 0 : i / 2];
      color = palette_[i % 2 == 0 ? pair >> 4 : pair & 15];
    }
    std::copy(color.begin(), color.end(), rgba + std::size_t{4} * x);
  }
  return end;
}

}  // namespace netocr::bmp
