// Turns a JPEG without decoding its samples: blocks change places, and their frequencies signs and axes.
#pragma once

#include "image/jpeg/rewrite/levels.hpp"
#include "image/meta/orientation.hpp"

namespace netocr::jpeg {

// Whether the picture can be turned so: the axes that are mirrored have whole MCUs, since the samples that
// fill up the last MCU would come to lie inside the picture.
bool can_turn(const StoredLevels& levels, Orientation orientation);

// The upright picture's levels, in kLevelUnit, without the blocks that only fill up MCUs; can_turn() holds.
// Nothing when a level is beyond those of a baseline JPEG. Errors: OUT_OF_MEMORY.
Result<std::optional<Frame>> upright_frame(const StoredLevels& levels, Orientation orientation);

// A quantisation table of the upright picture.
QuantTable turned_steps(const QuantTable& steps, Orientation orientation);

}  // namespace netocr::jpeg
