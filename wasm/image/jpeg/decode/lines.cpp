// Decides by the header and the last bytes of the file.
#include "image/jpeg/decode/lines.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/jpeg_marker.hpp"
#include "image/jpeg/decode/scan_limits.hpp"

namespace netocr::jpeg {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::uint32_t kMaxLines = 65500;  // JPEG_MAX_DIMENSION
constexpr std::uint64_t kBlockSide = 8;
// DNL and EOI have eight bytes; the rest allows for the padding that some devices append.
constexpr std::size_t kTail = 64;

bool ends_with_lines(Bytes bytes) {
  const Bytes tail = bytes.last(std::min(bytes.size(), kTail));
  for (std::size_t at = 0; at < tail.size(); ++at) {
    if (bytes_at(tail, at, "\xff\xdc\0\x04"sv)) return true;
  }
  return false;
}

}  // namespace

bool may_define_lines(Bytes bytes, const Header& header, std::uint8_t components) {
  if (header.height == 0 || header.height > kMaxLines) return true;
  if (header.process == Process::kProgressive || components < header.component_count) return true;
  // At least one component is not subsampled.
  const std::uint64_t blocks = (header.width / kBlockSide) * (header.height / kBlockSide);
  return bytes.size() < blocks / kMaxBlocksPerByte || ends_with_lines(bytes);
}

}  // namespace netocr::jpeg
