// Fuzzes webp: WebP files are prepared.
#include "fuzz/fuzz.hpp"
#include "fuzz/image/prepare_check.hpp"

namespace netocr::fuzz {

bool run_webp(Bytes bytes) { return prepare_if(bytes, {ImageFormat::kWebp}); }

}  // namespace netocr::fuzz
