// Removes byte stuffing (T.81 B.1.1.5): in entropy-coded data 0xFF 0x00 stands for 0xFF; 0xFF with any other
// byte is a marker.
#include "image/jpeg/decode/scan_bytes.hpp"

#include <bit>

#include "base/simd.hpp"

namespace netocr::jpeg {

Result<ScanBytes> ScanBytes::create(Bytes bytes) {
  ScanBytes made;
  NETOCR_ASSIGN(made.backwards_, Array<std::uint8_t>::create(kRoom));
  made.bytes_ = bytes;
  return made;
}

void ScanBytes::start(std::size_t position, BitCursor& cursor) {
  position_ = position;
  filled_ = 0;
  ended_ = false;
  cursor = {0, 0, begin()};
  fill(cursor);
}

// Moves the remaining bytes to the front and unstuffs further ones behind them.
void ScanBytes::fill(BitCursor& cursor) {
  filled_ -= used(cursor);
  std::uint8_t* to = backwards_.data() + kRoom - filled_;
  std::memmove(to, cursor.next - filled_, filled_);
  cursor.next = begin();
  unstuff(to, begin() - kMax);
  filled_ = static_cast<std::size_t>(begin() - to);
  enough_ = ended_ ? backwards_.data() : to + kReserve;
  if (ended_) std::memset(to - kReserve, 0, kReserve);
}

// Writes below `to` down to `end`, and up to kStep bytes of slack below that.
void ScanBytes::unstuff(std::uint8_t*& to, const std::uint8_t* end) {
  while (to > end) {
    while (to > end && position_ + kStep <= bytes_.size()) {
      const simd::Vec sixteen = simd::load(bytes_.data() + position_);
      const std::uint32_t full = simd::full_bytes(sixteen);
      simd::store(to - kStep, simd::reverse_bytes(sixteen));
      const std::size_t plain = full == 0 ? kStep : static_cast<std::size_t>(std::countr_zero(full));
      to -= plain;
      position_ += plain;
      if (full != 0 && !unstuff_marked(to)) return;
    }
    if (to <= end) return;
    if (position_ >= bytes_.size()) {
      ended_ = true;
      return;
    }
    if (bytes_[position_] != 0xFF) {
      *--to = bytes_[position_++];
    } else if (!unstuff_marked(to)) {
      return;
    }
  }
}

// Consumes a stuffed byte at 0xFF. Returns false at a marker and at the end of the file.
bool ScanBytes::unstuff_marked(std::uint8_t*& to) {
  std::size_t code = position_ + 1;
  while (code < bytes_.size() && bytes_[code] == 0xFF) ++code;  // skips fill bytes (B.1.1.2)
  if (code >= bytes_.size() || bytes_[code] != 0) {
    ended_ = true;
    return false;
  }
  *--to = 0xFF;
  position_ = code + 1;
  return true;
}

std::size_t ScanBytes::finish(BitCursor& cursor) {
  while (!ended_) {
    cursor.next = begin() - filled_;
    fill(cursor);
  }
  return position_;
}

}  // namespace netocr::jpeg
