// What the second module hands to bmp::open_source(): the decoders of the rare codings.
#pragma once

#include "image/bmp/coded_rows.hpp"

namespace netocr::bmp {

// An OpenRareRows.
Result<std::unique_ptr<CodedRows>> open_rare_rows(const Header& header);

}  // namespace netocr::bmp
