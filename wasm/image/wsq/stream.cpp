// Parses WSQ segments: their order, tables anywhere before their use, hostile lengths.
#include "image/wsq/stream.hpp"

#include "base/bytes.hpp"

namespace netocr::wsq {
namespace {

enum Marker : std::uint16_t {
  kSoi = 0xFFA0,
  kEoi = 0xFFA1,
  kSof = 0xFFA2,
  kSob = 0xFFA3,
  kDtt = 0xFFA4,
  kDqt = 0xFFA5,
  kDht = 0xFFA6,
  kDri = 0xFFA7,
  kCom = 0xFFA8,
  kRst0 = 0xFFB0,
  kRst7 = 0xFFB7,
};

Error corrupt(std::size_t position, const char* detail) {
  return {ErrorCode::kCorruptImage, position, detail};
}

// Returns value / 10^exponent, rounded to float after each division as in the reference, which bit-exactness
// requires.
float scaled(std::uint8_t exponent, std::uint32_t value) {
  float x = static_cast<float>(value);
  for (unsigned i = 0; i < exponent && x != 0; ++i) x = static_cast<float>(static_cast<double>(x) / 10.0);
  return x;
}
float scaled16(ByteReader& in) {
  const std::uint8_t exponent = in.u8();
  return scaled(exponent, in.u16be());
}

Status read_frame(ByteReader in, Tables& tables) {
  in.skip(2);  // black and white levels: 0/255, 0/0 and 255/1 all occur without a meaning
  Frame frame;
  frame.height = in.u16be();
  frame.width = in.u16be();
  frame.mid = scaled16(in);
  frame.scale = scaled16(in);
  if (!in.ok()) return corrupt(in.position(), "WSQ frame header is cut off");
  if (frame.width == 0 || frame.height == 0) return corrupt(in.position(), "WSQ width or height is zero");
  tables.frame = frame;
  return {};
}

// The file contains the centre and the right half of the analysis filters, low-pass first. The synthesis
// high-pass derives from the analysis low-pass and vice versa, with alternating signs.
Status read_filters(ByteReader in, Tables& tables) {
  const std::uint32_t sent_low = in.u8();
  const std::uint32_t sent_high = in.u8();
  if (sent_low == 0 || sent_low > kMaxTaps || sent_high == 0 || sent_high > kMaxTaps ||
      sent_low % 2 != sent_high % 2) {
    return corrupt(in.position(), "WSQ filter length is out of range");
  }
  Filters filters;
  filters.high_length = sent_low;
  filters.low_length = sent_high;
  const auto read_half = [&in](std::array<float, kMaxTaps>& taps, std::uint32_t length, float mirror,
                               float sign) {
    const std::uint32_t centre = length % 2 == 1 ? (length - 1) / 2 : length / 2;
    const std::uint32_t mirrored = length % 2 == 1 ? centre : centre - 1;
    for (std::uint32_t k = 0; k < (length + 1) / 2; ++k) {
      const bool negative = in.u8() != 0;
      const std::uint8_t exponent = in.u8();
      const float magnitude = scaled(exponent, in.u32be());
      const float tap = sign * (negative ? -magnitude : magnitude);
      taps[mirrored - k] = mirror * tap;
      taps[centre + k] = tap;
      sign = -sign;
    }
  };
  if (filters.odd()) {
    read_half(filters.high_pass, filters.high_length, 1, 1);
    read_half(filters.low_pass, filters.low_length, 1, 1);
  } else {
    // For even lengths the high-pass is antisymmetric and enters the synthesis sum negated.
    read_half(filters.high_pass, filters.high_length, -1, -1);
    read_half(filters.low_pass, filters.low_length, 1, -1);
  }
  if (!in.ok()) return corrupt(in.position(), "WSQ transform table is cut off");
  tables.filters = filters;
  return {};
}

Status read_quantisers(ByteReader in, Tables& tables) {
  Quantisers quantisers;
  quantisers.bin_center = scaled16(in);
  for (std::size_t band = 0; band < kSubbands; ++band) {
    quantisers.bin_width[band] = scaled16(in);
    quantisers.zero_width[band] = scaled16(in);
  }
  if (!in.ok()) return corrupt(in.position(), "WSQ quantisation table is cut off");
  for (std::size_t band = 60; band < kSubbands; ++band) quantisers.bin_width[band] = 0;
  tables.quantisers = quantisers;
  return {};
}

Status read_huffman(ByteReader in, Tables& tables) {
  while (in.ok() && in.remaining() > 0) {
    const std::uint8_t id = in.u8();
    if (id >= tables.huffman.size())
      return corrupt(in.position(), "WSQ Huffman table number is out of range");
    HuffmanTable table;
    std::uint32_t total = 0;
    std::uint32_t free_codes = 1;  // codes of the current length without a shorter code as prefix
    for (std::uint8_t& count : table.counts) {
      count = in.u8();
      total += count;
      free_codes *= 2;
      if (count > free_codes)
        return corrupt(in.position(), "WSQ Huffman table has too many codes of one length");
      free_codes -= count;
    }
    if (total > table.values.size()) return corrupt(in.position(), "WSQ Huffman table has over 256 codes");
    const Bytes values = in.take(total);
    for (std::size_t i = 0; i < values.size(); ++i) table.values[i] = values[i];
    if (!in.ok()) break;
    tables.huffman[id] = table;
  }
  if (!in.ok()) return corrupt(in.position(), "WSQ Huffman table is cut off");
  return {};
}

// Returns the next marker, over any number of fill bytes; 0 at the end or when there is none.
std::uint16_t next_marker(ByteReader& in) {
  if (in.u8() != 0xFF) return 0;
  std::uint8_t code = in.u8();
  while (in.ok() && code == 0xFF) code = in.u8();
  return in.ok() ? static_cast<std::uint16_t>(0xFF00 | code) : std::uint16_t{0};
}

Status read_block(ByteReader& in, ByteReader segment, Bytes bytes, const Tables& tables, BlockSink& sink) {
  const std::uint8_t id = segment.u8();
  if (!segment.ok() || id >= tables.huffman.size() || !tables.huffman[id]) {
    return corrupt(in.position(), "WSQ block names a Huffman table that is not there");
  }
  NETOCR_ASSIGN(const std::size_t taken,
                sink.block(tables, *tables.huffman[id], bytes.subspan(in.position()), in.position()));
  in.skip(taken);
  return {};
}

Status read_segment(std::uint16_t marker, ByteReader segment, Tables& tables) {
  switch (marker) {
    case kSof:
      return read_frame(segment, tables);
    case kDtt:
      return read_filters(segment, tables);
    case kDqt:
      return read_quantisers(segment, tables);
    case kDht:
      return read_huffman(segment, tables);
    case kCom:
      tables.has_comments = true;
      return {};
    default:
      return corrupt(segment.position(), "WSQ marker is not one of the standard's");
  }
}

}  // namespace

Status Stream::read_header() {
  if (reader_.u16be() != kSoi) return corrupt(0, "WSQ file does not begin with SOI");
  return find_block();
}

Status Stream::read_blocks(BlockSink& sink) {
  while (has_block_) {
    NETOCR_TRY(read_block(reader_, block_, bytes_, tables_, sink));
    NETOCR_TRY(find_block());
  }
  return {};
}

Status Stream::find_block() {
  while (true) {
    const std::size_t at = reader_.position();
    const std::uint16_t marker = next_marker(reader_);
    if (marker == 0) return corrupt(at, reader_.ok() ? "WSQ marker expected" : "WSQ file is cut off");
    if (marker == kEoi) break;
    if (marker == kDri || (marker >= kRst0 && marker <= kRst7)) {
      return Error{ErrorCode::kUnsupportedFeature, at, "WSQ with restart intervals"};
    }
    const std::uint16_t length = reader_.u16be();
    if (!reader_.ok() || length < 2) return corrupt(at, "WSQ segment has no length");
    const std::size_t start = reader_.position();
    reader_.skip(length - 2U);
    if (!reader_.ok()) return corrupt(at, "WSQ segment is cut off");
    const ByteReader segment(bytes_.first(start + length - 2U), start);
    if (marker != kSob) {
      NETOCR_TRY(read_segment(marker, segment, tables_));
      continue;
    }
    if (!tables_.frame) return corrupt(at, "WSQ block before the frame header");
    block_ = segment;
    has_block_ = true;
    return {};
  }
  has_block_ = false;
  if (!tables_.frame || !tables_.filters || !tables_.quantisers) {
    return corrupt(reader_.position(), "WSQ file has no frame, transform or quantisation table");
  }
  return {};
}

}  // namespace netocr::wsq
