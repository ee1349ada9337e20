// Restart markers (ITU-T T.81 E.2.4): finding the next one, also where some are wrong or missing.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::jpeg {

bool is_restart_marker(Bytes bytes, std::size_t position);

struct RestartFound {
  std::size_t position = 0;  // of the data behind the marker; of the marker itself when `there` is false
  bool there = false;        // false when another marker comes first: the interval has no data
  bool damaged = false;
};

// Looks for the marker number `wanted` (0..7) from `position` on. libjpeg's rules: one or two ahead of the
// wanted one means that it is missing, one or two behind it that some came twice, and any other number is
// taken for it.
RestartFound find_restart(Bytes bytes, std::size_t position, std::uint32_t wanted);

}  // namespace netocr::jpeg
