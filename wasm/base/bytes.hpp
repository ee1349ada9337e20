// ByteReader: checked reading of integers and runs from untrusted bytes. It never reads outside its span.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/buffer.hpp"

namespace netocr {

// A cursor over bytes that the caller keeps alive. After a read past the end the reader stays failed: reads
// return zeroes or empty spans and ok() is false, so a parser may read a whole structure and check once.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes, std::size_t position = 0) : bytes_(bytes) { seek(position); }

  bool ok() const { return ok_; }
  std::size_t position() const { return position_; }
  std::size_t size() const { return bytes_.size(); }
  std::size_t remaining() const { return bytes_.size() - position_; }

  // Moves to an absolute offset. The end is allowed; beyond it the reader fails.
  void seek(std::uint64_t position) {
    if (position > bytes_.size()) return fail();
    position_ = static_cast<std::size_t>(position);
  }
  void skip(std::uint64_t count) {
    if (count > remaining()) return fail();
    position_ += static_cast<std::size_t>(count);
  }

  Bytes take(std::uint64_t count) {
    if (count > remaining()) {
      fail();
      return {};
    }
    const Bytes run = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += run.size();
    return run;
  }

  // Returns all remaining bytes without moving.
  Bytes rest() const { return bytes_.subspan(position_); }
  // Returns a reader at the same place that ends at the absolute offset `end`, or at the end of the bytes if
  // that comes first.
  ByteReader until(std::size_t end) const {
    return ByteReader(end < bytes_.size() ? bytes_.first(end) : bytes_, position_);
  }

  std::uint8_t u8() { return static_cast<std::uint8_t>(big(1)); }
  std::uint16_t u16be() { return static_cast<std::uint16_t>(big(2)); }
  std::uint32_t u24be() { return static_cast<std::uint32_t>(big(3)); }
  std::uint32_t u32be() { return static_cast<std::uint32_t>(big(4)); }
  std::uint64_t u64be() { return big(8); }
  std::uint16_t u16le() { return static_cast<std::uint16_t>(little(2)); }
  std::uint32_t u32le() { return static_cast<std::uint32_t>(little(4)); }
  std::uint64_t u64le() { return little(8); }
  std::int32_t i32le() { return static_cast<std::int32_t>(u32le()); }

  // Returns the next byte without moving; nothing at the end.
  std::optional<std::uint8_t> peek() const {
    if (remaining() == 0) return std::nullopt;
    return bytes_[position_];
  }

 private:
  void fail() {
    ok_ = false;
    position_ = bytes_.size();
  }
  std::uint64_t big(unsigned count) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(count)) value = value << 8 | byte;
    return value;
  }
  std::uint64_t little(unsigned count) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const std::uint8_t byte : take(count)) {
      value |= static_cast<std::uint64_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }

  Bytes bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

// Returns whether `bytes` has `expected` at `offset`; false when it is too short.
inline bool bytes_at(Bytes bytes, std::size_t offset, std::string_view expected) {
  if (offset > bytes.size() || bytes.size() - offset < expected.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (bytes[offset + i] != static_cast<std::uint8_t>(expected[i])) return false;
  }
  return true;
}

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace netocr
