// Replaces openjpeg's allocation functions. Its return codes do not distinguish a lack of memory from a
// damaged file, and it continues with null pointers after some failed allocations; here a failed allocation
// ends the call.
#pragma once

#include <cstddef>

#include "base/codec_guard.hpp"

namespace netocr::jp2 {

// Owns all memory that the library allocates in calls of run(). It is not movable, as the blocks point at
// each other.
class Heap {
 public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap() { free_all(); }

  // Calls step(context), which calls the library and keeps only trivially destructible locals. Returns false
  // when memory ran out; all of the library's memory is then freed, also that of earlier calls.
  [[nodiscard]] bool run(void (*step)(void* context), void* context);

  // The links of a block; the block itself follows at kHeaderBytes.
  struct Link {
    Link* previous = this;
    Link* next = this;
  };

 private:
  friend struct HeapAccess;
  void free_all();

  Link blocks_;
  CodecGuard guard_;
};

}  // namespace netocr::jp2
