// Reads the segments before a JPEG scan: quantisation and Huffman tables, the frame, the restart interval.
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "image/jpeg/common/zigzag.hpp"
#include "image/jpeg/decode/huffman.hpp"
#include "image/jpeg/decode/standard_codes.hpp"

namespace netocr::jpeg {

struct Header;

inline constexpr std::uint32_t kMaxBlocksInMcu = 10;  // T.81 B.2.3

struct FrameComponent {
  std::uint8_t id = 0;
  std::uint8_t h = 1;  // sampling factors
  std::uint8_t v = 1;
  std::uint8_t quant = 0;  // index of the quantisation table
};

struct ScanComponent {
  std::uint8_t index = 0;  // index in the frame
  std::uint8_t dc = 0;     // indices of the Huffman tables
  std::uint8_t ac = 0;
};

struct Scan {
  std::uint8_t count = 0;
  std::array<ScanComponent, 4> components{};
  std::uint8_t first = 0;  // spectral selection
  std::uint8_t last = 0;
  std::uint8_t high = 0;  // successive approximation
  std::uint8_t low = 0;
  std::size_t data = 0;  // offset of its entropy-coded bytes
};

// Reads the segments of a file one after the other.
class Tables {
 public:
  explicit Tables(Bytes bytes, std::size_t position = 2) : bytes_(bytes), position_(position) {}
  // Uses the height of a DNL marker if `header`, which was read from these bytes, has it from there.
  Tables(Bytes bytes, const Header& header);

  // Reads the segments up to the next scan. Returns kEnd at EOI and at the end of the bytes, kOther for
  // anything that these rules do not cover: the caller then leaves the file to libjpeg-turbo in the codecs
  // module.
  enum class Next : std::uint8_t { kScan, kEnd, kOther };
  Next next_scan();
  // Continues after a scan at the marker behind its data.
  void go_on(std::size_t position) { position_ = position; }

  const Scan& scan() const { return scan_; }
  // Returns whether the scan has all components, in MCUs of a size that the standard permits, and all their
  // quantisation tables.
  bool scan_has_whole_frame() const;
  std::uint8_t component_count() const { return component_count_; }
  const std::array<FrameComponent, 4>& components() const { return components_; }
  std::uint32_t width() const { return width_; }
  std::uint32_t height() const { return height_; }
  std::uint32_t restart_interval() const { return restart_interval_; }
  // Returns null when no segment defines the table.
  const std::array<std::uint16_t, kBlockSize>* quant(std::uint8_t id) const;
  // Return the same, except that tables 0 and 1 of a sequential file default to the standard's, as in
  // libjpeg: frames of MJPEG clips are written without tables.
  const HuffmanCode* dc(std::uint8_t id) const;
  const HuffmanCode* ac(std::uint8_t id) const;

 private:
  const HuffmanCode* standard_code(HuffmanClass kind, std::uint8_t id) const;
  bool read_segment(std::uint8_t marker, Bytes body);
  bool read_quant(Bytes body);
  bool read_huffman(Bytes body);
  bool read_frame(Bytes body);
  bool read_scan(Bytes body);

  Bytes bytes_;
  std::size_t position_ = 0;
  std::array<std::array<std::uint16_t, kBlockSize>, 4> quant_{};
  std::array<HuffmanCode, 4> dc_{};
  std::array<HuffmanCode, 4> ac_{};
  std::uint32_t has_quant_ = 0;  // bit i: table i
  std::uint32_t has_dc_ = 0;
  std::uint32_t has_ac_ = 0;
  std::uint32_t width_ = 0;
  std::uint32_t height_ = 0;
  std::uint32_t lines_ = 0;  // height of a DNL marker, or 0
  std::uint32_t restart_interval_ = 0;
  bool progressive_ = false;
  std::uint8_t component_count_ = 0;
  std::array<FrameComponent, 4> components_{};
  Scan scan_;
};

}  // namespace netocr::jpeg
