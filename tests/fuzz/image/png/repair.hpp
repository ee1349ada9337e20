// PNG (ISO/IEC 15948) protects its chunks and pixels by checksums and sizes. A fuzzer cannot guess them, so
// the png target repairs them.
#pragma once

#include <vector>

#include "base/buffer.hpp"

namespace netocr::fuzz {

// Returns a copy whose chunks have the right CRC, as far as the chunks can be walked.
std::vector<std::uint8_t> with_good_check_sums(Bytes png);

// Returns the same with exactly the rows that the header announces: those that can be inflated, then zeroes.
// The result is empty when the file has no usable header or exceeds kSmallLimits.
std::vector<std::uint8_t> with_whole_rows(Bytes png);

}  // namespace netocr::fuzz
