// Our own decoders first; each says whether the file is one of its kind.
#include "image/jpeg/source.hpp"

#include "image/jpeg/decode/header.hpp"
#include "image/jpeg/decode/progressive.hpp"
#include "image/jpeg/decode/sequential.hpp"
#include "image/jpeg/library/source.hpp"

namespace netocr::jpeg {
namespace {

Result<Header> read_checked_header(Bytes bytes, const Limits& limits) {
  NETOCR_ASSIGN(auto header, read_header(bytes, Walk::kFirstScan));
  NETOCR_TRY(check_variant(header));
  NETOCR_TRY(check_dimensions(header.width, header.height, limits));
  return header;
}

}  // namespace

Result<std::unique_ptr<RowSource>> open_source(Bytes bytes, const WantedSize& wanted, const Limits& limits) {
  NETOCR_ASSIGN(const auto& header, read_checked_header(bytes, limits));
  auto sequential = open_sequential(bytes, header, wanted);
  if (!sequential.ok() || *sequential != nullptr) return sequential;
  auto progressive = open_progressive(bytes, header, wanted, limits);
  if (!progressive.ok() || *progressive != nullptr) return progressive;
  return open_library_source(bytes, header, wanted, limits);
}

Result<std::unique_ptr<RowSource>> open_with_library(Bytes bytes, const WantedSize& wanted,
                                                     const Limits& limits) {
  NETOCR_ASSIGN(const auto& header, read_checked_header(bytes, limits));
  return open_library_source(bytes, header, wanted, limits);
}

}  // namespace netocr::jpeg
