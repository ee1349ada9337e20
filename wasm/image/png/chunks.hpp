// Our own walk over a PNG's chunks (PNG specification, third edition): what inspect_image and the decoder
// need to know, and the compressed data. Decodes no pixels.
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
  Bytes data;             // shorter than its length when the file is cut off
  Bytes covered;          // type and data: what the CRC is of
  std::uint32_t crc = 0;
  bool whole = false;  // data and CRC are there
};

struct Header {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t bit_depth = 0;
  std::uint8_t color_type = 0;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  bool interlaced = false;
  bool has_transparency = false;  // an alpha channel or tRNS
  std::uint8_t orientation = 1;   // of the eXIf chunk
  Bytes palette;       // PLTE: RGB triples, at most 256; empty when there is none, or a damaged one
  Bytes transparency;  // tRNS as the colour type has it; empty when there is none, or none that fits
  Color color;
  bool has_metadata = false;     // what ImageInfo::has_metadata says
  bool complete = false;         // IEND was found
  std::size_t first_data = 0;    // position of the first IDAT chunk
  std::uint64_t data_bytes = 0;  // of all IDAT chunks
};

// Errors: CORRUPT_IMAGE for a bad signature or IHDR (its CRC included) or when there is no IDAT or a flood of
// chunks; UNSUPPORTED_FEATURE for Apple's CgBI variant.
Result<Header> read_header(Bytes bytes);

// The data of the IDAT chunks, one after the other. It ends with the file, or behind a chunk whose CRC is
// wrong: that one has been given by then. The file outlives it.
class Data final : public PieceSource {
 public:
  // `start`: where the first IDAT chunk begins, or a chunk before it.
  explicit Data(Bytes file, std::size_t start = kSignature.size());
  Bytes next() override;
  // Looks at all that was not given yet: whether it comes to IEND, with the right CRCs.
  bool is_whole();
  // Of the chunk given last, in the file; for errors.
  std::size_t position() const { return position_; }

 private:
  ByteReader reader_;
  Chunk chunk_;  // the one given last
  std::size_t position_ = 0;
  bool ended_ = false;
  bool found_end_ = false;  // IEND
};

}  // namespace netocr::png
