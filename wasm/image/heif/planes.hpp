// Converts the samples that another decoder made of the tiles to rows of planes, cropped and in JFIF's
// colours.
#pragma once

#include "image/heif/tiles.hpp"
#include "image/open/open_image.hpp"

namespace netocr::heif {

// The layout of chroma in memory.
enum class ChromaOrder : std::uint8_t {
  kPlanes,       // "I420": Cb, then Cr
  kInterleaved,  // "NV12": Cb and Cr in turn
};

// The layout of the canvas's samples: luma row y starts at y * width; the first chroma plane, or both
// interleaved, at `chroma`; the second one at `second_chroma`. Each plane ends with a spare row, which
// WebCodecs' copyTo() requires to write a tile into a wider picture, as it counts whole strides.
struct CanvasLayout {
  std::size_t width = 0, height = 0;
  std::size_t chroma_width = 0, chroma_height = 0;  // halves, rounded up
  std::size_t chroma = 0, second_chroma = 0, size = 0;
};
struct CanvasSize {
  std::uint64_t width = 0, height = 0;
};
// Errors: IMAGE_TOO_LARGE.
Result<CanvasLayout> layout_of(CanvasSize canvas);

// Whether open_decoded() converts from the matrix: BT.601, BT.709, BT.2020 (non-constant luminance), or
// unspecified, which is read as BT.601.
bool is_converted(const SampleCoding& coding);

// Opens a picture whose rows are read from `samples`, which have the layout of layout_of() and must outlive
// it. Errors: INVALID_ARGUMENT for another number of samples, OUT_OF_MEMORY, those of read_coded_picture().
Result<std::unique_ptr<OpenImage>> open_decoded(Bytes file, Bytes samples, ChromaOrder order,
                                                const Limits& limits);

}  // namespace netocr::heif
