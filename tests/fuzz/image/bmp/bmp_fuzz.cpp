// Fuzzes bmp: BMP files are prepared.
#include "fuzz/fuzz.hpp"
#include "fuzz/image/prepare_check.hpp"

namespace netocr::fuzz {

bool run_bmp(Bytes bytes) { return prepare_if(bytes, {ImageFormat::kBmp}); }

}  // namespace netocr::fuzz
