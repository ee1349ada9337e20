// PNG (ISO/IEC 15948) guards each chunk by a CRC; a fuzzer cannot guess one, so the png target mends them.
#pragma once

#include <vector>

#include "base/buffer.hpp"

namespace netocr::fuzz {

// A copy whose chunks, as far as they can be walked, have the CRC that their contents ask for.
std::vector<std::uint8_t> with_good_check_sums(Bytes png);

}  // namespace netocr::fuzz
