// No decoder: a module with it says what the others have in common, so that sizes can be told apart.
#include "planes.hpp"

namespace netocr::bench {

Result<std::unique_ptr<RowSource>> open_planes(jpeg::File&, const WantedSize&, const Limits&) {
  return std::unique_ptr<RowSource>();
}

}  // namespace netocr::bench
