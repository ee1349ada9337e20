// prepare: a photo as it came from a person -> an upright, metadata-free JPEG within a byte budget.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "base/limits.hpp"
#include "image/jpeg/encode/effort.hpp"
#include "image/meta/image_info.hpp"

namespace netocr {

struct PrepareOptions {
  std::uint32_t max_bytes = 200 * 1024;  // of the file that goes out; at least 1024
  std::uint32_t max_edge = 1600;         // longer side in pixels; 16..65500
  std::uint8_t min_quality = 30;         // below this (1..95) the dimensions are reduced instead
  std::uint8_t max_quality = 95;         // never spend bytes beyond this (min_quality..100)
  jpeg::Effort effort = jpeg::Effort::kDefault;
  bool allow_truncated = false;  // a picture of which less than half is there is prepared too
  Limits limits{};
  // Called with a fraction 0..1 that never falls, at most about 50 times; may be null.
  void (*on_progress)(void* context, double fraction) = nullptr;
  void* progress_context = nullptr;
};

struct Prepared {
  Buffer bytes;
  ImageFormat format = ImageFormat::kJpeg;  // kJpeg, or kPng when lossless
  std::uint32_t width = 0;                  // upright pixels
  std::uint32_t height = 0;
  std::uint8_t quality = 0;  // IJG-scale quality that was reached; 0 when lossless
  // The picture was within edge and budget: it was written anew without a change to its coefficients or
  // pixels.
  bool lossless = false;
  // Rows of the stored picture, from its top, that the file holds: source.height unless it is cut off or
  // damaged (kWarnTruncated).
  std::uint32_t decoded_rows = 0;
  ImageInfo source{};
  std::uint32_t warnings = 0;  // ImageWarning bits
};

// Errors: INVALID_ARGUMENT, CORRUPT_IMAGE (also when no row of the picture is there, or less than half of it
// without allow_truncated), those of open_image and of the decoders, BUDGET_UNREACHABLE, OUT_OF_MEMORY.
Result<Prepared> prepare_image(Bytes bytes, const PrepareOptions& options);

}  // namespace netocr
