// The kernel of inflate: matches of every distance and length, against copying byte by byte; where it stops.
#include "image/png/inflate_kernel.hpp"

#include <memory>

#include "cpp/image/png/inflating.hpp"
#include "image/png/inflate_codes.hpp"

namespace netocr::png {
namespace {

using namespace testing;

constexpr std::size_t kWindow = 32768;

// Symbols in the fixed codes (RFC 1951, 3.2.6), whose first bit is their highest.
class FixedSymbols {
 public:
  void end() { put_code(0, 7); }
  void literal(std::uint32_t value) {
    value < 144 ? put_code(0x30 + value, 8) : put_code(0x190 + value - 144, 9);
  }
  void match(std::uint32_t length, std::uint32_t distance) {
    std::uint32_t code = 257;
    while (code < 285 && length_base(code + 1) <= length) ++code;
    code < 280 ? put_code(code - 256, 7) : put_code(0xC0 + code - 280, 8);
    bits_.put(length - length_base(code), code == 285 ? 0 : code < 265 ? 0 : (code - 261) / 4);
    std::uint32_t distance_code = 0;
    while (distance_code < 29 && distance_base(distance_code + 1) <= distance) ++distance_code;
    put_code(distance_code, 5);
    bits_.put(distance - distance_base(distance_code), distance_code < 2 ? 0 : distance_code / 2 - 1);
  }
  void distance_code(std::uint32_t code) { put_code(code, 5); }
  void length_code_257() { put_code(1, 7); }
  const Bytes8& bytes() const { return bits_.bytes(); }

 private:
  static std::uint32_t length_base(std::uint32_t code) {
    if (code == 285) return 258;
    if (code < 265) return code - 254;
    return ((4 + (code - 265) % 4) << ((code - 261) / 4)) + 3;
  }
  static std::uint32_t distance_base(std::uint32_t code) {
    return code < 2 ? code + 1 : ((2 + code % 2) << (code / 2 - 1)) + 1;
  }
  void put_code(std::uint32_t code, unsigned count) {
    while (count-- > 0) bits_.put(code >> count & 1, 1);
  }

  BitList bits_{{}};
};

struct Decoded {
  DecodedSymbols::Outcome outcome = DecodedSymbols::Outcome::kGoOn;
  Bytes8 out;
};

// Decodes behind `before` until the kernel says otherwise than to go on, or `limit` is reached.
Decoded decode(const FixedSymbols& symbols, const Bytes8& before, std::size_t limit,
               std::size_t piece = 1000) {
  auto tables = std::make_unique<InflateTables>();
  make_fixed_codes(*tables);
  Pieces pieces(symbols.bytes(), {piece});
  auto input = InflateInput::create(pieces);
  Decoded decoded{.out = before};
  std::size_t written = before.size();
  decoded.out.resize(limit + kOutputAhead);
  while (decoded.outcome == DecodedSymbols::Outcome::kGoOn && written < limit) {
    input->refill();
    const DecodedSymbols symbols_ahead = decode_symbols(*input, *tables, decoded.out, written, limit);
    EXPECT_FALSE(input->is_overrun());
    decoded.outcome = symbols_ahead.outcome;
    written = symbols_ahead.written;
  }
  decoded.out.resize(written);
  return decoded;
}

void copy_bytes(Bytes8& bytes, std::size_t length, std::size_t distance) {
  for (std::size_t i = 0; i < length; ++i) bytes.push_back(bytes[bytes.size() - distance]);
}

TEST(InflateKernel, MatchesOfEveryLengthAndDistance) {
  const Bytes8 before = noise(kWindow, 251);
  for (const std::uint32_t far : {0U, 100U, 1024U, 32768U - 40}) {
    for (std::uint32_t length = 3; length <= 258; ++length) {
      FixedSymbols symbols;
      Bytes8 expected = before;
      for (std::uint32_t distance = far + 1; distance <= far + 40; ++distance) {
        symbols.match(length, distance);
        copy_bytes(expected, length, distance);
        symbols.literal(distance & 255);
        expected.push_back(static_cast<std::uint8_t>(distance));
      }
      symbols.end();
      const Decoded decoded = decode(symbols, before, expected.size() + 300, 1 + length);
      ASSERT_EQ(decoded.outcome, DecodedSymbols::Outcome::kEndOfBlock) << far << ' ' << length;
      ASSERT_TRUE(decoded.out == expected) << far << ' ' << length;
    }
  }
}

TEST(InflateKernel, EveryLiteralInEveryPlace) {
  FixedSymbols symbols;
  Bytes8 expected;
  for (std::uint32_t i = 0; i < 7 * 256; ++i) {
    const auto value = static_cast<std::uint8_t>(i % 7 * 41 + i);
    symbols.literal(value);
    expected.push_back(value);
  }
  symbols.end();
  const Decoded decoded = decode(symbols, {}, expected.size() + 300);
  EXPECT_EQ(decoded.outcome, DecodedSymbols::Outcome::kEndOfBlock);
  EXPECT_TRUE(decoded.out == expected);
}

// It stops behind the limit, by no more than it says, wherever the limit is.
TEST(InflateKernel, TheLimitIsPassedByAStep) {
  FixedSymbols symbols;
  Bytes8 expected;
  for (std::uint32_t i = 0; i < 400; ++i) {
    symbols.literal(i & 255);
    expected.push_back(static_cast<std::uint8_t>(i));
    if (i % 5 != 4) continue;
    symbols.match(258, 1 + i % 5);
    copy_bytes(expected, 258, 1 + i % 5);
  }
  symbols.end();
  for (std::size_t limit = 1; limit < 2000; ++limit) {
    const Decoded decoded = decode(symbols, {}, limit);
    ASSERT_EQ(decoded.outcome, DecodedSymbols::Outcome::kGoOn);
    ASSERT_GE(decoded.out.size(), limit);
    ASSERT_TRUE(std::equal(decoded.out.begin(), decoded.out.end(), expected.begin())) << limit;
  }
}

TEST(InflateKernel, MatchesBeforeTheFirstByteAreDamage) {
  const Bytes8 before = noise(5000, 251);
  for (const std::uint32_t distance : {5000U, 5001U, 5002U, 32768U}) {
    FixedSymbols symbols;
    symbols.match(3, distance);
    symbols.end();
    const auto expected =
        distance <= 5000 ? DecodedSymbols::Outcome::kEndOfBlock : DecodedSymbols::Outcome::kDamaged;
    EXPECT_EQ(decode(symbols, before, 6000).outcome, expected) << distance;
  }
}

TEST(InflateKernel, CodesThatMeanNothingAreDamage) {
  for (const std::uint32_t code : {30U, 31U}) {
    FixedSymbols symbols;
    symbols.length_code_257();
    symbols.distance_code(code);
    for (int i = 0; i < 20; ++i) symbols.literal(0);
    EXPECT_EQ(decode(symbols, noise(5000, 251), 6000).outcome, DecodedSymbols::Outcome::kDamaged) << code;
  }
}

}  // namespace
}  // namespace netocr::png
