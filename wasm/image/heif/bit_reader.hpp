// Reads the bits of a parameter set (ITU-T H.264 and H.265, sections 7.2 and 9.1 or 9.2).
#pragma once

#include "base/bytes.hpp"

namespace netocr::heif {

// A cursor over the bits of a NAL unit that skips the third byte of each emulation prevention (00 00 03).
// After a read past the end the reader stays failed, and reads return zero.
class BitReader {
 public:
  explicit BitReader(Bytes unit) : unit_(unit) {}

  bool ok() const { return ok_; }
  std::uint32_t bit();
  // Reads at most 32 bits, the highest first.
  std::uint32_t bits(unsigned count);
  bool flag() { return bit() != 0; }
  void skip(unsigned count);
  // Read Exp-Golomb codes: ue(v), se(v). A code with more than 31 leading zeroes fails.
  std::uint32_t unsigned_code();
  std::int32_t signed_code();

 private:
  Bytes unit_;
  std::size_t at_ = 0;
  unsigned left_ = 0;    // bits of byte_ that are not read yet
  unsigned zeroes_ = 0;  // zero bytes in a row before the next one
  std::uint8_t byte_ = 0;
  bool ok_ = true;
};

}  // namespace netocr::heif
