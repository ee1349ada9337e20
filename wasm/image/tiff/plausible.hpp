// Checks whether a TIFF can contain what its tags claim, before memory of the picture's size is allocated.
#pragma once

#include "image/tiff/header.hpp"

namespace netocr::tiff {

// No photo has a longer list of strips or tiles: 120 megapixels in tiles of 16 x 16 are 468,750.
inline constexpr std::uint64_t kMaxPieces = 500'000;

// The header must have passed check_variant(). Errors: IMAGE_TOO_LARGE (more than kMaxPieces strips or
// tiles), CORRUPT_IMAGE (a file too short for its dimensions).
Status check_plausible(const Header& header, std::size_t file_bytes);

}  // namespace netocr::tiff
