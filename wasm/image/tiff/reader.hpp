// Uses libtiff as a decompressor: delivers rows of strips and tiles as packed samples in the machine's byte
// order. It opens the one directory that pages.cpp selected.
#pragma once

#include <algorithm>
#include <array>
#include <memory>

#include "base/limits.hpp"
#include "image/tiff/header.hpp"

namespace netocr::tiff {

struct Handle;  // libtiff's state and reports

// Locates the samples of a row. A picture of strips has one piece per row, a tiled one a piece for each tile
// that the row crosses, both for every plane.
class Reader {
 public:
  // `file` and `limits` must outlive the reader. The header must have passed check_variant(). Errors:
  // CORRUPT_IMAGE, IMAGE_TOO_LARGE (a tile row, a strip or the library's own memory over the limits),
  // OUT_OF_MEMORY.
  static Result<Reader> open(Bytes file, const Header& header, const Limits& limits);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  // Returns the header, corrected by libtiff's view of the compressed data.
  const Header& header() const { return header_; }
  // Return the number of planes and of samples per pixel in each: one plane with all samples, or one for each
  // colour and one for alpha.
  std::uint32_t planes() const { return planes_; }
  std::uint32_t samples_in_plane() const { return samples_in_plane_; }
  // Returns whether pixels are stored as blocks of luma samples followed by one Cb and one Cr (TIFF 6.0
  // section 21). row() then returns the block row that contains `y`.
  bool has_chroma_blocks() const { return chroma_blocks_; }

  std::uint32_t pieces() const { return pieces_; }  // number of pieces across
  std::uint32_t piece_width() const { return piece_width_; }
  // Returns the number of a piece's columns inside the picture.
  std::uint32_t pixels_in(std::uint32_t piece) const {
    return std::min(piece_width_, header_.width - piece * piece_width_);
  }

  // Decodes the pieces of row `y`; rows must be requested in rising order.
  void load(std::uint32_t y);
  // Returns row `y`, the last argument of load(), in one piece; null when nothing could be decoded.
  const std::uint8_t* row(std::uint32_t plane, std::uint32_t piece, std::uint32_t y) const;

  bool is_damaged() const;                         // data was missing or wrong so far
  bool has_pixels() const { return has_pixels_; }  // some pixels were decoded
  // Returns the number of correctly decoded rows from the top, once all are loaded. For tiles, and for blocks
  // with chroma, only whole rows of pieces count.
  std::uint32_t decoded_rows() const { return std::min(first_lost_row_, header_.height); }

 private:
  static constexpr std::uint32_t kMaxPlanes = 5;  // CMYK and alpha

  Reader() = default;
  Status open_handles(Bytes file, const Limits& limits);
  Status measure(const Limits& limits);
  std::uint16_t sample_of(std::uint32_t plane) const;
  // Returns whether every piece of the row was decoded.
  bool load_scanlines(std::uint32_t y);
  bool load_band(std::uint32_t y);
  std::uint32_t count_losses() const;
  bool load_piece(std::uint32_t plane, std::uint32_t piece, std::uint32_t band, std::uint8_t* target);

  Header header_;
  // One handle per plane for strips, so that each reads forward; a single one for tiles.
  std::array<std::unique_ptr<Handle>, kMaxPlanes> handles_;
  Buffer samples_;                 // a row of strips, or a whole band of tiles or of blocks
  Buffer usable_;                  // not 0: the piece of the plane was decoded
  std::uint64_t row_bytes_ = 0;    // row size of a piece
  std::uint64_t piece_bytes_ = 0;  // size of all buffered rows of a piece
  std::uint32_t planes_ = 1;
  std::uint32_t samples_in_plane_ = 1;
  std::uint32_t pieces_ = 1;
  std::uint32_t piece_width_ = 0;
  std::uint32_t band_ = 0xffff'ffff;  // decoded row of tiles (or strip)
  std::uint32_t first_lost_row_ = 0xffff'ffff;
  bool by_bands_ = false;
  bool chroma_blocks_ = false;
  bool has_pixels_ = false;
};

}  // namespace netocr::tiff
