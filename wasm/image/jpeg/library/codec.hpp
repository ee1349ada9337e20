// Wraps libjpeg-turbo: errors by Error and longjmp, bytes from memory, limits on the work of scans, planes as
// they are in the file.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/buffer.hpp"
#include "base/error.hpp"
#include "image/jpeg/decode/file.hpp"
#include "image/jpeg/decode/scan_limits.hpp"
#include "image/jpeg/library/picture.hpp"
#include "image/jpeg/library/row_count.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// The destination of a component's rows: v * block rows of whole blocks.
struct PlaneTarget {
  std::uint8_t* samples = nullptr;
  std::size_t stride = 0;
};

// The object must not move, as the library's callbacks reach it through the library's own structure.
class Codec {
 public:
  Codec();
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  ~Codec();

  // Reads the headers up to the first scan and chooses a scale of n/8. The file's bytes must outlive the
  // codec, the File need not. Errors: CORRUPT_IMAGE, IMAGE_TOO_LARGE, UNSUPPORTED_FEATURE, OUT_OF_MEMORY.
  Status open(File& file, const WantedSize& wanted, const Limits& limits);

  // Valid after open().
  const Picture& picture() const { return picture_; }

  // Reads one row of MCUs of each component; the first call decodes all scans of a file of several. Errors:
  // as open().
  Status read(const std::array<PlaneTarget, kMaxComponents>& targets);

  // Returns the number of rows of the scaled picture that read() has not returned yet. When it is 0 the
  // caller calls finish().
  std::uint32_t rows_left() const;
  void finish();

  // Returns whether entropy-coded data is missing or wrong.
  bool is_damaged() const { return damaged_; }
  // Returns the number of rows of the picture at full size that were decoded from the file's data so far.
  std::uint32_t decoded_rows() const;

 private:
  struct Callbacks;
  struct Library;

  // Calls step(context), which may call the library (see run_guarded).
  Status run(void (*step)(void* context), void* context);
  Status read_headers(Bytes bytes, const Header& header);
  Status limit_memory(File& file, const Limits& limits);
  void end_at(std::size_t size);
  void note_rows();
  [[noreturn]] void fail(ErrorCode code, const char* detail);
  bool next_part();

  std::unique_ptr<Library> library_;
  Picture picture_;
  Bytes bytes_;
  // A height from a DNL marker is inserted into the frame header on the fly: the library receives the bytes
  // before it, these two, and the bytes after it.
  std::uint8_t height_[2]{};
  std::size_t height_offset_ = 0;
  std::size_t part_end_ = 0;  // offset in bytes_ of the end of the part that the library has
  Error error_{};
  ScanBudget budget_;
  RowCount rows_;
  int scans_ = 0;
  bool created_ = false;
  bool decoding_ = false;     // headers are read, scans are being decoded
  bool started_ = false;      // read() was called
  bool reached_end_ = false;  // the library requested bytes past the last one
  bool damaged_ = false;
};

}  // namespace netocr::jpeg
