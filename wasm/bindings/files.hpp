// Exports about one file: its format and properties, and the preparation of a photo for the upload. The
// caller keeps ownership of the bytes.
#pragma once

#include <string>

#include "bindings/records.hpp"

namespace netocr::bindings {

// Returns the word of the format, "unknown" when nothing matches or the range is invalid.
std::string sniff_image_word(double pointer, double length);
std::string sniff_video_word(double pointer, double length);

// Returns the words of the formats that this module decodes, as an array.
emscripten::val readable_formats();

// `limits`: an object of LimitOptions, or undefined.
ImageInfoRecord inspect_image_record(double pointer, double length, const emscripten::val& limits);
VideoInfoRecord inspect_video_record(double pointer, double length, const emscripten::val& limits);
// `options`: VideoOptions, or undefined.
VideoInfoRecord check_video_record(double pointer, double length, const emscripten::val& options,
                                   const emscripten::val& limits);

// `options`: ImageOptions with `limits`, or undefined. `on_progress`: function(fraction) called during the
// work, or undefined; it must not throw and must not call the module. `leftToCodecs` of an error means that
// the codecs module decodes the file.
PreparedRecord prepare_image_record(double pointer, double length, const emscripten::val& options,
                                    emscripten::val on_progress);

// Returns the ICC profile of a HEIC file's pixels, for a file that another decoder reads; no bytes when none
// is needed or none is known. Errors: IMAGE_TOO_LARGE (the picture as it is coded), OUT_OF_MEMORY.
BytesRecord heic_profile_record(double pointer, double length, const emscripten::val& limits);

}  // namespace netocr::bindings
