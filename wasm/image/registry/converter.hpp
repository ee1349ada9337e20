// Makes the conversion of profiles with tables by lcms2, in the codecs module.
#pragma once

#include "image/open/open_image.hpp"

namespace netocr {

// complete_colors() (codec.hpp) of the codecs module. Errors: OUT_OF_MEMORY.
Status give_converter(OpenImage& image);

}  // namespace netocr
