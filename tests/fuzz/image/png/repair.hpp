// PNG (ISO/IEC 15948) guards its chunks and its pixels by check sums and sizes. A fuzzer cannot guess them,
// so the png target mends them.
#pragma once

#include <vector>

#include "base/buffer.hpp"

namespace netocr::fuzz {

// A copy whose chunks, as far as they can be walked, have the CRC that their contents ask for.
std::vector<std::uint8_t> with_good_check_sums(Bytes png);

// The same, and with just the rows that the header asks for: those that can be inflated, then zeroes. Empty
// when it has no usable header, or is larger than kSmallLimits allow.
std::vector<std::uint8_t> with_whole_rows(Bytes png);

}  // namespace netocr::fuzz
