// Slow second opinions for the encoders, written from the standards bit by bit, and pseudo-random bytes to
// compare them on.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace netocr::reference {

// RFC 4648 section 4, one bit at a time.
inline std::string base64(Bytes bytes) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned value = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      value = value * 2 + (byte >> bit) % 2;
      if (++bits == 6) {
        out += alphabet[value];
        value = bits = 0;
      }
    }
  }
  while (bits > 0 && bits < 6) {
    value *= 2;
    if (++bits == 6) out += alphabet[value];
  }
  while (out.size() % 4 != 0) out += '=';
  return out;
}

// WHATWG URL section 5.2.
inline std::string form(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (byte | 32) >= 'a' && (byte | 32) <= 'z';
    if (letter || (byte >= '0' && byte <= '9') ||
        std::string_view("*-._").find(c) != std::string_view::npos) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      char escape[4];
      std::snprintf(escape, sizeof(escape), "%%%02X", static_cast<unsigned>(byte));
      out += escape;
    }
  }
  return out;
}

inline std::vector<std::uint8_t> random_bytes(std::uint32_t seed, std::size_t length) {
  std::mt19937 random(seed);
  std::vector<std::uint8_t> bytes(length);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 13);
  return bytes;
}

}  // namespace netocr::reference
