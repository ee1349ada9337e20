// Decides which TIFFs are decoded, and names the remedy for the others.
#pragma once

#include "image/tiff/header.hpp"

namespace netocr::tiff {

// Checks whether this variant is decoded. Errors: UNSUPPORTED_FEATURE, CORRUPT_IMAGE (values that contradict
// each other).
Status check_variant(const Header& header);

// Returns whether photometric or compression are those of a camera's sensor data.
bool is_sensor_data(const Header& header);

}  // namespace netocr::tiff
