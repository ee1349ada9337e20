// libjpeg-turbo's state and callbacks: errors by Error and longjmp, bytes from memory, limits on the work of
// scans.
#pragma once

#include <cstdint>
#include <memory>

#include "base/buffer.hpp"
#include "base/error.hpp"
#include "image/jpeg/decode/header.hpp"
#include "image/jpeg/decode/scan_limits.hpp"
#include "image/jpeg/library/row_count.hpp"

struct jpeg_decompress_struct;  // of jpeglib.h

namespace netocr::jpeg {

// The library's callbacks find it through cinfo.client_data, so it stays where it is.
class Codec {
 public:
  Codec();
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  ~Codec();

  // Reads the headers up to the first scan. `bytes` outlive the codec. Errors: CORRUPT_IMAGE,
  // IMAGE_TOO_LARGE, UNSUPPORTED_FEATURE, OUT_OF_MEMORY.
  Status open(Bytes bytes, const Header& header);

  // Calls step(context), which may call the library (see run_guarded).
  Status run(void (*step)(void* context), void* context);

  // The library's state, after open().
  jpeg_decompress_struct& cinfo();
  const jpeg_decompress_struct& cinfo() const;

  // After open(): the file ends after so many bytes, in front of a segment that is cut off.
  void end_at(std::size_t size);

  // To be called after the last row of MCUs of a file of one scan.
  void note_rows();
  // Rows of the picture at full size that the file's data gave so far.
  std::uint32_t decoded_rows() const;

  bool reached_end = false;  // the library asked for bytes past the last one
  bool damaged = false;      // entropy-coded data is missing or wrong

 private:
  struct Callbacks;
  struct Library;

  [[noreturn]] void fail(ErrorCode code, const char* detail);
  bool next_part();

  std::unique_ptr<Library> library_;
  Bytes bytes_;
  // A height that a DNL marker gives is put into the frame header on the way: the bytes before it, these two,
  // and the bytes after it.
  std::uint8_t height_[2]{};
  std::size_t height_offset_ = 0;
  std::size_t part_end_ = 0;  // offset in bytes_ of the end of what the library has
  Error error_{};
  ScanBudget budget_;
  RowCount rows_;
  int scans_ = 0;
  bool created_ = false;
  bool decoding_ = false;  // headers are read, scans are being decoded
};

}  // namespace netocr::jpeg
