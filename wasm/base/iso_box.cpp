// Reads box headers:  u32 size | u32 type | u64 size when the first is 1 | payload
#include "base/iso_box.hpp"

namespace netocr {

Result<IsoBox> read_iso_box(ByteReader& reader, ErrorCode damaged) {
  constexpr std::uint32_t kToTheEnd = 0;
  constexpr std::uint32_t kLargeSize = 1;
  const std::size_t start = reader.position();
  const std::size_t available = reader.remaining();
  std::uint64_t size = reader.u32be();
  IsoBox box;
  box.type = reader.u32be();
  if (size == kToTheEnd)
    size = available;
  else if (size == kLargeSize)
    size = reader.u64be();
  if (!reader.ok()) return Error{damaged, start, "a box is cut off"};
  if (size < reader.position() - start) return Error{damaged, start, "a box is smaller than its header"};
  box.is_whole = size <= available;
  const std::size_t end = start + static_cast<std::size_t>(box.is_whole ? size : available);
  box.payload = reader.until(end);
  reader.seek(end);
  return box;
}

}  // namespace netocr
