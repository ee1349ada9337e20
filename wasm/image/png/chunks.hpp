// Walks a PNG's chunks (PNG specification, third edition) and returns the header values that opening,
// decoding and rewriting need, and the compressed data. It decodes no pixels.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/png/checksums.hpp"
#include "image/png/color.hpp"
#include "image/png/inflate.hpp"

namespace netocr::png {

inline constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
inline constexpr std::size_t kChunkOverhead = 12;  // length, type, CRC

struct Chunk {
  std::string_view type;  // 4 letters
  Bytes data;             // shorter than its length field when the file is truncated
  Bytes covered;          // type and data, which the CRC covers
  std::uint32_t crc = 0;
  bool whole = false;  // data and CRC are complete
};

struct Header {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t bit_depth = 0;
  std::uint8_t color_type = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  bool interlaced = false;
  bool has_transparency = false;  // there is an alpha channel or tRNS
  std::uint8_t orientation = 1;   // orientation in the eXIf chunk
  Bytes palette;                  // PLTE: at most 256 RGB triples; empty when it is missing or damaged
  Bytes transparency;  // tRNS in the form of the colour type; empty when it is missing or does not fit
  Color color;
  bool has_metadata = false;     // see ImageInfo::has_metadata
  bool complete = false;         // IEND was found
  std::size_t first_data = 0;    // position of the first IDAT chunk
  std::uint64_t data_bytes = 0;  // total size of all IDAT chunks
};

// Errors: CORRUPT_IMAGE for an invalid signature or IHDR (including its CRC), without IDAT, or for an
// excessive number of chunks; UNSUPPORTED_FEATURE for Apple's CgBI variant.
Result<Header> read_header(Bytes bytes);

// Iterates over the data of the IDAT chunks. It ends with the file, or behind a chunk with a wrong CRC, whose
// data it has already returned. The file must outlive it.
class Data final : public PieceSource {
 public:
  // `start`: position of the first IDAT chunk, or of a chunk before it.
  explicit Data(Bytes file, std::size_t start = kSignature.size());
  Bytes next() override;
  // Checks the remaining chunks: returns whether they reach IEND with the right CRCs.
  bool is_whole();
  // Returns the position in the file of the last returned chunk; for errors.
  std::size_t position() const { return position_; }

 private:
  ByteReader reader_;
  Chunk chunk_;  // last returned chunk
  std::size_t position_ = 0;
  bool ended_ = false;
  bool found_end_ = false;  // IEND
};

}  // namespace netocr::png
