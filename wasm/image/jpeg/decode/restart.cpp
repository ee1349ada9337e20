// Makes the same decisions as libjpeg's jpeg_resync_to_restart().
#include "image/jpeg/decode/restart.hpp"

#include "base/jpeg_marker.hpp"
#include "image/jpeg/common/marker_byte.hpp"

namespace netocr::jpeg {
namespace {

using namespace jpeg_marker;

// Returns the place of the next marker's 0xFF; the size of the file when there is none.
std::size_t next_marker(Bytes bytes, std::size_t position) {
  for (; (position = find_marker_byte(bytes, position)) + 1 < bytes.size(); ++position) {
    if (bytes[position + 1] != 0 && bytes[position + 1] != 0xFF) return position;
  }
  return bytes.size();
}

}  // namespace

bool is_restart_marker(Bytes bytes, std::size_t position) {
  position = next_marker(bytes, position);
  return position < bytes.size() && is_restart(bytes[position + 1]);
}

RestartFound find_restart(Bytes bytes, std::size_t position, std::uint32_t wanted) {
  bool damaged = false;
  while (true) {
    position = next_marker(bytes, position);
    if (position >= bytes.size()) return {position, false, true};
    const std::uint8_t marker = bytes[position + 1];
    const std::uint32_t ahead = (marker - kRst0 - wanted) & 7U;
    const bool restart = is_restart(marker);
    if (restart && (ahead == 0 || (ahead >= 3 && ahead <= 5)))
      return {position + 2, true, damaged || ahead != 0};
    damaged = true;
    if (marker >= kSof0 && (!restart || ahead <= 2)) return {position, false, true};
    position += 2;
  }
}

}  // namespace netocr::jpeg
