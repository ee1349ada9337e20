// Finds the next restart marker (ITU-T T.81 E.2.4), also when some are wrong or missing.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::jpeg {

bool is_restart_marker(Bytes bytes, std::size_t position);

struct RestartFound {
  std::size_t position = 0;  // offset behind the marker; of the marker when `there` is false
  bool there = false;        // false when another marker comes first: the interval has no data
  bool damaged = false;
};

// Searches for the marker number `wanted` (0..7) from `position` on by libjpeg's rules: one or two ahead of
// the wanted number means that it is missing, one or two behind that some markers are duplicated, and any
// other number counts as the wanted one.
RestartFound find_restart(Bytes bytes, std::size_t position, std::uint32_t wanted);

}  // namespace netocr::jpeg
