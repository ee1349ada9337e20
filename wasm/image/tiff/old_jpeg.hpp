// Finds the JPEG streams of a picture of old-style JPEG in TIFF (TIFF 6.0 section 22, Technical Note 2).
//
// Writers use many layouts. Known are: tables in tags and bare entropy-coded data in strips; a whole stream
// that JPEGInterchangeFormat points to, with strips that point to the same, into it, or nowhere; such a
// stream that ends with its tables or its scan header, with the data in strips; a whole stream in each strip;
// a stream whose header is in the first strip. Its length is often missing or wrong, and so is
// YCbCrSubSampling.
#pragma once

#include "image/tiff/header.hpp"
#include "image/tiff/jpeg_head.hpp"

namespace netocr::tiff {

// A JPEG that a decoder reads: a part of the file, or assembled from its parts.
struct JpegStream {
  Bytes bytes;
  Buffer made;  // storage of `bytes` when assembled, else empty
};

class JpegStreams {
 public:
  // `file` must outlive the object. The header must have passed check_variant(). Errors: UNSUPPORTED_FEATURE
  // (strips of separate planes), CORRUPT_IMAGE.
  static Result<JpegStreams> create(Bytes file, const Header& header);

  // The picture consists of pieces with one stream each: a single one, strips, or tiles.
  std::uint32_t across() const { return across_; }
  std::uint32_t down() const { return down_; }
  std::uint32_t piece_width() const { return piece_width_; }
  std::uint32_t piece_height() const { return piece_height_; }  // height of all but the last

  // Returns the stream of piece `index`, counted row by row. Errors: CORRUPT_IMAGE (not in the file, or not
  // decodable), OUT_OF_MEMORY.
  Result<JpegStream> stream(std::uint32_t index);

 private:
  JpegStreams(Bytes file, const Header& header) : file_(file), header_(header) {}
  void read_tag_tables();
  Bytes tag_table(const TiffField& offsets, std::uint64_t index, bool is_quant) const;
  void lay_out();
  void find_interchange_stream();
  bool is_only() const { return across_ == 1 && down_ == 1; }
  Bytes listed_piece(std::uint32_t index) const;
  bool is_whole(const JpegHead& head, std::size_t data) const;
  bool has_own_strips(std::uint64_t data) const;
  std::uint32_t rows_of(std::uint32_t index) const;
  Result<JpegStream> assemble(std::uint32_t index, Bytes piece);

  Bytes file_;
  Header header_;
  JpegTables tables_;
  JpegHead head_;      // common head of all pieces
  Bytes interchange_;  // target of JPEGInterchangeFormat, or empty
  Bytes whole_;        // the stream of the whole picture, or empty
  std::uint32_t across_ = 1;
  std::uint32_t down_ = 1;
  std::uint32_t piece_width_ = 0;
  std::uint32_t piece_height_ = 0;
  std::uint64_t budget_ = 0;  // max number of bytes of pieces that may still be read
};

}  // namespace netocr::tiff
