// The only scan of a baseline JPEG: its coefficients, its symbols, and the entropy-coded bytes (ITU-T T.81
// annex F).
#pragma once

#include <array>
#include <cstdint>

#include "image/jpeg/encode/code_lengths.hpp"
#include "image/jpeg/encode/forward_dct.hpp"
#include "image/jpeg/encode/quant_tables.hpp"

namespace netocr::jpeg {

// AC symbols that carry no level (T.81 F.1.2.2).
inline constexpr std::uint8_t kEndOfBlock = 0x00;
inline constexpr std::uint8_t kZeroRun16 = 0xF0;

// The numbers of blocks of a component in an MCU.
struct Sampling {
  std::uint8_t h = 1;
  std::uint8_t v = 1;
};

// Coefficients of one (grey) or three (Y, Cb, Cr) components. The encoder's are not yet quantised; those of a
// file that is rewritten are levels (kLevelUnit).
struct Frame {
  std::uint32_t width = 0;  // width in luma samples
  std::uint32_t height = 0;
  std::uint8_t component_count = 0;
  std::array<CoefficientPlane, 3> components{};
  std::array<Sampling, 3> sampling{};  // no component exceeds luma

  bool is_grey() const { return component_count == 1; }
  std::uint32_t mcus_wide() const { return (components[0].blocks_wide + sampling[0].h - 1U) / sampling[0].h; }
  std::uint32_t mcus_high() const { return (components[0].blocks_high + sampling[0].v - 1U) / sampling[0].v; }
};

// Errors: OUT_OF_MEMORY.
Result<Frame> make_frame(const PlanarImage& image);

// The coefficient value of level 1 in a frame of levels.
inline constexpr std::int32_t kLevelUnit = 1 << kCoefficientBits;

// Returns a frame of the same shape with uninitialised coefficients. Errors: OUT_OF_MEMORY.
Result<Frame> make_frame_like(const Frame& frame);

// Counts of each symbol in the scan; [0] luma, [1] chroma.
struct ScanSymbols {
  std::array<SymbolCounts, 2> dc{};
  std::array<SymbolCounts, 2> ac{};
};

// Counts the symbols of the whole scan.
ScanSymbols count_symbols(const Frame& frame, const QuantTables& tables);

// Counts the symbols of a frame of levels.
ScanSymbols count_level_symbols(const Frame& frame);

using Token = std::uint32_t;  // format: see scan_tokens.hpp

// The symbols of a whole scan in coding order, kept so that coding it does not quantise again.
struct ScanTokens {
  Array<Token> room;      // may be empty
  std::size_t count = 0;  // number of all tokens; exceeds the kept ones when not whole
  bool is_whole = false;  // all tokens were kept
};

// Allocates room for the tokens of nearly every scan of `scan_bytes` bytes. Errors: OUT_OF_MEMORY.
Result<ScanTokens> make_scan_tokens(const Frame& frame, std::size_t scan_bytes);

// Counts the symbols of the whole scan, and keeps them as far as there is room.
ScanSymbols record_tokens(const Frame& frame, const QuantTables& tables, ScanTokens& tokens);

struct ScanTables {
  std::array<HuffmanTable, 2> dc{};
  std::array<HuffmanTable, 2> ac{};
};
ScanTables build_scan_tables(const ScanSymbols& symbols);

// Returns the number of bits of the scan with these symbols and tables, without padding and byte stuffing.
std::uint64_t scan_bits(const ScanSymbols& symbols, const ScanTables& tables);

struct CodedScan {
  std::size_t bytes = 0;    // size including stuffing; exceeds the room when the scan did not fit
  std::size_t stuffed = 0;  // number of zero bytes after 0xFF bytes
  bool fits = false;
};

// Codes the scan into `out`. It stops when the scan does not fit; the written bytes are then unusable.
CodedScan code_scan(const Frame& frame, const QuantTables& quant, const ScanTables& tables, MutableBytes out);

// Codes a frame of levels.
CodedScan code_level_scan(const Frame& frame, const ScanTables& tables, MutableBytes out);

// Codes the same bytes from tokens, which must be whole.
CodedScan code_tokens(const ScanTokens& tokens, const ScanTables& tables, MutableBytes out);

}  // namespace netocr::jpeg
