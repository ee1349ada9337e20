// The decoders of the rare codings, which the codecs module passes to bmp::open_source().
#pragma once

#include "image/bmp/coded_rows.hpp"

namespace netocr::bmp {

// An OpenRareRows: see coded_rows.hpp.
Result<std::unique_ptr<CodedRows>> open_rare_rows(const Header& header);

}  // namespace netocr::bmp
