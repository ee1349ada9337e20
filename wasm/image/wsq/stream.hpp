// Reads the segments of a WSQ file (FBI IAFIS-IC-0110 v3.1): frame, filters, quantisers, Huffman tables,
// entropy-coded blocks. It is the first step of the WSQ decoder; entropy and wavelet follow.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace netocr::wsq {

inline constexpr std::size_t kSubbands = 64;  // 60..63 are never coded
inline constexpr std::size_t kMaxTaps = 32;

struct Frame {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  float mid = 0;  // a sample is coefficient * scale + mid
  float scale = 1;
};

// Synthesis filters, ready for use: low_pass[i], high_pass[i] for tap i.
struct Filters {
  std::array<float, kMaxTaps> low_pass{};
  std::array<float, kMaxTaps> high_pass{};
  std::uint32_t low_length = 0;
  std::uint32_t high_length = 0;
  bool odd() const { return low_length % 2 == 1; }
};

struct Quantisers {
  float bin_center = 0;
  std::array<float, kSubbands> bin_width{};  // 0: the file does not contain the subband
  std::array<float, kSubbands> zero_width{};
};

// A canonical code: the codes of each length are consecutive, shorter ones first.
struct HuffmanTable {
  std::array<std::uint8_t, 16> counts{};
  std::array<std::uint8_t, 256> values{};
};

// Receives each block with the bytes behind its SOB segment, and returns how many of them the block consumed.
class BlockSink {
 public:
  virtual ~BlockSink() = default;
  // `position` is the offset of `data` in the file. The frame is known, the tables are those currently
  // defined.
  virtual Result<std::size_t> block(const struct Tables& tables, const HuffmanTable& table, Bytes data,
                                    std::size_t position) = 0;
};

// The tables of the segments read so far; a later segment replaces an earlier one.
struct Tables {
  std::optional<Frame> frame;
  std::optional<Filters> filters;
  std::optional<Quantisers> quantisers;
  std::array<std::optional<HuffmanTable>, 8> huffman;
  bool has_comments = false;
};

// Walks the segments of a file once: to the first block, and on request to EOI. Dimensions are not checked
// against limits. Errors: CORRUPT_IMAGE with the position, UNSUPPORTED_FEATURE (restart intervals).
class Stream {
 public:
  // `bytes` must outlive the stream.
  explicit Stream(Bytes bytes) : bytes_(bytes), reader_(bytes) {}

  // Reads up to the first block; the frame is known afterwards.
  Status read_header();
  // Reads all blocks, after read_header(). The frame, the filters and the quantisers are known afterwards.
  Status read_blocks(BlockSink& sink);

  const Tables& tables() const { return tables_; }

 private:
  Status find_block();

  Bytes bytes_;
  ByteReader reader_;
  Tables tables_;
  ByteReader block_{Bytes{}};  // SOB segment in front of the reader
  bool has_block_ = false;     // false at EOI
};

}  // namespace netocr::wsq
