// Decodes WSQ's entropy-coded data: bits most significant first, FF 00 for a data byte FF, a lookup table of
// 10 bits with canonical decoding of longer codes.
#include "image/wsq/entropy.hpp"

#include <algorithm>
#include <cstring>

namespace netocr::wsq {
namespace {

constexpr unsigned kLookupBits = 10;
constexpr unsigned kMaxCodeLength = 16;

struct Code {
  std::uint8_t symbol = 0;
  std::uint8_t length = 0;  // 0: no code of at most kLookupBits starts with these bits
};

class Decoder {
 public:
  explicit Decoder(const HuffmanTable& table) : table_(table) {
    std::uint32_t code = 0;
    std::uint32_t index = 0;
    for (unsigned length = 1; length <= kMaxCodeLength; ++length) {
      first_code_[length] = code;
      first_index_[length] = index;
      for (std::uint32_t i = 0; i < table.counts[length - 1]; ++i, ++code, ++index)
        fill(code, length, table.values[index]);
      code <<= 1;
    }
  }

  // `window` contains the next 16 bits. Returns length 0 when no code fits.
  Code find(std::uint32_t window) const {
    const Code found = lookup_[window >> (kMaxCodeLength - kLookupBits)];
    if (found.length != 0) return found;
    for (unsigned length = kLookupBits + 1; length <= kMaxCodeLength; ++length) {
      const std::uint32_t offset = (window >> (kMaxCodeLength - length)) - first_code_[length];
      if (offset < table_.counts[length - 1]) {
        return {table_.values[first_index_[length] + offset], static_cast<std::uint8_t>(length)};
      }
    }
    return {};
  }

 private:
  void fill(std::uint32_t code, unsigned length, std::uint8_t symbol) {
    if (length > kLookupBits) return;
    const unsigned spare = kLookupBits - length;
    const auto begin = lookup_.begin() + static_cast<std::ptrdiff_t>(code << spare);
    std::fill(begin, begin + (std::ptrdiff_t{1} << spare), Code{symbol, static_cast<std::uint8_t>(length)});
  }

  const HuffmanTable& table_;
  std::array<Code, 1U << kLookupBits> lookup_{};
  std::array<std::uint32_t, kMaxCodeLength + 1> first_code_{};
  std::array<std::uint32_t, kMaxCodeLength + 1> first_index_{};
};

// Reads bits up to the next marker; behind it zeroes.
class BitReader {
 public:
  explicit BitReader(Bytes data) : data_(data) { refill(); }

  unsigned available() const { return available_; }
  bool at_marker() const { return at_marker_; }
  std::size_t position() const { return position_; }
  std::uint32_t peek(unsigned count) const { return static_cast<std::uint32_t>(bits_ >> (64 - count)); }
  void drop(unsigned count) {
    bits_ <<= count;
    available_ -= count;
    if (available_ < 32) refill();
  }

 private:
  void refill() {
    while (available_ <= 56 && position_ < data_.size()) {
      const std::uint8_t byte = data_[position_];
      if (byte == 0xFF) {
        if (position_ + 1 == data_.size()) return;
        if (data_[position_ + 1] != 0) {
          at_marker_ = true;
          return;
        }
        ++position_;
      }
      ++position_;
      bits_ |= static_cast<std::uint64_t>(byte) << (56 - available_);
      available_ += 8;
    }
  }

  Bytes data_;
  std::size_t position_ = 0;
  std::uint64_t bits_ = 0;
  unsigned available_ = 0;
  bool at_marker_ = false;
};

// The extra bits and the meaning of a symbol (the table of section 4 of the standard's syntax).
struct Meaning {
  enum Kind : std::uint8_t { kError, kZeros, kValue, kPlus, kMinus, kRun } kind;
  std::uint8_t extra_bits;
};
constexpr Meaning meaning_of(unsigned symbol) {
  if (symbol >= 1 && symbol <= 100) return {Meaning::kZeros, 0};
  if (symbol >= 107 && symbol <= 254) return {Meaning::kValue, 0};
  switch (symbol) {
    case 101:
      return {Meaning::kPlus, 8};
    case 102:
      return {Meaning::kMinus, 8};
    case 103:
      return {Meaning::kPlus, 16};
    case 104:
      return {Meaning::kMinus, 16};
    case 105:
      return {Meaning::kRun, 8};
    case 106:
      return {Meaning::kRun, 16};
    default:
      return {Meaning::kError, 0};
  }
}

Status put(Meaning::Kind kind, unsigned symbol, std::uint32_t extra, std::size_t limit, Coefficients& out) {
  if (kind == Meaning::kZeros || kind == Meaning::kRun) {
    const std::size_t count = kind == Meaning::kZeros ? symbol : extra;
    if (count > limit - out.size())
      return Error{ErrorCode::kCorruptImage, 0, "WSQ file has too many coefficients"};
    return out.append_zeros(count);
  }
  if (out.size() == limit) return Error{ErrorCode::kCorruptImage, 0, "WSQ file has too many coefficients"};
  if (kind == Meaning::kValue) return out.append(static_cast<std::int16_t>(static_cast<int>(symbol) - 180));
  // A 16-bit magnitude wraps into int16 as in the reference.
  return out.append(static_cast<std::int16_t>(kind == Meaning::kPlus ? extra : 0U - extra));
}

}  // namespace

Status Coefficients::reserve(std::size_t count) {
  if (size_ + count <= values_.size()) return {};
  return values_.resize(std::max(size_ + count, values_.size() * 3 / 2 + 4096));
}

Status Coefficients::append(std::int16_t value) {
  NETOCR_TRY(reserve(1));
  values_[size_++] = value;
  return {};
}

Status Coefficients::append_zeros(std::size_t count) {
  NETOCR_TRY(reserve(count));
  if (count != 0) std::memset(values_.data() + size_, 0, count * sizeof(std::int16_t));
  size_ += count;
  return {};
}

Result<std::size_t> decode_block(const HuffmanTable& table, Bytes data, std::size_t position,
                                 std::size_t limit, Coefficients& coefficients) {
  const Decoder decoder(table);
  BitReader bits(data);
  const auto fail = [&](const char* detail) {
    return Error{ErrorCode::kCorruptImage, position + bits.position(), detail};
  };
  while (true) {
    // The last byte is padded with ones, which are not decoded once all coefficients are complete.
    if (coefficients.size() == limit && bits.at_marker() && bits.available() < 8) break;
    const Code code = decoder.find(bits.peek(kMaxCodeLength));
    if (code.length == 0 || code.length > bits.available()) {
      if (bits.available() < kMaxCodeLength && bits.at_marker()) break;
      return fail(bits.available() < kMaxCodeLength ? "WSQ file is cut off"
                                                    : "WSQ code is longer than 16 bits");
    }
    bits.drop(code.length);
    const Meaning meaning = meaning_of(code.symbol);
    if (meaning.kind == Meaning::kError) return fail("WSQ symbol is not one of the standard's");
    std::uint32_t extra = 0;
    if (meaning.extra_bits != 0) {
      if (bits.available() < meaning.extra_bits) return fail("WSQ marker inside a coefficient");
      extra = bits.peek(meaning.extra_bits);
      bits.drop(meaning.extra_bits);
    }
    if (const Status done = put(meaning.kind, code.symbol, extra, limit, coefficients); !done.ok()) {
      return done.error().code == ErrorCode::kCorruptImage ? fail(done.error().detail) : done.error();
    }
  }
  return bits.position();
}

}  // namespace netocr::wsq
