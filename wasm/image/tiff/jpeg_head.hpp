// What stands before the entropy-coded data of a JPEG (ITU-T T.81 annex B), from wherever a TIFF of old-style
// JPEG keeps its parts: in tags, at the head of a stream, at the head of a strip.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::tiff {

// Tables that tags point to, without markers: 64 bytes, or 16 numbers of codes and their values. One for each
// component; one that is empty is that of the component before.
struct JpegTables {
  std::array<Bytes, 3> quant{};
  std::array<Bytes, 3> dc{};
  std::array<Bytes, 3> ac{};
};

// All bytes are parts of the file. What is read later takes the place of what was there.
struct JpegHead {
  static constexpr std::size_t kMaxSegments = 32;

  std::array<Bytes, kMaxSegments> tables{};  // DQT and DHT segments with their markers
  std::size_t table_count = 0;
  std::uint8_t frame_code = 0xC0;  // of the SOF marker
  Bytes frame;                     // what follows its length: precision, height, width, components
  Bytes scan;                      // what follows the length of SOS
  std::uint16_t restart_interval = 0;
  bool has_start = false;  // SOI
  bool has_quant = false;  // a DQT segment

  // Offsets of T.81 B.2.2. Zero without a frame; a height of 0 is told by a DNL marker behind the scan.
  std::uint32_t height() const { return number(1); }
  std::uint32_t width() const { return number(3); }
  std::uint8_t components() const { return frame.empty() ? std::uint8_t{0} : frame[5]; }

  // Takes over the markers that `stream` begins with. Gives the offset of what follows them: the
  // entropy-coded data after a scan header, or whatever is no marker segment.
  std::size_t read(Bytes stream);

 private:
  std::uint32_t number(std::size_t at) const;
  void take(std::uint8_t code, Bytes segment);
};

// What there is to know of a frame that no stream describes.
struct JpegFrame {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t components = 1;
  std::array<std::uint8_t, 2> subsampling{1, 1};  // horizontal and vertical, of the second and third
};

// SOI, JFIF (three components are Y, Cb, Cr), tables, a frame of this width and height, a scan header, `data`
// and EOI. The components are the head's where it has a frame. Restart markers are numbered from the first
// one on; where `data` has none, none are announced. Errors: CORRUPT_IMAGE (a side over 65535),
// OUT_OF_MEMORY.
Result<Buffer> assemble_jpeg(const JpegTables& tables, const JpegHead& head, const JpegFrame& frame,
                             Bytes data);

}  // namespace netocr::tiff
