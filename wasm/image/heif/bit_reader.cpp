// Reads one bit at a time: a parameter set has some hundred of them.
#include "image/heif/bit_reader.hpp"

namespace netocr::heif {

std::uint32_t BitReader::bit() {
  if (left_ == 0) {
    if (zeroes_ >= 2 && at_ < unit_.size() && unit_[at_] == 3) {
      ++at_;
      zeroes_ = 0;
    }
    if (at_ == unit_.size()) {
      ok_ = false;
      return 0;
    }
    byte_ = unit_[at_++];
    zeroes_ = byte_ == 0 ? zeroes_ + 1 : 0;
    left_ = 8;
  }
  return byte_ >> --left_ & 1;
}

std::uint32_t BitReader::bits(unsigned count) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < count && ok_; ++i) value = value << 1 | bit();
  return ok_ ? value : 0;
}

void BitReader::skip(unsigned count) {
  for (unsigned i = 0; i < count && ok_; ++i) bit();
}

std::uint32_t BitReader::unsigned_code() {
  unsigned zeroes = 0;
  while (ok_ && !flag()) ++zeroes;
  if (zeroes > 31) ok_ = false;
  return ok_ ? (1U << zeroes) - 1 + bits(zeroes) : 0;
}

std::int32_t BitReader::signed_code() {
  const std::uint32_t code = unsigned_code();
  const auto half = static_cast<std::int32_t>(code / 2);
  return (code & 1) != 0 ? half + 1 : -half;
}

}  // namespace netocr::heif
