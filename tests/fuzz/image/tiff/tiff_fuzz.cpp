// Fuzzes tiff: TIFF files are prepared.
#include "fuzz/fuzz.hpp"
#include "fuzz/image/prepare_check.hpp"

namespace netocr::fuzz {

bool run_tiff(Bytes bytes) { return prepare_if(bytes, {ImageFormat::kTiff}); }

}  // namespace netocr::fuzz
