// Passes bytes between JavaScript and C++: a (pointer, length) pair is checked against the heap before it is
// read, and results are copied Uint8Arrays. README.md documents the ownership.
#pragma once

#include <emscripten/val.h>

#include <vector>

#include "base/buffer.hpp"

namespace netocr::bindings {

// `pointer` and `length` are whole numbers inside the module's heap; the caller keeps ownership. Errors:
// INVALID_ARGUMENT. A length of 0 is no error here: the layers return EMPTY_INPUT.
Result<Bytes> heap_bytes(double pointer, double length);

// `parts`: an array of [pointer, length]. Errors: INVALID_ARGUMENT (also for more than 2 parts).
Result<std::vector<Bytes>> heap_parts(const emscripten::val& parts);

// Returns a separate Uint8Array, which no later call changes.
emscripten::val copied_bytes(Bytes bytes);

// Returns whether `bytes` more can be allocated now; the glue of emscripten fetch does not check that itself.
bool can_hold(double bytes);

struct MemoryRecord {
  double heap_bytes;       // size of the WebAssembly memory; it never shrinks
  double allocated_bytes;  // total of the live allocations of malloc
};
MemoryRecord memory();

}  // namespace netocr::bindings
