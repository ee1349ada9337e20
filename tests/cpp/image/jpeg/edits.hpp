// Changes to the segments of JPEG files, for the tests.
#pragma once

#include <string_view>

#include "cpp/image/decoding.hpp"

namespace netocr::testing {

// The offset of the first marker segment of this code (of its 0xFF); the end of the file when there is none.
inline std::size_t find_segment(const ByteVector& file, std::uint8_t code) {
  std::size_t at = 2;
  while (at + 4 <= file.size() && file[at + 1] != code) {
    at += 2 + (std::size_t{file[at + 2]} << 8 | file[at + 3]);
  }
  return at + 4 <= file.size() ? at : file.size();
}

inline ByteVector segment(std::uint8_t code, std::string_view body) {
  ByteVector bytes = {0xff, code, static_cast<std::uint8_t>((body.size() + 2) >> 8),
                      static_cast<std::uint8_t>((body.size() + 2) & 255)};
  bytes.insert(bytes.end(), body.begin(), body.end());
  return bytes;
}

// The file with bytes put in after SOI.
inline ByteVector with_segment(ByteVector file, const ByteVector& bytes) {
  file.insert(file.begin() + 2, bytes.begin(), bytes.end());
  return file;
}

// The offset of the first marker after the entropy-coded data of the scan whose SOS is at `scan`.
inline std::size_t end_of_scan(const ByteVector& file, std::size_t scan) {
  std::size_t at = scan + 2;
  const auto is_data = [&] { return file[at] != 0xff || file[at + 1] == 0 || (file[at + 1] & 0xf8) == 0xd0; };
  while (at + 1 < file.size() && is_data()) ++at;
  return at;
}

inline std::size_t frame_header(const ByteVector& file) {
  for (const std::uint8_t code : ByteVector{0xc0, 0xc2, 0xc9, 0xca}) {
    const std::size_t at = find_segment(file, code);
    if (at < file.size()) return at;
  }
  return file.size();
}

// Writes a height into the frame header.
inline ByteVector with_height(ByteVector file, std::uint32_t height) {
  const std::size_t frame = frame_header(file);
  file[frame + 5] = static_cast<std::uint8_t>(height >> 8);
  file[frame + 6] = static_cast<std::uint8_t>(height & 255);
  return file;
}

// Puts a DNL segment after the first scan; the frame header says `claimed`.
inline ByteVector with_dnl(const ByteVector& original, std::uint32_t height, std::uint32_t claimed = 0) {
  ByteVector file = with_height(original, claimed);
  const ByteVector dnl = {
      0xff, 0xdc, 0, 4, static_cast<std::uint8_t>(height >> 8), static_cast<std::uint8_t>(height & 255)};
  const std::size_t end = end_of_scan(file, find_segment(file, 0xda));
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(end), dnl.begin(), dnl.end());
  return file;
}

// The offsets of all SOS markers.
inline std::vector<std::size_t> scans_of(const ByteVector& file) {
  std::vector<std::size_t> scans;
  for (std::size_t i = 2; i + 1 < file.size(); ++i) {
    if (file[i] == 0xff && file[i + 1] == 0xda) scans.push_back(i);
  }
  return scans;
}

}  // namespace netocr::testing
