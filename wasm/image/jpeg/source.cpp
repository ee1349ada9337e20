// Tries our two decoders in turn; each returns null for a file that it does not support.
#include "image/jpeg/source.hpp"

#include "image/jpeg/decode/progressive.hpp"
#include "image/jpeg/decode/sequential.hpp"

namespace netocr::jpeg {

Result<std::unique_ptr<RowSource>> open_source(File& file, const WantedSize& wanted, const Limits& limits) {
  NETOCR_TRY(check_variant(file.header()));
  NETOCR_TRY(check_dimensions(file.header().width, file.header().height, limits));
  auto sequential = open_sequential(file, wanted);
  if (!sequential.ok() || *sequential != nullptr) return sequential;
  auto progressive = open_progressive(file, wanted, limits);
  if (!progressive.ok() || *progressive != nullptr) return progressive;
  return Error{ErrorCode::kUnsupportedFeature, 0, "this JPEG is decoded by the codecs module only", true};
}

}  // namespace netocr::jpeg
