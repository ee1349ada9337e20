// Rows of a BMP whose storage differs from their decoded form, and the interface of their decoders. Codings
// that only OS/2 wrote, and pixels of 64 bits, are left to the codecs module: the core contains none of their
// decoders.
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

  // Returns whether rows or pixels are missing, or a code is damaged.
  virtual bool truncated() const = 0;
  // Returns the number of rows, as stored, that are complete.
  virtual std::uint32_t whole_rows() const = 0;
  // Writes row `row`, counted as stored (0 is the bottom one of most files), to `pixels`: indices into the
  // palette (width bytes) if has_indices(coding), else RGBA (4 * width bytes). Missing pixels have index 0 or
  // are transparent.
  virtual void decode(std::uint32_t row, std::uint8_t* pixels) const = 0;
};

// Opens the rows of a header whose coding is rare. It is null in a module that leaves such files to another
// one. Errors: CORRUPT_IMAGE, OUT_OF_MEMORY.
using OpenRareRows = Result<std::unique_ptr<CodedRows>> (*)(const Header& header);

// Returns as CodedRows what Rows::create() builds from a header.
template <typename Rows>
Result<std::unique_ptr<CodedRows>> open_coded_rows(const Header& header) {
  NETOCR_ASSIGN(auto rows, Rows::create(header));
  NETOCR_ASSIGN(std::unique_ptr<CodedRows> kept, make_nothrow<Rows>(std::move(rows)));
  return kept;
}

}  // namespace netocr::bmp
