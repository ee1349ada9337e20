// What a JPEG's markers (ITU-T T.81 Annex B) say before a scan is read, and what follows from it.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
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

// libjpeg's rules (JFIF, then Adobe, then component names) for what the components mean.
ColorModel color_model(const Header& header);

// OK when open_source() decodes it; UNSUPPORTED_FEATURE with a detail that names the variant and a way out
// otherwise.
Status check_variant(const Header& header);

}  // namespace netocr::jpeg
