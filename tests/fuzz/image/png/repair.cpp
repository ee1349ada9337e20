// Walks the chunks of a PNG and repairs their checksums; inflates its rows and deflates them again.
#include "fuzz/image/png/repair.hpp"

#include <algorithm>

#define ZLIB_CONST  // next_in is a pointer to const
#include <zlib.h>

#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "image/png/rows.hpp"
#include "image/png/samples.hpp"

namespace netocr::fuzz {
namespace {

// Computes the CRC of ISO/IEC 15948, annex D, bit by bit.
std::uint32_t crc_of(Bytes bytes) {
  std::uint32_t crc = 0xffff'ffffU;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb8'8320U : 0);
  }
  return ~crc;
}

using Contents = std::vector<std::uint8_t>;

void put32(Contents& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<std::uint8_t>(value >> shift));
}

void put_chunk(Contents& to, std::string_view type, Bytes data) {
  put32(to, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = to.size();
  to.insert(to.end(), type.begin(), type.end());
  to.insert(to.end(), data.begin(), data.end());
  put32(to, crc_of(Bytes(to).subspan(start)));
}

// Returns the size of every row in the file, with its filter byte.
std::vector<std::size_t> row_sizes(const png::Header& header) {
  const std::size_t bits = png::Samples(header).bits_per_pixel();
  std::vector<std::size_t> sizes;
  if (!header.interlaced) sizes.assign(header.height, 1 + png::row_bytes(bits, header.width));
  for (const png::Pass& pass : png::kPasses) {
    const std::uint32_t width = header.interlaced ? pass.width_of(header.width) : 0;
    for (std::uint32_t y = pass.y; y < header.height && width != 0; y += pass.step_y)
      sizes.push_back(1 + png::row_bytes(bits, width));
  }
  return sizes;
}

// Inflates the stream up to the size of `out`; damaged data ends it earlier.
void inflate_into(Bytes stream, Contents& out) {
  z_stream z{};
  require(inflateInit(&z) == Z_OK, "there is memory for zlib");
  z.next_in = stream.data();
  z.avail_in = static_cast<uInt>(stream.size());
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  if (!stream.empty() && !out.empty()) inflate(&z, Z_NO_FLUSH);
  inflateEnd(&z);
}

Contents deflated(const Contents& rows) {
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  Contents out(size);
  require(compress2(out.data(), &size, rows.data(), static_cast<uLong>(rows.size()), 1) == Z_OK,
          "there is memory for zlib");
  out.resize(size);
  return out;
}

}  // namespace

Contents with_whole_rows(Bytes png) {
  Contents mended = with_good_check_sums(png);
  const auto header = png::read_header(mended);
  if (!header.ok() || !check_dimensions(header->width, header->height, kSmallLimits).ok()) return {};
  Contents made(mended.begin(), mended.begin() + 8);
  Contents stream, tail;
  ByteReader reader(mended, 8);
  for (bool has_end = false; reader.remaining() >= 8 && !has_end;) {
    const std::uint32_t length = reader.u32be();
    const Bytes covered = reader.take(std::min<std::uint64_t>(length + 4ULL, reader.remaining()));
    reader.skip(std::min<std::size_t>(4, reader.remaining()));
    const std::string_view type = as_text(covered.first(4));
    const Bytes data = covered.subspan(4);
    has_end = type == "IEND";
    if (type == "IDAT") stream.insert(stream.end(), data.begin(), data.end());
    if (type != "IDAT" && !has_end) put_chunk(stream.empty() ? made : tail, type, data);
  }
  const std::vector<std::size_t> sizes = row_sizes(*header);
  std::size_t total = 0;
  for (const std::size_t size : sizes) total += size;
  Contents rows(total, 0);
  inflate_into(stream, rows);
  total = 0;
  for (const std::size_t size : sizes) {
    rows[total] = rows[total] % 5;
    total += size;
  }
  put_chunk(made, "IDAT", deflated(rows));
  made.insert(made.end(), tail.begin(), tail.end());
  put_chunk(made, "IEND", {});
  return made;
}

std::vector<std::uint8_t> with_good_check_sums(Bytes png) {
  std::vector<std::uint8_t> repaired(png.begin(), png.end());
  ByteReader reader(png, 8);
  while (reader.remaining() >= 12) {
    const std::uint64_t length = reader.u32be();
    const Bytes covered = reader.take(length + 4);
    const std::size_t at = reader.position();
    reader.skip(4);
    if (!reader.ok()) break;
    const std::uint32_t crc = crc_of(covered);
    for (std::size_t i = 0; i < 4; ++i) repaired[at + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
  }
  return repaired;
}

}  // namespace netocr::fuzz
