// The exports of codecs.mjs: the core's image functions, for every format, and HEIC by the browser's decoder.
#include <emscripten/bind.h>

#include "bindings/files.hpp"
#include "bindings/heap.hpp"
#include "bindings/heic.hpp"

namespace netocr::bindings {

EMSCRIPTEN_BINDINGS(netocr_codecs) {
  emscripten::value_object<MemoryRecord>("Memory")
      .field("heapBytes", &MemoryRecord::heap_bytes)
      .field("allocatedBytes", &MemoryRecord::allocated_bytes);

  emscripten::function("readableFormats", &readable_formats);
  emscripten::function("inspectImage", &inspect_image_record);
  emscripten::function("prepareImage", &prepare_image_record);
  emscripten::function("heicTiles", &heic_tiles_record);
  emscripten::function("prepareHeic", &prepare_heic_record);
  emscripten::function("memory", &memory);
}

}  // namespace netocr::bindings
