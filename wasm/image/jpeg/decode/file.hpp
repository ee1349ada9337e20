// Walks a JPEG's markers (ITU-T T.81 Annex B) once, only as far as the caller needs: the common part of
// inspecting, rewriting and decoding. It decodes no pixels.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "image/jpeg/decode/header.hpp"
#include "image/jpeg/decode/profile.hpp"
#include "image/jpeg/decode/tables.hpp"
#include "image/meta/icc.hpp"

namespace netocr::jpeg {

// Selects how far a header is read.
enum class Walk : std::uint8_t {
  kFirstScan,  // has_metadata and complete are not valid
  kWhole,
};

class File {
 public:
  // `bytes` must outlive the file. The height is that of a DNL marker behind the first scan when the frame
  // header has none or a larger one (lines.hpp lists the files that are searched for it). Segments with a
  // length of 0 or 1 are treated as in libjpeg: as empty when they can be skipped, and as the end of the
  // readable data otherwise. Errors: CORRUPT_IMAGE when there is no readable frame header before the first
  // scan, or no height.
  static Result<File> open(Bytes bytes, Walk extent);

  Bytes bytes() const { return bytes_; }
  const Header& header() const { return header_; }

  // Returns the ICC profile in the APP2 segments of a file that was opened with kWhole; `whole` becomes its
  // bytes. Errors: CORRUPT_IMAGE, OUT_OF_MEMORY.
  Result<IccProfile> profile(Buffer& whole) const;

  // Returns the tables and headers in front of the first scan, positioned at that scan; they are read at the
  // first call. Returns null when these rules do not cover a segment (Tables::Next::kOther).
  const Tables* first_scan();

  // Returns the size of all scans without their headers, with restart markers and stuffed zeroes. This and
  // whole_bytes() walk to the end of the file, once.
  std::uint64_t entropy_bytes();
  // Returns the start of the segment behind the first scan that the end of the file truncates; the size of
  // the file when there is none. libjpeg rejects a file with a truncated table, however many scans it has
  // read by then.
  std::size_t whole_bytes();

 private:
  File(Bytes bytes, Walk extent)
      : reader_(bytes, 2), bytes_(bytes), extent_(extent), whole_bytes_(bytes.size()) {}

  Status read();
  std::uint8_t next_marker();
  void segment(std::uint8_t marker);
  void scan(Bytes body);
  void stop_with_metadata();
  void number_of_lines(Bytes body);
  void frame(std::uint8_t marker, Bytes body);
  Process process_of(std::uint8_t marker) const;
  void application(std::uint8_t marker, Bytes body);
  void exif(Bytes tiff);
  void walk_to_end();

  ByteReader reader_;
  Bytes bytes_;
  Walk extent_;
  Header header_;
  ProfileSegments profile_;
  std::optional<Tables> tables_;
  std::size_t position_ = 0;  // position of the last segment's length
  std::size_t height_at_ = 0;
  std::uint64_t entropy_bytes_ = 0;  // size of the entropy-coded data so far
  std::size_t whole_bytes_ = 0;
  bool has_frame_ = false;
  bool has_scan_ = false;
  bool has_exif_ = false;
  bool seeks_lines_ = false;  // a DNL marker would define the height
  bool hierarchical_ = false;
  bool stop_ = false;    // the header is completely read
  bool at_end_ = false;  // EOI was found
  bool has_tables_ = false;
};

}  // namespace netocr::jpeg
