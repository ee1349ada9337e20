// JPEG rows by libjpeg-turbo: for what our own decoder does not read, and as its oracle.
#pragma once

#include <memory>

#include "image/jpeg/decode/header.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::jpeg {

// As open_source. `header` is that of `bytes`, of a variant that is decoded and of a size within the
// limits; `bytes` outlive the source.
Result<std::unique_ptr<RowSource>> open_library_source(Bytes bytes, const Header& header,
                                                       const WantedSize& wanted, const Limits& limits);

}  // namespace netocr::jpeg
