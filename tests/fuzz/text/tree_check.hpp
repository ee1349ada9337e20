// Checks what every tree promises that the readers of JSON and XML return.
#pragma once

#include "text/tree.hpp"

namespace netocr::fuzz {

// Requires document order: a parent comes before its children, and every child is in its parent's list once.
void require_sound(const Tree& tree, std::size_t input_bytes);

// Requires that no node is deeper than kSmallLimits allow.
void require_depth(const Tree& tree);

}  // namespace netocr::fuzz
