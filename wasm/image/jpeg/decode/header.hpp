// The values in a JPEG's markers (ITU-T T.81 Annex B) before a scan is read, and their interpretation.
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
  // The position of the height in the frame header when a DNL marker defines `height`; 0 when the frame
  // header does.
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
  bool has_metadata = false;  // see ImageInfo::has_metadata
  bool complete = false;      // EOI was found, or was not looked for, as there is metadata
};

// Returns the meaning of the components by libjpeg's rules: JFIF, then Adobe, then component names.
ColorModel color_model(const Header& header);

// Returns OK when the core or the codecs module decodes the file; otherwise UNSUPPORTED_FEATURE with a detail
// that names the variant and a remedy.
Status check_variant(const Header& header);

// Returns the ImageInfo with the `decodable` of a module that decodes every such variant.
ImageInfo image_info(const Header& header);

}  // namespace netocr::jpeg
