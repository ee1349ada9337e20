// Assembles a JPEG. Markers are copied unchanged, except the frame's size, the restart interval and the
// numbers of restart markers.
#include "image/tiff/jpeg_head.hpp"

#include <cstring>
#include <numeric>
#include <optional>
#include <span>

#include "base/bytes.hpp"
#include "base/jpeg_marker.hpp"

namespace netocr::tiff {
namespace {

using namespace jpeg_marker;

// The max size of all that assemble_jpeg() writes besides tables and data.
constexpr std::size_t kFixedBytes = 256;
constexpr std::uint32_t kMaxSide = 65535;
constexpr std::array<std::uint8_t, 18> kJfif = {0xff, kApp0, 0, 16, 'J', 'F', 'I', 'F', 0,
                                                1,    1,     0, 0,  1,   0,   1,   0,   0};

bool is_frame(std::uint8_t code) {
  return code >= kSof0 && code <= kSof15 && code != kDht && code != kJpg && code != kDac;
}

// Writes into memory that is large enough.
class Writer {
 public:
  explicit Writer(Buffer& target) : target_(target) {}
  void byte(std::size_t value) { target_[size_++] = static_cast<std::uint8_t>(value); }
  void word(std::size_t value) {
    byte(value >> 8);
    byte(value & 255);
  }
  void marker(std::uint8_t code) {
    byte(0xff);
    byte(code);
  }
  void bytes(Bytes run) {
    if (!run.empty()) std::memcpy(target_.data() + size_, run.data(), run.size());
    size_ += run.size();
  }
  std::size_t size() const { return size_; }
  std::uint8_t* end() { return target_.data() + size_; }

 private:
  Buffer& target_;
  std::size_t size_ = 0;
};

// Returns the table number of each component: consecutive equal tables share a number.
std::array<std::uint8_t, 3> table_ids(const std::array<Bytes, 3>& tables) {
  std::array<std::uint8_t, 3> ids{};
  for (std::size_t i = 1; i < tables.size(); ++i) {
    const bool same = tables[i].empty() || tables[i].data() == tables[i - 1].data();
    ids[i] = same ? ids[i - 1] : static_cast<std::uint8_t>(i);
  }
  return ids;
}

void put_tables(const std::array<Bytes, 3>& tables, std::uint8_t code, std::uint8_t kind, Writer& out) {
  const std::array<std::uint8_t, 3> ids = table_ids(tables);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (tables[i].empty() || ids[i] != i) continue;
    out.marker(code);
    out.word(tables[i].size() + 3);
    out.byte(kind | ids[i]);
    out.bytes(tables[i]);
  }
}

std::uint8_t component_id(const JpegHead& head, std::size_t index) {
  return head.frame.empty() ? static_cast<std::uint8_t>(index + 1) : head.frame[6 + 3 * index];
}

std::uint8_t component_count(const JpegHead& head, const JpegFrame& frame) {
  return head.frame.empty() ? frame.components : head.components();
}

void put_frame(const JpegTables& tables, const JpegHead& head, const JpegFrame& frame, Writer& out) {
  const std::uint8_t count = component_count(head, frame);
  out.marker(head.frame_code);
  out.word(8 + 3 * std::size_t{count});
  out.byte(head.frame.empty() ? std::size_t{8} : head.frame[0]);
  out.word(frame.height);
  out.word(frame.width);
  out.byte(count);
  if (!head.frame.empty()) return out.bytes(head.frame.subspan(6, 3 * std::size_t{count}));
  const std::array<std::uint8_t, 3> ids = table_ids(tables.quant);
  for (std::size_t i = 0; i < count; ++i) {
    out.byte(component_id(head, i));
    out.byte(i == 0 && count > 1 ? frame.subsampling[0] * 16U + frame.subsampling[1] : 0x11U);
    out.byte(ids[i]);
  }
}

// Without a scan header luma uses the first tables and chroma the second, unless tags override it.
void put_scan(const JpegTables& tables, const JpegHead& head, const JpegFrame& frame, Writer& out) {
  out.marker(kSos);
  if (!head.scan.empty()) {
    out.word(head.scan.size() + 2);
    return out.bytes(head.scan);
  }
  const std::uint8_t count = component_count(head, frame);
  const std::array<std::uint8_t, 3> dc = table_ids(tables.dc);
  const std::array<std::uint8_t, 3> ac = table_ids(tables.ac);
  const bool from_tags = !tables.dc[0].empty();
  out.word(6 + 2 * std::size_t{count});
  out.byte(count);
  for (std::size_t i = 0; i < count; ++i) {
    out.byte(component_id(head, i));
    const std::uint8_t usual = i == 0 ? 0x00 : 0x11;
    out.byte(from_tags && i < dc.size() ? dc[i] * 16U + ac[i] : std::size_t{usual});
  }
  out.byte(0);
  out.byte(63);
  out.byte(0);
}

// Returns the number of the first restart marker; nothing when there is no marker.
std::optional<std::uint8_t> first_restart(Bytes data) {
  for (std::size_t i = 0; i + 1 < data.size(); ++i) {
    if (data[i] == 0xff && is_restart(data[i + 1])) return data[i + 1] & 7;
  }
  return std::nullopt;
}

void put_data(Bytes data, std::uint8_t first, Writer& out) {
  std::uint8_t* target = out.end();
  out.bytes(data);
  for (std::size_t i = 0; first != 0 && i + 1 < data.size(); ++i) {
    if (data[i] == 0xff && is_restart(data[i + 1])) {
      target[i + 1] = static_cast<std::uint8_t>(kRst0 | ((data[i + 1] - first) & 7));
    }
  }
}

std::size_t total(std::span<const Bytes> runs) {
  return std::accumulate(runs.begin(), runs.end(), std::size_t{0},
                         [](std::size_t sum, Bytes run) { return sum + run.size(); });
}

}  // namespace

std::uint32_t JpegHead::number(std::size_t at) const {
  return frame.empty() ? 0U : static_cast<std::uint32_t>(frame[at] << 8 | frame[at + 1]);
}

// `segment` begins with the marker; a segment that is too short for its use is ignored.
void JpegHead::take(std::uint8_t code, Bytes segment) {
  const Bytes body = segment.subspan(4);
  if (code == kDqt || code == kDht) {
    if (table_count < kMaxSegments) tables[table_count++] = segment;
    has_quant = has_quant || code == kDqt;
  } else if (code == kDri) {
    restart_interval = ByteReader(body).u16be();
  } else if (is_frame(code)) {
    const std::size_t count = body.size() > 5 ? body[5] : 0;
    if (count == 0 || count > 4 || body.size() != 6 + 3 * count) return;
    frame_code = code;
    frame = body;
  } else if (code == kSos) {
    const std::size_t count = body.empty() ? 0 : body[0];
    if (count == 0 || count > 4 || body.size() != 4 + 2 * count) return;
    scan = body;
  }
}

std::size_t JpegHead::read(Bytes stream) {
  has_start = false;
  ByteReader reader(stream);
  while (true) {
    const std::size_t at = reader.position();
    std::size_t fill = at;
    while (fill + 1 < stream.size() && stream[fill] == 0xff && stream[fill + 1] == 0xff) ++fill;
    reader.seek(fill);
    const bool is_marker = reader.u8() == 0xff;
    const std::uint8_t code = reader.u8();
    if (!reader.ok() || !is_marker || code == 0 || is_restart(code) || code == kEoi) return at;
    if (code == kSoi) has_start = true;
    if (is_standalone(code)) continue;
    const std::uint16_t length = reader.u16be();
    if (length < 2) return at;
    reader.take(length - 2U);
    if (!reader.ok()) return at;
    take(code, stream.subspan(fill, reader.position() - fill));
    if (code == kSos) return reader.position();
  }
}

Result<Buffer> assemble_jpeg(const JpegTables& tables, const JpegHead& head, const JpegFrame& frame,
                             Bytes data) {
  if (frame.width > kMaxSide || frame.height > kMaxSide) {
    return Error{ErrorCode::kCorruptImage, 0, "TIFF with a JPEG of more than 65535 pixels a side"};
  }
  // A strip that was cut from a longer stream may begin with the restart marker before it.
  if (data.size() > 1 && data[0] == 0xff && is_restart(data[1])) data = data.subspan(2);
  const std::optional<std::uint8_t> restart = first_restart(data);
  const std::size_t table_bytes = total(tables.quant) + total(tables.dc) + total(tables.ac) +
                                  total(std::span(head.tables).first(head.table_count));
  NETOCR_ASSIGN(Buffer made, Buffer::create(kFixedBytes + table_bytes + data.size()));
  Writer out(made);
  out.marker(kSoi);
  out.bytes(kJfif);
  put_tables(tables.quant, kDqt, 0, out);
  put_tables(tables.dc, kDht, 0, out);
  put_tables(tables.ac, kDht, 0x10, out);
  for (std::size_t i = 0; i < head.table_count; ++i) out.bytes(head.tables[i]);
  put_frame(tables, head, frame, out);
  if (restart && head.restart_interval != 0) {
    out.marker(kDri);
    out.word(4);
    out.word(head.restart_interval);
  }
  put_scan(tables, head, frame, out);
  put_data(data, restart.value_or(0), out);
  out.marker(kEoi);
  NETOCR_TRY(made.resize(out.size()));
  return made;
}

}  // namespace netocr::tiff
