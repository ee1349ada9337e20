// Prepares a user's photo: an upright, metadata-free JPEG within a byte budget.
#pragma once

#include <cstdint>

#include "base/buffer.hpp"
#include "base/limits.hpp"
#include "image/jpeg/encode/effort.hpp"
#include "image/meta/image_info.hpp"
#include "image/open/open_image.hpp"

namespace netocr {

struct PrepareOptions {
  std::uint32_t max_bytes = 200 * 1024;  // max size of the resulting file; at least 1024
  std::uint32_t max_edge = 1600;         // longer side in pixels; 16..65500
  std::uint8_t min_quality = 30;         // min quality (1..95); the dimensions are reduced instead
  std::uint8_t max_quality = 100;        // max quality (min_quality..100)
  jpeg::Effort effort = jpeg::Effort::kDefault;
  bool allow_truncated = false;  // also prepares a picture of which less than half is present
  Limits limits{};
  // Called with a rising fraction 0..1, at most about 50 times; may be null.
  void (*on_progress)(void* context, double fraction) = nullptr;
  void* progress_context = nullptr;
};

struct Prepared {
  Buffer bytes;
  ImageFormat format = ImageFormat::kJpeg;  // kJpeg, or kPng
  std::uint32_t width = 0;                  // size in upright pixels
  std::uint32_t height = 0;
  std::uint8_t quality = 0;  // IJG-scale quality of the result; 0 when lossless or a PNG
  // The picture was within edge and budget: it was rewritten without a change to its coefficients or pixels.
  bool lossless = false;
  // Rows of the stored picture, from its top, that the file contains: source.height unless it is truncated or
  // damaged (kWarnTruncated).
  std::uint32_t decoded_rows = 0;
  ImageInfo source{};
  std::uint32_t warnings = 0;  // ImageWarning bits
};

// Errors: INVALID_ARGUMENT, CORRUPT_IMAGE (also when no row of the picture is present, or less than half of
// it without allow_truncated), those of open_image and of the decoders, BUDGET_UNREACHABLE, OUT_OF_MEMORY.
Result<Prepared> prepare_image(Bytes bytes, const PrepareOptions& options);

// Prepares a picture that is open and within the limits, with the same errors.
Result<Prepared> prepare_image(OpenImage& image, const PrepareOptions& options);

}  // namespace netocr
