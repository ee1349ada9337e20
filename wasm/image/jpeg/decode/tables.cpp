// Parses T.81 B.2.2 (frame), B.2.3 (scan), B.2.4 (tables and restart interval).
#include "image/jpeg/decode/tables.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/jpeg_marker.hpp"
#include "image/jpeg/common/marker_byte.hpp"
#include "image/jpeg/decode/header.hpp"

namespace netocr::jpeg {
using namespace jpeg_marker;

Tables::Tables(Bytes bytes, const Header& header) : Tables(bytes) {
  if (header.height_offset != 0) lines_ = header.height;
}

const std::array<std::uint16_t, kBlockSize>* Tables::quant(std::uint8_t id) const {
  return id < quant_.size() && (has_quant_ >> id & 1) != 0 ? &quant_[id] : nullptr;
}
const HuffmanCode* Tables::dc(std::uint8_t id) const {
  return id < dc_.size() && (has_dc_ >> id & 1) != 0 ? &dc_[id] : standard_code(HuffmanClass::kDc, id);
}
const HuffmanCode* Tables::ac(std::uint8_t id) const {
  return id < ac_.size() && (has_ac_ >> id & 1) != 0 ? &ac_[id] : standard_code(HuffmanClass::kAc, id);
}

const HuffmanCode* Tables::standard_code(HuffmanClass kind, std::uint8_t id) const {
  return progressive_ ? nullptr : standard_huffman_code(kind, id);
}

bool Tables::scan_has_whole_frame() const {
  std::uint32_t blocks = 0;
  for (const FrameComponent& component : std::span(components_).first(component_count_)) {
    blocks += std::uint32_t{component.h} * component.v;
    if (quant(component.quant) == nullptr) return false;
  }
  return scan_.count == component_count_ && (component_count_ == 1 || blocks <= kMaxBlocksInMcu);
}

Tables::Next Tables::next_scan() {
  while (true) {
    // Bytes between segments are skipped, as in libjpeg.
    ByteReader reader(bytes_, find_marker_byte(bytes_, position_));
    std::uint8_t marker = 0xFF;
    while (marker == 0xFF && reader.ok()) marker = reader.u8();
    position_ = reader.position();
    if (!reader.ok()) return Next::kOther;
    if (marker == kEoi) return Next::kEnd;
    if (marker == 0 || is_restart(marker)) continue;
    if (marker < kSof0 || marker == kSoi) return Next::kOther;
    const std::uint16_t length = reader.u16be();
    const Bytes body = reader.take(length < 2 ? 0 : length - 2U);
    if (length < 2 && !may_be_empty(marker)) return Next::kOther;
    if (!reader.ok() || !read_segment(marker, body)) return Next::kOther;
    position_ = reader.position();
    if (marker != kSos) continue;
    scan_.data = position_;
    return Next::kScan;
  }
}

bool Tables::read_segment(std::uint8_t marker, Bytes body) {
  if (marker == kDqt) return read_quant(body);
  if (marker == kDht) return read_huffman(body);
  if (marker >= kSof0 && marker <= kSof15) {
    progressive_ = marker == kSof2;
    return marker <= kSof2 && component_count_ == 0 && read_frame(body);
  }
  if (marker == kSos) return read_scan(body);
  if (marker == kDri) {
    restart_interval_ = ByteReader(body).u16be();
    return body.size() == 2;
  }
  return may_be_empty(marker);
}

bool Tables::read_quant(Bytes body) {
  ByteReader reader(body);
  while (reader.ok() && reader.remaining() > 0) {
    const std::uint8_t kind = reader.u8();
    const std::uint32_t id = kind & 15U;
    if (id >= quant_.size() || kind >> 4 > 1) return false;
    for (std::uint16_t& step : quant_[id]) step = kind >> 4 != 0 ? reader.u16be() : reader.u8();
    has_quant_ |= 1U << id;
  }
  return reader.ok();
}

bool Tables::read_huffman(Bytes body) {
  ByteReader reader(body);
  while (reader.ok() && reader.remaining() > 0) {
    const std::uint8_t kind = reader.u8();
    const std::uint32_t id = kind & 15U;
    if (id >= dc_.size() || kind >> 4 > 1) return false;
    HuffmanCode code;
    std::size_t count = 0;
    for (std::size_t length = 1; length < code.counts.size(); ++length) {
      code.counts[length] = reader.u8();
      count += code.counts[length];
    }
    if (count > code.symbols.size()) return false;
    for (std::size_t i = 0; i < count; ++i) code.symbols[i] = reader.u8();
    (kind >> 4 == 0 ? dc_ : ac_)[id] = code;
    (kind >> 4 == 0 ? has_dc_ : has_ac_) |= 1U << id;
  }
  return reader.ok();
}

bool Tables::read_frame(Bytes body) {
  ByteReader reader(body);
  const std::uint8_t precision = reader.u8();
  const std::uint16_t height = reader.u16be();
  height_ = lines_ != 0 ? lines_ : height;
  width_ = reader.u16be();
  component_count_ = reader.u8();
  if (precision != 8 || component_count_ == 0 || component_count_ > components_.size()) return false;
  for (std::size_t i = 0; i < component_count_; ++i) {
    FrameComponent& component = components_[i];
    component.id = reader.u8();
    const std::uint8_t factors = reader.u8();
    component.h = factors >> 4;
    component.v = factors & 15;
    component.quant = reader.u8();
    if (component.h < 1 || component.h > 4 || component.v < 1 || component.v > 4) return false;
    for (std::size_t other = 0; other < i; ++other) {
      if (components_[other].id == component.id) return false;
    }
  }
  return reader.ok() && reader.remaining() == 0 && width_ > 0 && height_ > 0;
}

bool Tables::read_scan(Bytes body) {
  ByteReader reader(body);
  scan_ = {};
  scan_.count = reader.u8();
  if (scan_.count == 0 || scan_.count > component_count_) return false;
  for (std::size_t i = 0; i < scan_.count; ++i) {
    const std::uint8_t id = reader.u8();
    const std::uint8_t tables = reader.u8();
    const auto known = std::span(components_).first(component_count_);
    const auto found = std::find_if(known.begin(), known.end(), [id](const auto& c) { return c.id == id; });
    if (found == known.end()) return false;
    scan_.components[i] = {static_cast<std::uint8_t>(found - known.begin()),
                           static_cast<std::uint8_t>(tables >> 4), static_cast<std::uint8_t>(tables & 15)};
    // The components must be in the frame's order (B.2.3), which also excludes duplicates.
    if (i > 0 && scan_.components[i].index <= scan_.components[i - 1].index) return false;
  }
  scan_.first = reader.u8();
  scan_.last = reader.u8();
  const std::uint8_t bits = reader.u8();
  scan_.high = bits >> 4;
  scan_.low = bits & 15;
  return reader.ok() && reader.remaining() == 0;
}

}  // namespace netocr::jpeg
