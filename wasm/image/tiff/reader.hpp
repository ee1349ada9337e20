// libtiff as a decompressor: rows of strips and tiles as packed samples in the machine's byte order. It opens
// the one directory that header.cpp chose.
#pragma once

#include <algorithm>
#include <array>
#include <memory>

#include "base/limits.hpp"
#include "image/tiff/header.hpp"

namespace netocr::tiff {

struct Handle;  // libtiff's state, and what it reported

// Where the samples of one row are. A picture of strips has one piece a row, a tiled one a piece for each
// tile that the row crosses, both for every plane.
class Reader {
 public:
  // `file` and `limits` outlive the reader. The header is a checked one (check_variant). Errors:
  // CORRUPT_IMAGE, IMAGE_TOO_LARGE (a tile row, a strip or the library's own memory over the limits),
  // OUT_OF_MEMORY.
  static Result<Reader> open(Bytes file, const Header& header, const Limits& limits);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  // The header, corrected by what libtiff knows of the compressed data.
  const Header& header() const { return header_; }
  // Planes that are read and samples of a pixel in each: one with all samples, or one for each colour and one
  // for alpha.
  std::uint32_t planes() const { return planes_; }
  std::uint32_t samples_in_plane() const { return samples_in_plane_; }
  // Pixels are stored as blocks of luma samples followed by one Cb and one Cr (TIFF 6.0 section 21). Then
  // row() gives the block row that holds `y`.
  bool has_chroma_blocks() const { return chroma_blocks_; }

  std::uint32_t pieces() const { return pieces_; }  // across
  std::uint32_t piece_width() const { return piece_width_; }
  // Of a piece: those inside the picture.
  std::uint32_t pixels_in(std::uint32_t piece) const {
    return std::min(piece_width_, header_.width - piece * piece_width_);
  }

  // Decodes what row `y` needs; rows are asked for in rising order.
  void load(std::uint32_t y);
  // Row `y`, which load() was called for last, in one piece; null where nothing could be decoded.
  const std::uint8_t* row(std::uint32_t plane, std::uint32_t piece, std::uint32_t y) const;

  bool is_damaged() const;                         // something was missing or wrong so far
  bool has_pixels() const { return has_pixels_; }  // something was decoded
  // Rows from the top that are what the file says, once all are loaded. Of tiles, and of blocks with chroma,
  // whole rows of pieces.
  std::uint32_t decoded_rows() const { return std::min(first_lost_row_, header_.height); }

 private:
  static constexpr std::uint32_t kMaxPlanes = 5;  // CMYK and alpha

  Reader() = default;
  Status open_handles(Bytes file, const Limits& limits);
  Status measure(const Limits& limits);
  std::uint16_t sample_of(std::uint32_t plane) const;
  // Whether every piece of the row was decoded.
  bool load_scanlines(std::uint32_t y);
  bool load_band(std::uint32_t y);
  std::uint32_t count_losses() const;
  bool load_piece(std::uint32_t plane, std::uint32_t piece, std::uint32_t band, std::uint8_t* target);

  Header header_;
  // One a plane for strips, so that each reads forward; one in all for tiles.
  std::array<std::unique_ptr<Handle>, kMaxPlanes> handles_;
  Buffer samples_;                 // a row of strips, or a whole band of tiles or of blocks
  Buffer usable_;                  // not 0: this piece of this plane was decoded
  std::uint64_t row_bytes_ = 0;    // of a piece
  std::uint64_t piece_bytes_ = 0;  // of all its rows that are held
  std::uint32_t planes_ = 1;
  std::uint32_t samples_in_plane_ = 1;
  std::uint32_t pieces_ = 1;
  std::uint32_t piece_width_ = 0;
  std::uint32_t band_ = 0xffff'ffff;  // row of tiles (or strip) that is decoded
  std::uint32_t first_lost_row_ = 0xffff'ffff;
  bool by_bands_ = false;
  bool chroma_blocks_ = false;
  bool has_pixels_ = false;
};

}  // namespace netocr::tiff
