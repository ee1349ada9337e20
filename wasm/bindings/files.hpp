// Exports about one file: what it is, and making a photo ready for the upload. The bytes stay the caller's.
#pragma once

#include <string>

#include "bindings/records.hpp"

namespace netocr::bindings {

// The word of the format, "unknown" when nothing fits or the range is bad.
std::string sniff_image_word(double pointer, double length);
std::string sniff_video_word(double pointer, double length);

// Whether the header says that the second module reads this picture and the core does not.
bool is_image_left_to_codecs(double pointer, double length);

// The words of the formats that this module decodes, as an array.
emscripten::val readable_formats();

// `limits`: an object of LimitOptions, or undefined.
ImageInfoRecord inspect_image_record(double pointer, double length, const emscripten::val& limits);
VideoInfoRecord inspect_video_record(double pointer, double length, const emscripten::val& limits);
// `options`: VideoOptions, or undefined.
VideoInfoRecord check_video_record(double pointer, double length, const emscripten::val& options,
                                   const emscripten::val& limits);

// `options`: ImageOptions with `limits`, or undefined. `on_progress`: function(fraction) called while it
// works, or undefined; it must not throw and must not call the module. `leftToCodecs` of an error says that
// the second module is to be asked instead.
PreparedRecord prepare_image_record(double pointer, double length, const emscripten::val& options,
                                    emscripten::val on_progress);

// Of a HEIC file that another decoder is to read: the ICC profile that its pixels are in, no bytes where none
// is needed or none is known. Errors: IMAGE_TOO_LARGE (the picture as it is coded), OUT_OF_MEMORY.
BytesRecord heic_profile_record(double pointer, double length, const emscripten::val& limits);

}  // namespace netocr::bindings
