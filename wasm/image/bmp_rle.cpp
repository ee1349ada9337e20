// One code is two bytes: (count, value), or (0, escape): 0 end of row, 1 end of picture, 2 move by (dx, dy),
// n >= 3 literal pixels.
#include "image/bmp_rle.hpp"

#include <algorithm>
#include <cstring>

#include "base/bytes.hpp"

namespace netocr {
namespace {

enum class Op : std::uint8_t { kRun, kLiteral, kEndOfRow, kEndOfPicture, kMove, kEndOfStream };

struct Code {
  Op op = Op::kEndOfStream;
  std::uint32_t count = 0;  // pixels
  std::uint8_t value = 0;   // of a run
  Bytes packed;             // of a literal
  std::uint8_t dx = 0, dy = 0;
};

Code read_code(ByteReader& reader, bool four_bits) {
  Code code;
  const std::uint8_t first = reader.u8();
  const std::uint8_t second = reader.u8();
  if (!reader.ok()) return code;
  if (first > 0) {
    code.op = Op::kRun;
    code.count = first;
    code.value = second;
  } else if (second == 0) {
    code.op = Op::kEndOfRow;
  } else if (second == 1) {
    code.op = Op::kEndOfPicture;
  } else if (second == 2) {
    code.dx = reader.u8();
    code.dy = reader.u8();
    code.op = reader.ok() ? Op::kMove : Op::kEndOfStream;
  } else {
    const std::uint32_t bytes = four_bits ? (second + 1U) / 2 : second;
    code.packed = reader.take(bytes);
    if (!reader.ok()) return code;
    reader.skip(std::min<std::size_t>(bytes % 2, reader.remaining()));  // literals are padded to 16 bits
    code.op = Op::kLiteral;
    code.count = second;
  }
  return code;
}

}  // namespace

Result<BmpRleRows> BmpRleRows::create(Bytes stream, std::uint32_t width, std::uint32_t height,
                                      bool four_bits) {
  BmpRleRows rows;
  rows.stream_ = stream;
  rows.width_ = width;
  rows.four_bits_ = four_bits;
  auto starts = Array<Start>::create(height);
  if (!starts.ok()) return starts.error();
  rows.starts_ = std::move(starts).value();
  if (const Status built = rows.build(height); !built.ok()) return built.error();
  return rows;
}

Status BmpRleRows::build(std::uint32_t height) {
  std::fill_n(starts_.data(), height, Start{kAbsent, 0});
  ByteReader reader(stream_);
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  bool has_pixels = false;
  starts_[0] = {0, 0};
  for (;;) {
    const Code code = read_code(reader, four_bits_);
    if (code.op == Op::kEndOfPicture) break;
    if (code.op == Op::kEndOfStream) {
      truncated_ = y + 1 < height || x < width_;
      break;
    }
    has_pixels = has_pixels || code.count > 0;
    // Clipped at the right edge, so that x cannot overflow.
    x = code.op == Op::kEndOfRow ? 0 : std::min(x + code.count + code.dx, width_);
    const std::uint32_t rows_on = code.op == Op::kEndOfRow ? 1 : code.dy;
    if (rows_on == 0) continue;
    y += rows_on;
    if (y >= height) break;
    starts_[y] = {static_cast<std::uint32_t>(reader.position()), x};
  }
  if (!has_pixels) return Error{ErrorCode::kCorruptImage, 0, "the RLE stream of the BMP holds no pixels"};
  return {};
}

void BmpRleRows::decode(std::uint32_t row, std::uint8_t* indices) const {
  std::memset(indices, 0, width_);
  const Start start = starts_[row];
  if (start.offset == kAbsent) return;
  ByteReader reader(stream_, start.offset);
  std::uint32_t x = start.x;
  for (;;) {
    const Code code = read_code(reader, four_bits_);
    if (code.op == Op::kRun) {
      x = draw_run(x, code.count, code.value, indices);
    } else if (code.op == Op::kLiteral) {
      x = draw_literal(x, code.count, code.packed, indices);
    } else if (code.op == Op::kMove && code.dy == 0) {
      x = std::min(x + code.dx, width_);
    } else {
      return;
    }
  }
}

std::uint32_t BmpRleRows::draw_run(std::uint32_t x, std::uint32_t count, std::uint8_t value,
                                   std::uint8_t* indices) const {
  const std::uint32_t end = std::min(x + count, width_);
  if (!four_bits_) {
    std::fill(indices + x, indices + end, value);
    return end;
  }
  // The two halves of the byte take turns, the upper one first.
  for (std::uint32_t i = 0; x + i < end; ++i) {
    indices[x + i] = static_cast<std::uint8_t>(i % 2 == 0 ? value >> 4 : value & 15);
  }
  return end;
}

std::uint32_t BmpRleRows::draw_literal(std::uint32_t x, std::uint32_t count, Bytes packed,
                                       std::uint8_t* indices) const {
  const std::uint32_t end = std::min(x + count, width_);
  for (std::uint32_t i = 0; x + i < end; ++i) {
    const std::uint8_t byte = packed[four_bits_ ? i / 2 : i];
    const int half = i % 2 == 0 ? byte >> 4 : byte & 15;
    indices[x + i] = four_bits_ ? static_cast<std::uint8_t>(half) : byte;
  }
  return end;
}

}  // namespace netocr
