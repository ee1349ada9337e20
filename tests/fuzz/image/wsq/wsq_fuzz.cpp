// Fuzzes wsq: WSQ files are prepared.
#include "fuzz/fuzz.hpp"
#include "fuzz/image/prepare_check.hpp"

namespace netocr::fuzz {

bool run_wsq(Bytes bytes) { return prepare_if(bytes, {ImageFormat::kWsq}); }

}  // namespace netocr::fuzz
