// The second bytes of JPEG markers (ITU-T T.81 table B.1), for JPEG files and for JPEG streams inside TIFF
// files.
#pragma once

#include <cstdint>

namespace netocr::jpeg_marker {

inline constexpr std::uint8_t kTem = 0x01;
inline constexpr std::uint8_t kSof0 = 0xC0;
inline constexpr std::uint8_t kSof2 = 0xC2;
inline constexpr std::uint8_t kDht = 0xC4;
inline constexpr std::uint8_t kJpg = 0xC8;
inline constexpr std::uint8_t kDac = 0xCC;
inline constexpr std::uint8_t kSof15 = 0xCF;
inline constexpr std::uint8_t kRst0 = 0xD0;
inline constexpr std::uint8_t kSoi = 0xD8;
inline constexpr std::uint8_t kEoi = 0xD9;
inline constexpr std::uint8_t kSos = 0xDA;
inline constexpr std::uint8_t kDqt = 0xDB;
inline constexpr std::uint8_t kDnl = 0xDC;
inline constexpr std::uint8_t kDri = 0xDD;
inline constexpr std::uint8_t kDhp = 0xDE;
inline constexpr std::uint8_t kApp0 = 0xE0;
inline constexpr std::uint8_t kApp1 = 0xE1;
inline constexpr std::uint8_t kApp2 = 0xE2;
inline constexpr std::uint8_t kApp14 = 0xEE;
inline constexpr std::uint8_t kApp15 = 0xEF;
inline constexpr std::uint8_t kCom = 0xFE;

constexpr bool is_restart(std::uint8_t code) { return (code & 0xF8) == kRst0; }
// SOI and EOI have no segment either; callers check for EOI separately.
constexpr bool is_standalone(std::uint8_t code) { return code == kTem || is_restart(code) || code == kSoi; }
// A decoder can ignore APPn, COM and DNL. libjpeg reads an invalid length of 0 or 1 in them as an empty
// segment (skip_variable, get_interesting_appn).
constexpr bool may_be_empty(std::uint8_t code) {
  return (code >= kApp0 && code <= kApp15) || code == kCom || code == kDnl;
}

}  // namespace netocr::jpeg_marker
