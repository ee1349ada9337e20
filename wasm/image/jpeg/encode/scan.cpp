// Walks the blocks of the scan in coding order, once to count symbols and once to code them.
#include "image/jpeg/encode/scan.hpp"

#include <algorithm>
#include <span>

#include "image/jpeg/encode/bit_writer.hpp"
#include "image/jpeg/encode/scan_tokens.hpp"

namespace netocr::jpeg {
namespace {

// The codes of all tokens, each followed by room for its value bits.
class TokenCodes {
 public:
  explicit TokenCodes(const ScanTables& tables) {
    for (std::uint32_t i = 0; i < 2; ++i) {
      add(tables.dc[i], i * kTokenChroma);
      add(tables.ac[i], i * kTokenChroma | kTokenAc);
    }
  }

  void write(std::span<const Token> tokens, BitWriter& bits) const {
    for (const Token token : tokens) {
      const Code& code = codes_[token % kTokenIndices];
      bits.put(code.bits | token >> kTokenIndexBits, code.length);
    }
  }

 private:
  struct Code {
    std::uint32_t bits = 0;
    std::uint32_t length = 0;  // length including the value bits
  };

  void add(const HuffmanTable& table, std::uint32_t at) {
    for (std::uint32_t symbol = 0; symbol < 256; ++symbol) {
      const std::uint32_t size = symbol & 15;
      codes_[at + symbol] = {static_cast<std::uint32_t>(table.codes[symbol]) << size,
                             table.lengths[symbol] + size};
    }
  }

  std::array<Code, kTokenIndices> codes_{};
};

// Returns false when `bits` has no room for all tokens.
bool write_tokens(std::span<const Token> tokens, const TokenCodes& codes, BitWriter& bits) {
  // A token has 27 bits at most: 16 of a code, 11 of a DC value.
  constexpr std::size_t kAtOnce = 128;
  static_assert(kAtOnce * 27 / 8 * 2 + 16 < BitWriter::kSlack);
  while (!tokens.empty()) {
    if (!bits.has_room()) return false;
    const std::size_t count = std::min(tokens.size(), kAtOnce);
    codes.write(tokens.first(count), bits);
    tokens = tokens.subspan(count);
  }
  return bits.has_room();
}

std::uint64_t table_bits(const SymbolCounts& counts, const HuffmanTable& table) {
  std::uint64_t bits = 0;
  for (std::uint32_t symbol = 0; symbol < counts.size(); ++symbol) {
    bits += static_cast<std::uint64_t>(counts[symbol]) * (table.lengths[symbol] + (symbol & 15));
  }
  return bits;
}

ScanSymbols record(const Frame& frame, McuCoder& coder, ScanTokens& tokens) {
  std::array<Token, kMaxMcuTokens> unused;
  tokens.count = 0;
  tokens.is_whole = true;
  for (std::uint32_t y = 0; y < frame.mcus_high(); ++y) {
    for (std::uint32_t x = 0; x < frame.mcus_wide(); ++x) {
      tokens.is_whole = tokens.is_whole && tokens.room.size() - tokens.count >= kMaxMcuTokens;
      Token* const to = tokens.is_whole ? tokens.room.data() + tokens.count : unused.data();
      tokens.count += static_cast<std::size_t>(coder.code(x, y, to) - to);
    }
  }
  return coder.symbols();
}

CodedScan code(const Frame& frame, McuCoder& coder, const ScanTables& tables, MutableBytes out) {
  const TokenCodes codes(tables);
  BitWriter bits(out);
  std::array<Token, kMaxMcuTokens> tokens;
  bool fits = true;
  for (std::uint32_t y = 0; fits && y < frame.mcus_high(); ++y) {
    for (std::uint32_t x = 0; fits && x < frame.mcus_wide(); ++x) {
      const Token* const end = coder.code(x, y, tokens.data());
      fits = write_tokens({tokens.data(), end}, codes, bits);
    }
  }
  if (fits) bits.finish();
  return {bits.size(), bits.stuffed(), fits};
}

}  // namespace

Result<Frame> make_frame(const PlanarImage& image) {
  Frame frame;
  frame.width = image.width();
  frame.height = image.height();
  frame.component_count = image.plane_count;
  if (!frame.is_grey()) frame.sampling[0] = {image.chroma.x, image.chroma.y};
  for (std::uint8_t i = 0; i < image.plane_count; ++i) {
    NETOCR_ASSIGN(frame.components[i], forward_dct(image.planes[i]));
  }
  return frame;
}

Result<Frame> make_frame_like(const Frame& frame) {
  Frame made;
  made.width = frame.width;
  made.height = frame.height;
  made.component_count = frame.component_count;
  made.sampling = frame.sampling;
  for (std::uint8_t i = 0; i < frame.component_count; ++i) {
    const CoefficientPlane& plane = frame.components[i];
    NETOCR_ASSIGN(auto values, Array<std::int16_t>::create(plane.values.size()));
    made.components[i] = {std::move(values), plane.blocks_wide, plane.blocks_high};
  }
  return made;
}

Result<ScanTokens> make_scan_tokens(const Frame& frame, std::size_t scan_bytes) {
  // Photos have 3.8 to 5 bits a token, so a byte has fewer tokens than this.
  constexpr std::size_t kTokensPerByte = 3;
  constexpr std::uint64_t kMaxTokens = 1U << 20;
  const std::uint64_t max_tokens = std::uint64_t{frame.mcus_wide()} * frame.mcus_high() * kMaxMcuTokens;
  const std::uint64_t likely =
      std::min<std::uint64_t>(scan_bytes, kMaxTokens) * kTokensPerByte + kMaxMcuTokens;
  ScanTokens tokens;
  NETOCR_ASSIGN(tokens.room,
                Array<Token>::create(static_cast<std::size_t>(std::min({max_tokens, likely, kMaxTokens}))));
  return tokens;
}

ScanSymbols count_symbols(const Frame& frame, const QuantTables& tables) {
  ScanTokens none;
  return record_tokens(frame, tables, none);
}

ScanSymbols count_level_symbols(const Frame& frame) {
  McuCoder coder(frame);
  ScanTokens none;
  return record(frame, coder, none);
}

ScanSymbols record_tokens(const Frame& frame, const QuantTables& tables, ScanTokens& tokens) {
  McuCoder coder(frame, tables);
  return record(frame, coder, tokens);
}

ScanTables build_scan_tables(const ScanSymbols& symbols) {
  ScanTables tables;
  for (std::uint32_t i = 0; i < 2; ++i) {
    tables.dc[i] = build_huffman_table(symbols.dc[i]);
    tables.ac[i] = build_huffman_table(symbols.ac[i]);
  }
  return tables;
}

std::uint64_t scan_bits(const ScanSymbols& symbols, const ScanTables& tables) {
  std::uint64_t bits = 0;
  for (std::uint32_t i = 0; i < 2; ++i) {
    bits += table_bits(symbols.dc[i], tables.dc[i]) + table_bits(symbols.ac[i], tables.ac[i]);
  }
  return bits;
}

CodedScan code_scan(const Frame& frame, const QuantTables& quant, const ScanTables& tables,
                    MutableBytes out) {
  McuCoder coder(frame, quant);
  return code(frame, coder, tables, out);
}

CodedScan code_level_scan(const Frame& frame, const ScanTables& tables, MutableBytes out) {
  McuCoder coder(frame);
  return code(frame, coder, tables, out);
}

CodedScan code_tokens(const ScanTokens& tokens, const ScanTables& tables, MutableBytes out) {
  BitWriter bits(out);
  const bool fits = write_tokens({tokens.room.data(), tokens.count}, TokenCodes(tables), bits);
  if (fits) bits.finish();
  return {bits.size(), bits.stuffed(), fits};
}

}  // namespace netocr::jpeg
