// Turns a JPEG upright without decoding its samples, by permuting blocks and frequencies and changing signs.
#pragma once

#include "image/jpeg/rewrite/levels.hpp"
#include "image/meta/orientation.hpp"

namespace netocr::jpeg {

// Returns whether the picture can be turned this way. Mirrored axes must have whole MCUs, since the padding
// samples of the last MCU would otherwise move into the picture.
bool can_turn(const StoredLevels& levels, Orientation orientation);

// Returns the upright picture's levels, in kLevelUnit, without the blocks that only pad MCUs; can_turn() must
// hold. Returns nothing when a level exceeds those of a baseline JPEG. Errors: OUT_OF_MEMORY.
Result<std::optional<Frame>> upright_frame(const StoredLevels& levels, Orientation orientation);

// Returns a quantisation table of the upright picture.
QuantTable turned_steps(const QuantTable& steps, Orientation orientation);

}  // namespace netocr::jpeg
