// The head of a JPEG before its entropy-coded data (ITU-T T.81 annex B), collected from all the places where
// a TIFF of old-style JPEG stores its parts: tags, the head of a stream, the head of a strip.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::tiff {

// Tables that tags point to, without markers: 64 bytes, or 16 numbers of codes and their values. There is one
// for each component; an empty one repeats that of the component before.
struct JpegTables {
  std::array<Bytes, 3> quant{};
  std::array<Bytes, 3> dc{};
  std::array<Bytes, 3> ac{};
};

// The views are parts of the file. Parts that are read later replace earlier ones.
struct JpegHead {
  static constexpr std::size_t kMaxSegments = 32;

  std::array<Bytes, kMaxSegments> tables{};  // DQT and DHT segments with their markers
  std::size_t table_count = 0;
  std::uint8_t frame_code = 0xC0;  // code of the SOF marker
  Bytes frame;                     // contents behind its length: precision, height, width, components
  Bytes scan;                      // contents of SOS behind its length
  std::uint16_t restart_interval = 0;
  bool has_start = false;  // SOI was found
  bool has_quant = false;  // a DQT segment was found

  // The offsets are those of T.81 B.2.2. The results are zero without a frame; with a height of 0 a DNL
  // marker behind the scan defines it.
  std::uint32_t height() const { return number(1); }
  std::uint32_t width() const { return number(3); }
  std::uint8_t components() const { return frame.empty() ? std::uint8_t{0} : frame[5]; }

  // Reads the markers at the beginning of `stream`. Returns the offset behind them: that of the entropy-coded
  // data after a scan header, or of the first bytes that are no marker segment.
  std::size_t read(Bytes stream);

 private:
  std::uint32_t number(std::size_t at) const;
  void take(std::uint8_t code, Bytes segment);
};

// The properties of a frame that no stream describes.
struct JpegFrame {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t components = 1;
  std::array<std::uint8_t, 2> subsampling{1, 1};  // horizontal and vertical, of chroma
};

// Returns SOI, JFIF (three components are Y, Cb, Cr), tables, a frame of this width and height, a scan
// header, `data` and EOI. The components are the head's if it has a frame. Restart markers are numbered from
// the first one on; when `data` has none, the head declares none. Errors: CORRUPT_IMAGE (a side over 65535),
// OUT_OF_MEMORY.
Result<Buffer> assemble_jpeg(const JpegTables& tables, const JpegHead& head, const JpegFrame& frame,
                             Bytes data);

}  // namespace netocr::tiff
