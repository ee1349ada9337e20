// Each of our two decoders says whether the file is one of its kind.
#include "image/jpeg/source.hpp"

#include "image/jpeg/decode/header.hpp"
#include "image/jpeg/decode/progressive.hpp"
#include "image/jpeg/decode/sequential.hpp"

namespace netocr::jpeg {

Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const WantedSize& wanted, const Limits& limits) {
  NETOCR_ASSIGN(const auto& header, read_checked_header(bytes, limits));
  auto sequential = open_sequential(bytes, header, wanted);
  if (!sequential.ok() || *sequential != nullptr) return sequential;
  auto progressive = open_progressive(bytes, header, wanted, limits);
  if (!progressive.ok() || *progressive != nullptr) return progressive;
  return Error{ErrorCode::kUnsupportedFeature, 0, "this JPEG is decoded by the codecs module only", true};
}

}  // namespace netocr::jpeg
