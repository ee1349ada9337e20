// Whether a TIFF can hold what its tags claim, before anything of the picture's size is allocated or decoded.
#pragma once

#include "image/tiff/header.hpp"

namespace netocr::tiff {

// A strip or tile list longer than this is no photo's: 120 megapixels in tiles of 16 x 16 are 468,750.
inline constexpr std::uint64_t kMaxPieces = 500'000;

// The header is a checked one (check_variant). Errors: IMAGE_TOO_LARGE (more strips or tiles than that),
// CORRUPT_IMAGE (a file too short for its dimensions).
Status check_plausible(const Header& header, std::size_t file_bytes);

}  // namespace netocr::tiff
