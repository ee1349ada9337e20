// The markers of the JPEG streams in a TIFF (ITU-T T.81 table B.1): second bytes, and only those that are
// looked for or written here.
#pragma once

#include <cstdint>

namespace netocr::tiff::jpeg_marker {

inline constexpr std::uint8_t kTem = 0x01;
inline constexpr std::uint8_t kSof0 = 0xC0;
inline constexpr std::uint8_t kDht = 0xC4;
inline constexpr std::uint8_t kJpg = 0xC8;
inline constexpr std::uint8_t kDac = 0xCC;
inline constexpr std::uint8_t kSof15 = 0xCF;
inline constexpr std::uint8_t kRst0 = 0xD0;
inline constexpr std::uint8_t kSoi = 0xD8;
inline constexpr std::uint8_t kEoi = 0xD9;
inline constexpr std::uint8_t kSos = 0xDA;
inline constexpr std::uint8_t kDqt = 0xDB;
inline constexpr std::uint8_t kDri = 0xDD;
inline constexpr std::uint8_t kApp0 = 0xE0;

constexpr bool is_restart(std::uint8_t code) { return (code & 0xF8) == kRst0; }
// No segment follows it.
constexpr bool is_standalone(std::uint8_t code) { return code == kTem || is_restart(code) || code == kSoi; }

}  // namespace netocr::tiff::jpeg_marker
