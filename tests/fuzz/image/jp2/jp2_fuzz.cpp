// Fuzzes jp2: JPEG 2000 files and codestreams are prepared.
#include "fuzz/fuzz.hpp"
#include "fuzz/image/prepare_check.hpp"

namespace netocr::fuzz {

bool run_jp2(Bytes bytes) { return prepare_if(bytes, {ImageFormat::kJp2, ImageFormat::kJ2k}); }

}  // namespace netocr::fuzz
