// Implements open_planes() by wasm/image/jpeg/decode.
#include "image/jpeg/decode/progressive.hpp"
#include "image/jpeg/decode/sequential.hpp"
#include "planes.hpp"

namespace netocr::bench {

Result<std::unique_ptr<RowSource>> open_planes(jpeg::File& file, const WantedSize& wanted,
                                               const Limits& limits) {
  auto sequential = jpeg::open_sequential(file, wanted);
  if (!sequential.ok() || *sequential != nullptr) return sequential;
  return jpeg::open_progressive(file, wanted, limits);
}

}  // namespace netocr::bench
