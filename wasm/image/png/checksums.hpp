// Computes the checksums of PNG: CRC-32 of its chunks (PNG specification, 5.5 and annex D) and Adler-32 of
// its pixels (RFC 1950).
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"

namespace netocr::png {

// The tables take 8 KiB of memory and are computed at the first use: as constants they would add 8 KiB to the
// module, which do not compress.
class Crc32 {
 public:
  // Returns the CRC of `bytes` alone.
  std::uint32_t of(Bytes bytes) const { return finish(extend(kStart, bytes)); }

  // For bytes in parts, call extend(extend(kStart, first), second), then finish().
  static constexpr std::uint32_t kStart = 0xFFFFFFFFU;
  std::uint32_t extend(std::uint32_t crc, Bytes bytes) const;
  static std::uint32_t finish(std::uint32_t crc) { return ~crc; }
};

class Adler32 {
 public:
  void extend(Bytes bytes);
  std::uint32_t value() const { return second_ << 16 | first_; }

 private:
  std::uint32_t first_ = 1;
  std::uint32_t second_ = 0;
};

namespace detail {
// Computes Adler32::extend byte by byte: returns {first, second} after `bytes`.
std::array<std::uint32_t, 2> extend_adler_scalar(std::array<std::uint32_t, 2> sums, Bytes bytes);
}  // namespace detail

}  // namespace netocr::png
