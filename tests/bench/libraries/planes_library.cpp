// Implements open_planes() by libjpeg-turbo (wasm/image/jpeg/library): planes without upsampling, at n/8 of
// the size.
#include "image/jpeg/library/source.hpp"
#include "planes.hpp"

namespace netocr::bench {

Result<std::unique_ptr<RowSource>> open_planes(jpeg::File& file, const WantedSize& wanted,
                                               const Limits& limits) {
  return jpeg::open_library_source(file, wanted, limits);
}

}  // namespace netocr::bench
