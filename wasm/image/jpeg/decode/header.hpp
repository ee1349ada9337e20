// Our own walk over a JPEG's markers (ITU-T T.81 Annex B): what inspect_image and the decoder need to know
// before a scan is read. Decodes no pixels.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/limits.hpp"
#include "base/result.hpp"
#include "image/meta/image_info.hpp"

namespace netocr::jpeg {

// The coding processes of the SOF markers.
enum class Process : std::uint8_t { kSequential, kProgressive, kLossless, kHierarchical };

struct Component {
  std::uint8_t id = 0;
  std::uint8_t h = 0;  // horizontal sampling factor, 1..4
  std::uint8_t v = 0;
};

struct Header {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  // Where the frame header says its height when a DNL marker gave `height`; 0 when the frame header did.
  std::size_t height_offset = 0;
  std::uint8_t bits_per_sample = 0;
  Process process = Process::kSequential;
  bool arithmetic = false;
  std::uint8_t component_count = 0;
  std::array<Component, 4> components{};  // the first four
  bool has_jfif = false;
  bool has_adobe = false;
  std::uint8_t adobe_transform = 0;
  std::uint8_t orientation = 1;
  bool has_metadata = false;  // what ImageInfo::has_metadata says
  bool complete = false;      // EOI was found, or was not looked for because there is metadata
};

// How far a header is read.
enum class Walk : std::uint8_t {
  kFirstScan,  // has_metadata and complete mean nothing
  kWhole,
};

// The height is that of a DNL marker behind the first scan where the frame header has none or a larger one
// (lines.hpp tells in which files it is looked for). Segments with a length of 0 or 1 are read as
// libjpeg does: empty where they can be passed over, and the end of all that is readable elsewhere. Errors:
// CORRUPT_IMAGE when there is no readable frame header before the first scan, or no height.
Result<Header> read_header(Bytes bytes, Walk extent);

// Where the segment begins that the file ends within, behind the first scan; the size of the file when it
// ends anywhere else. libjpeg gives up on a table that is cut off, however many scans it has read by then.
std::size_t whole_bytes(Bytes bytes);

// Bytes of all scans of a JPEG without their headers, with restart markers and stuffed zeroes.
std::uint64_t entropy_bytes(Bytes bytes);

// The bytes of the ICC profile in the APP2 segments; empty when there is none. Errors: CORRUPT_IMAGE.
Result<Buffer> read_profile(Bytes bytes);

// libjpeg's rules (JFIF, then Adobe, then component names) for what the components mean.
ColorModel color_model(const Header& header);

// OK when one of the decoders reads it; UNSUPPORTED_FEATURE with a detail that names the variant and a way
// out otherwise.
Status check_variant(const Header& header);

// The header up to the first scan, of a variant that is decoded and a size within the limits. Errors:
// CORRUPT_IMAGE, UNSUPPORTED_FEATURE, IMAGE_TOO_LARGE.
Result<Header> read_checked_header(Bytes bytes, const Limits& limits);

}  // namespace netocr::jpeg
