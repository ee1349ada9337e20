// The formats that only the second module reads, by their names alone: the core, which leaves them to it, has
// none of their code.
#pragma once

#include <array>

#include "sniff/image_format.hpp"

namespace netocr {

inline constexpr std::array kSecondFormats = {ImageFormat::kTiff, ImageFormat::kWsq, ImageFormat::kJp2,
                                              ImageFormat::kJ2k, ImageFormat::kWebp};

}  // namespace netocr
