// openjpeg's memory, in place of its own functions. Its return codes do not tell a lack of memory from a
// damaged file, and it goes on with null pointers after some allocations that fail; here no allocation comes
// back without memory: it ends the call.
#pragma once

#include <cstddef>

#include "base/codec_guard.hpp"

namespace netocr::jp2 {

// All memory that the library takes in calls of run(). Not movable: the blocks point at each other.
class Heap {
 public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap() { free_all(); }

  // Calls step(context), which calls the library and keeps only trivially destructible locals. False: there
  // was not enough memory; whatever the library had is given back, also from earlier calls.
  [[nodiscard]] bool run(void (*step)(void* context), void* context);

  // A block's neighbours; the block itself follows at kHeaderBytes.
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
