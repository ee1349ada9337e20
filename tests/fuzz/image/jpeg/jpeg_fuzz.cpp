// Fuzzes jpeg: JPEG files are prepared.
#include "fuzz/fuzz.hpp"
#include "fuzz/image/prepare_check.hpp"

namespace netocr::fuzz {

bool run_jpeg(Bytes bytes) { return prepare_if(bytes, {ImageFormat::kJpeg}); }

}  // namespace netocr::fuzz
