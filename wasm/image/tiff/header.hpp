// The tags of a TIFF's main picture (TIFF 6.0, its Technical Notes 1 and 2, BigTIFF): sizes, layout, colour,
// profile. They are read without libtiff, so that every value is checked before it is used.
#pragma once

#include <array>
#include <cstdint>

#include "base/tiff_ifd.hpp"
#include "image/meta/image_info.hpp"
#include "image/tiff/compression.hpp"
#include "image/tiff/photometric.hpp"

namespace netocr::tiff {

enum class SampleType : std::uint8_t { kUnsigned, kSigned, kFloat, kOther };
enum class Alpha : std::uint8_t { kNone, kAssociated, kStraight };  // associated: premultiplied

// The colours of a palette: three runs (red, green, blue) of `count` 16-bit values in the file.
struct ColorMap {
  Bytes bytes;
  std::uint32_t count = 0;
  bool big_endian = false;

  // `channel` is 0..2, `index` below count.
  std::uint16_t at(std::uint32_t channel, std::uint32_t index) const;
};

// The tags of old-style JPEG (TIFF 6.0 section 22). Missing offsets are 0.
struct OldJpeg {
  std::uint16_t process = 1;       // 1: sequential, 14: lossless
  std::uint64_t stream = 0;        // JPEGInterchangeFormat: offset of a JPEG stream, whole or only its head
  std::uint64_t stream_bytes = 0;  // length of the stream in the file's tags; often missing or wrong
  std::uint16_t restart_interval = 0;
  // Offsets of one table for each component: 64 bytes in zigzag order, or 16 numbers of codes and their
  // values.
  TiffField quant_tables;
  TiffField dc_tables;
  TiffField ac_tables;
};

struct Header {
  bool big_endian = false;
  bool big_tiff = false;
  // The offset of this directory.
  std::uint64_t directory = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t orientation = 1;
  std::uint16_t bits_per_sample = 1;
  std::uint16_t samples_per_pixel = 1;
  bool same_bits = true;  // every sample has bits_per_sample
  SampleType samples = SampleType::kUnsigned;
  std::uint16_t compression = kCompressionNone;
  std::uint16_t photometric = kPhotometricBlackIsZero;
  std::uint16_t ink_set = 1;  // 1: CMYK
  bool planar = false;        // each sample has its own strips or tiles
  std::uint16_t depth = 1;    // number of slices of a volume
  // Without a tag four samples of RGB have associated alpha, as in libtiff's RGBA reader.
  Alpha alpha = Alpha::kNone;
  std::uint16_t alpha_sample = 0;  // index of the alpha sample in a pixel
  bool is_tiled = false;
  std::uint32_t piece_width = 0;   // width of a tile or a strip (the whole width)
  std::uint32_t piece_height = 0;  // height of a tile, or rows of a strip; at most `height` for strips
  TiffField piece_offsets;         // offsets of the strips or tiles that the file lists
  TiffField piece_lengths;
  OldJpeg old_jpeg;
  std::array<std::uint16_t, 2> subsampling{2, 2};  // horizontal and vertical factors of YCbCr; else 1, 1
  std::array<double, 3> luma{0.299, 0.587, 0.114};
  std::array<double, 6> reference{0, 255, 128, 255, 128, 255};  // ReferenceBlackWhite of YCbCr, in 8 bits
  std::array<double, 2> white{0.3457, 0.3585};  // chromaticity of Lab's white: D50, or WhitePoint
  double sample_low = 0;                        // range of float samples
  double sample_high = 1;
  ColorMap colors;
  Bytes profile;  // ICC profile, a view of the file; empty when there is none
  bool has_metadata = false;
  bool is_camera_raw = false;  // sensor data, or a small substitute for it: there is no picture to show
};

// Returns the header of the file's main picture, which is
// - the first page, or a larger full picture below it (SubIFDs): scans and faxes of several pages are
//   represented by their first;
// - when the first page is marked as a thumbnail or mask, or has the shape and at most a sixteenth of the
//   pixels of another, the largest full picture of all others (the first of those marked as pages of a
//   document); when all are marked so, the largest that is no mask;
// - in a camera raw file (sensor data, DNG) the largest picture of the sensor's size, however it is marked;
//   without one, the header has `is_camera_raw`.
// Directories below another one inherit its orientation if they have none. At most 64 directories are read.
// Errors: CORRUPT_IMAGE.
Result<Header> read_header(Bytes bytes);

}  // namespace netocr::tiff
