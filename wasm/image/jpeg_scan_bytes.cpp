// T.81 B.1.1.5: in entropy-coded data 0xFF 0x00 stands for 0xFF; 0xFF with anything else is a marker.
#include "image/jpeg_scan_bytes.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "image/simd.hpp"

namespace netocr {
namespace {

constexpr std::size_t kStep = 16;

void store_words(const std::uint8_t* bytes, std::size_t count, std::uint32_t* words) {
  std::size_t i = 0;
#if NETOCR_SIMD
  for (; i + 4 <= count; i += 4) simd::store(words + i, simd::swap_bytes32(simd::load(bytes + 4 * i)));
#endif
  for (; i < count; ++i) {
    words[i] = static_cast<std::uint32_t>(bytes[4 * i]) << 24 |
               static_cast<std::uint32_t>(bytes[4 * i + 1]) << 16 |
               static_cast<std::uint32_t>(bytes[4 * i + 2]) << 8 | bytes[4 * i + 3];
  }
}

}  // namespace

Result<ScanBytes> ScanBytes::create(Bytes bytes) {
  ScanBytes made;
  auto words = Array<std::uint32_t>::create(kWords + kReserve);
  if (!words) return words.error();
  made.words_ = std::move(*words);
  made.bytes_ = bytes;
  return made;
}

void ScanBytes::start(std::size_t position, BitCursor& cursor) {
  position_ = position;
  filled_ = 0;
  rest_count_ = 0;
  ended_ = false;
  cursor = {0, 0, words_.data()};
  fill(cursor);
}

// Moves what is left to the front and unstuffs behind it, over the stack: the words are made from whole
// bytes.
void ScanBytes::fill(BitCursor& cursor) {
  const auto used = static_cast<std::size_t>(cursor.next - words_.data());
  filled_ -= used;
  std::memmove(words_.data(), cursor.next, filled_ * sizeof(std::uint32_t));
  cursor.next = words_.data();
  constexpr std::size_t kChunk = 2048;
  std::uint8_t chunk[kChunk + 2 * kStep];
  while (!ended_ && filled_ + kChunk / 4 + kStep <= kWords) {
    std::memcpy(chunk, rest_, rest_count_);
    const std::size_t count = rest_count_ + unstuff(chunk + rest_count_, kChunk);
    store_words(chunk, count / 4, words_.data() + filled_);
    filled_ += count / 4;
    rest_count_ = count % 4;
    std::memcpy(rest_, chunk + (count - rest_count_), rest_count_);
  }
  if (!ended_) return;
  valid_bits_ = (filled_ * 4 + rest_count_) * 8;
  if (rest_count_ > 0) {
    std::memset(rest_ + rest_count_, 0, 4 - rest_count_);
    store_words(rest_, 1, words_.data() + filled_++);
    rest_count_ = 0;
  }
  std::memset(words_.data() + filled_, 0, kReserve * sizeof(std::uint32_t));
}

// Gives how many bytes it wrote: at most `room`, to which kStep of slack come.
std::size_t ScanBytes::unstuff(std::uint8_t* to, std::size_t room) {
  std::size_t count = 0;
  while (count < room) {
#if NETOCR_SIMD
    while (count + kStep <= room && position_ + kStep <= bytes_.size()) {
      const simd::Vec sixteen = simd::load(bytes_.data() + position_);
      const std::uint32_t full = simd::full_bytes(sixteen);
      simd::store(to + count, sixteen);
      const std::size_t plain = full == 0 ? kStep : static_cast<std::size_t>(std::countr_zero(full));
      count += plain;
      position_ += plain;
      if (full != 0 && !unstuff_marked(to, count)) return count;
    }
    if (count >= room) break;
#endif
    if (position_ >= bytes_.size()) {
      ended_ = true;
      return count;
    }
    if (bytes_[position_] != 0xFF) {
      to[count++] = bytes_[position_++];
    } else if (!unstuff_marked(to, count)) {
      return count;
    }
  }
  return count;
}

// At a byte 0xFF: takes a stuffed one. False at a marker and at the end of the file.
bool ScanBytes::unstuff_marked(std::uint8_t* to, std::size_t& count) {
  std::size_t code = position_ + 1;
  while (code < bytes_.size() && bytes_[code] == 0xFF) ++code;  // fill bytes (B.1.1.2)
  if (code >= bytes_.size() || bytes_[code] != 0) {
    ended_ = true;
    return false;
  }
  to[count++] = 0xFF;
  position_ = code + 1;
  return true;
}

std::size_t ScanBytes::finish(BitCursor& cursor) {
  while (!ended_) {
    cursor.next = words_.data() + filled_;
    fill(cursor);
  }
  return position_;
}

}  // namespace netocr
