// Exports of `codecs` for HEIC files that the browser's video decoder decodes: the input of that decoder, and
// the preparation of its output.
#pragma once

#include <string>

#include "bindings/records.hpp"

namespace netocr::bindings {

struct HeicTilesRecord : Outcome {
  // Codec strings for the decoder: the exact one first, then one that more decoders accept, if there is one.
  emscripten::val codecs = emscripten::val::array();
  emscripten::val description =
      emscripten::val::null();  // Uint8Array, the decoder configuration record; null after an error
  double tile_width = 0, tile_height = 0, columns = 0, rows = 0;
  // An array [offset, length, ...] of file ranges for each tile, row by row.
  emscripten::val tiles = emscripten::val::array();
};

// Describes the parts for the decoder. Errors: those of heif::read_coded_picture; UNSUPPORTED_FEATURE leaves
// the file to other decoders.
HeicTilesRecord heic_tiles_record(double pointer, double length, const emscripten::val& limits);

// Prepares the picture from the file and the samples of all tiles, in the layout of heif::layout_of().
// `format` is "I420" or "NV12"; `options` and `on_progress` are those of prepare_image_record.
PreparedRecord prepare_heic_record(double pointer, double length, double samples_pointer,
                                   double samples_length, const emscripten::val& format,
                                   const emscripten::val& options, emscripten::val on_progress);

}  // namespace netocr::bindings
