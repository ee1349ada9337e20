// Implements open_planes() without a decoder. The module's size is the baseline that the others have in
// common.
#include "planes.hpp"

namespace netocr::bench {

Result<std::unique_ptr<RowSource>> open_planes(jpeg::File&, const WantedSize&, const Limits&) {
  return std::unique_ptr<RowSource>();
}

}  // namespace netocr::bench
