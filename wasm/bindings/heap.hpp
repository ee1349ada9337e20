// The crossing of bytes: a (pointer, length) pair from JavaScript is checked against the heap before anything
// reads it, and what goes out is a copied Uint8Array. Who owns what is told in README.md.
#pragma once

#include <emscripten/val.h>

#include <vector>

#include "base/buffer.hpp"

namespace netocr::bindings {

// `pointer` and `length` are whole numbers inside the module's heap; the memory stays the caller's.
// Errors: INVALID_ARGUMENT. A length of 0 is no error here: the layers answer EMPTY_INPUT.
Result<Bytes> heap_bytes(double pointer, double length);

// `parts`: an array of [pointer, length]. Errors: INVALID_ARGUMENT (also for more than 2 parts).
Result<std::vector<Bytes>> heap_parts(const emscripten::val& parts);

// A Uint8Array of its own, which no later call changes.
emscripten::val copied_bytes(Bytes bytes);

// True when `bytes` more can be allocated now; the glue of emscripten fetch does not check that itself.
bool can_hold(double bytes);

struct MemoryRecord {
  double heap_bytes;       // size of the WebAssembly memory; it never shrinks
  double allocated_bytes;  // what malloc has given out
};
MemoryRecord memory();

}  // namespace netocr::bindings
