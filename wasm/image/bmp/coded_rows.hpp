// Rows of a BMP that are not stored as they are handed out, and who decodes them. The codings that only OS/2
// wrote, and pixels of 64 bits, are left to the second module: the core's own code knows none of them.
#pragma once

#include <memory>
#include <new>
#include <utility>

#include "base/result.hpp"
#include "image/bmp/header.hpp"

namespace netocr::bmp {

// Decodes one row at a time, in any order.
class CodedRows {
 public:
  virtual ~CodedRows() = default;

  // True when rows or pixels are missing, or some code is damaged.
  virtual bool truncated() const = 0;
  // Rows, counted as stored, that are there from their first to their last pixel.
  virtual std::uint32_t whole_rows() const = 0;
  // Row `row`, counted as stored (0 is the bottom one of most files), into `pixels`: indices into the palette
  // (width bytes) where has_indices(coding), else RGBA (4 * width bytes). What is missing is index 0 or
  // transparent.
  virtual void decode(std::uint32_t row, std::uint8_t* pixels) const = 0;
};

// Opens the rows of a header whose coding is rare. Errors: CORRUPT_IMAGE, OUT_OF_MEMORY. Null in a module
// that leaves such files to another one.
using OpenRareRows = Result<std::unique_ptr<CodedRows>> (*)(const Header& header);

// The CodedRows that a class makes of a header by its own create().
template <typename Rows>
Result<std::unique_ptr<CodedRows>> open_coded_rows(const Header& header) {
  NETOCR_ASSIGN(auto rows, Rows::create(header));
  NETOCR_ASSIGN(std::unique_ptr<CodedRows> kept, make_nothrow<Rows>(std::move(rows)));
  return kept;
}

}  // namespace netocr::bmp
