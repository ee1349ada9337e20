// Writes SOI, APP0, DQT, SOF0, DHT and SOS.
#include "image/jpeg/encode/segments.hpp"

#include <algorithm>

#include "base/jpeg_marker.hpp"

namespace netocr::jpeg {
namespace {

using namespace jpeg_marker;

constexpr std::size_t kApp0Bytes = 18;
constexpr std::size_t kSegmentBytes = 4;  // marker and length
constexpr std::size_t kTableBytes = 1 + kBlockSize;

// The table of each component; equal tables are written once.
struct TableIds {
  std::array<std::uint8_t, 3> of{};
  std::uint8_t count = 1;
};

TableIds quant_table_ids(const Frame& frame, const QuantTables& quant) {
  TableIds ids;
  if (frame.is_grey()) return ids;
  for (std::uint32_t c = 1; c < 3; ++c) {
    std::uint32_t same = 0;
    while (quant.of(same) != quant.of(c)) ++same;
    ids.of[c] = same < c ? ids.of[same] : ids.count++;
  }
  return ids;
}
std::uint32_t huffman_table_count(const Frame& frame) { return frame.is_grey() ? 1 : 2; }
std::size_t frame_header_size(const Frame& frame) { return kSegmentBytes + 6 + 3U * frame.component_count; }
std::size_t scan_header_size(const Frame& frame) { return kSegmentBytes + 4 + 2U * frame.component_count; }

std::size_t quant_segment_size(const Frame& frame, const QuantTables& quant) {
  return kSegmentBytes + kTableBytes * quant_table_ids(frame, quant).count;
}

std::size_t huffman_segment_size(const Frame& frame, const ScanTables& tables) {
  std::size_t size = kSegmentBytes;
  for (std::uint32_t i = 0; i < huffman_table_count(frame); ++i) {
    size += 2 * (1 + kMaxCodeLength) + tables.dc[i].symbol_count + tables.ac[i].symbol_count;
  }
  return size;
}

class HeaderWriter {
 public:
  explicit HeaderWriter(MutableBytes out) : out_(out) {}

  std::size_t size() const { return size_; }
  void u8(std::size_t value) { out_[size_++] = static_cast<std::uint8_t>(value); }
  void u16(std::size_t value) {
    u8(value >> 8);
    u8(value);
  }
  void marker(std::uint8_t code) {
    u8(0xFF);
    u8(code);
  }
  // `size` includes the marker; the length field does not.
  void segment(std::uint8_t code, std::size_t size) {
    marker(code);
    u16(size - 2);
  }

 private:
  MutableBytes out_;
  std::size_t size_ = 0;
};

void write_app0(HeaderWriter& to) {
  to.segment(kApp0, kApp0Bytes);
  for (const char letter : {'J', 'F', 'I', 'F', '\0'}) to.u8(static_cast<std::uint8_t>(letter));
  to.u16(0x0102);  // version 1.02
  to.u8(0);        // no unit: the densities are the pixel aspect ratio
  to.u16(1);
  to.u16(1);
  to.u16(0);  // no thumbnail
}

void write_quant_tables(const Frame& frame, const QuantTables& quant, HeaderWriter& to) {
  to.segment(kDqt, quant_segment_size(frame, quant));
  const TableIds ids = quant_table_ids(frame, quant);
  std::uint8_t written = 0;
  for (std::uint32_t c = 0; c < frame.component_count; ++c) {
    if (ids.of[c] != written) continue;
    to.u8(written++);
    for (const std::uint8_t step : quant.of(c)) to.u8(step);
  }
}

void write_frame_header(const Frame& frame, const QuantTables& quant, HeaderWriter& to) {
  to.segment(kSof0, frame_header_size(frame));
  to.u8(8);  // bits per sample
  to.u16(frame.height);
  to.u16(frame.width);
  to.u8(frame.component_count);
  const TableIds ids = quant_table_ids(frame, quant);
  for (std::uint8_t i = 0; i < frame.component_count; ++i) {
    to.u8(i + 1U);
    to.u8(16U * frame.sampling[i].h + frame.sampling[i].v);
    to.u8(ids.of[i]);
  }
}

void write_huffman_table(std::uint32_t id, const HuffmanTable& table, HeaderWriter& to) {
  to.u8(id);
  for (std::uint32_t length = 1; length <= kMaxCodeLength; ++length) to.u8(table.length_counts[length]);
  for (std::uint32_t i = 0; i < table.symbol_count; ++i) to.u8(table.symbols[i]);
}

void write_huffman_tables(const Frame& frame, const ScanTables& tables, HeaderWriter& to) {
  to.segment(kDht, huffman_segment_size(frame, tables));
  for (std::uint32_t i = 0; i < huffman_table_count(frame); ++i) {
    write_huffman_table(i, tables.dc[i], to);
    write_huffman_table(0x10 | i, tables.ac[i], to);
  }
}

void write_scan_header(const Frame& frame, HeaderWriter& to) {
  to.segment(kSos, scan_header_size(frame));
  to.u8(frame.component_count);
  for (std::uint8_t i = 0; i < frame.component_count; ++i) {
    to.u8(i + 1U);
    to.u8(i == 0 ? 0x00 : 0x11);  // DC and AC table
  }
  to.u8(0);  // spectral selection and approximation of a sequential scan
  to.u8(63);
  to.u8(0);
}

}  // namespace

std::size_t header_size(const Frame& frame, const QuantTables& quant, const ScanTables& tables) {
  constexpr std::size_t kSoiBytes = 2;
  return kSoiBytes + kApp0Bytes + quant_segment_size(frame, quant) + frame_header_size(frame) +
         huffman_segment_size(frame, tables) + scan_header_size(frame);
}

std::size_t write_header(const Frame& frame, const QuantTables& quant, const ScanTables& tables,
                         MutableBytes out) {
  HeaderWriter to(out);
  to.marker(kSoi);
  write_app0(to);
  write_quant_tables(frame, quant, to);
  write_frame_header(frame, quant, to);
  write_huffman_tables(frame, tables, to);
  write_scan_header(frame, to);
  return to.size();
}

void write_end_of_image(MutableBytes out) {
  out[0] = 0xFF;
  out[1] = kEoi;
}

}  // namespace netocr::jpeg
