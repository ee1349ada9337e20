// Base64: standard vectors, both implementations against the slow one, strict decoding.
#include <gtest/gtest.h>

#include <functional>

#include "cpp/text/reference.hpp"
#include "text/base64.hpp"
#include "text/sextets.hpp"

namespace netocr {
namespace {

using Encoder = std::size_t (*)(Bytes, MutableBytes);

// Into an allocation of the exact length, so that the sanitizer sees one byte too many.
std::string encode_with(Encoder encoder, Bytes bytes) {
  std::vector<std::uint8_t> out(base64_length_from_binary(bytes.size()));
  EXPECT_EQ(encoder(bytes, out), out.size());
  return std::string(as_text(out));
}

std::vector<std::pair<const char*, Encoder>> all_encoders() {
  return {{"SIMD", base64_encode}, {"scalar", detail::base64_encode_scalar}};
}

TEST(Base64Test, LengthFunctions) {
  static_assert(base64_length_from_binary(0) == 0);
  static_assert(base64_length_from_binary(1) == 4);
  static_assert(base64_length_from_binary(3) == 4);
  static_assert(base64_length_from_binary(4) == 8);
  static_assert(base64_length_from_binary(0xffffffff) == 5'726'623'060);
  static_assert(max_binary_length_from_base64(8) == 6);
  SUCCEED();
}

TEST(Base64Test, VectorsOfRfc4648) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : cases) {
    for (const auto& [name, encoder] : all_encoders())
      EXPECT_EQ(encode_with(encoder, as_bytes(plain)), encoded) << name;
  }
}

TEST(Base64Test, AllLengthsAndOffsetsAgreeWithTheReference) {
  const std::vector<std::uint8_t> source = reference::random_bytes(1, 400);
  for (std::size_t length = 0; length <= 300; ++length) {
    for (const std::size_t offset : {0U, 1U, 3U, 7U, 13U}) {
      const std::vector<std::uint8_t> bytes(source.begin() + static_cast<std::ptrdiff_t>(offset),
                                            source.begin() + static_cast<std::ptrdiff_t>(offset + length));
      const std::string expected = reference::base64(bytes);
      const Bytes unaligned = Bytes(source).subspan(offset, length);
      for (const auto& [name, encoder] : all_encoders()) {
        ASSERT_EQ(encode_with(encoder, bytes), expected) << name << ' ' << length;
        ASSERT_EQ(encode_with(encoder, unaligned), expected) << name << ' ' << length << " at " << offset;
      }
    }
  }
}

TEST(Base64Test, EveryTripleValueInEveryLane) {
  // Each six-bit value in each of the 16 lanes of a block.
  for (unsigned value = 0; value < 64; ++value) {
    for (std::size_t lane = 0; lane < 16; ++lane) {
      std::vector<std::uint8_t> bytes(24, 0);
      for (std::size_t bit = 0; bit < 6; ++bit) {
        if ((value >> (5 - bit) & 1) == 0) continue;
        bytes[(lane * 6 + bit) / 8] |= static_cast<std::uint8_t>(0x80 >> (lane * 6 + bit) % 8);
      }
      for (const auto& [name, encoder] : all_encoders()) {
        ASSERT_EQ(encode_with(encoder, bytes), reference::base64(bytes))
            << name << ' ' << value << " in " << lane;
      }
    }
  }
}

TEST(Base64Test, OneMebibyteAgrees) {
  const std::vector<std::uint8_t> bytes = reference::random_bytes(2, 1 << 20);
  const std::string expected = reference::base64(bytes);
  for (const auto& [name, encoder] : all_encoders())
    EXPECT_TRUE(encode_with(encoder, bytes) == expected) << name;
}

TEST(Base64Test, DecodesWhatItEncodes) {
  for (std::size_t length = 0; length <= 300; ++length) {
    const std::vector<std::uint8_t> bytes =
        reference::random_bytes(static_cast<std::uint32_t>(length), length);
    const std::string text = reference::base64(bytes);
    std::vector<std::uint8_t> out(max_binary_length_from_base64(text.size()));
    const Result<std::size_t> decoded = base64_decode(text, out);
    ASSERT_TRUE(decoded.ok()) << length;
    out.resize(decoded.value());
    ASSERT_EQ(out, bytes) << length;
  }
}

TEST(Base64Test, DecodingIsStrict) {
  struct Case {
    std::string_view text;
    std::size_t position;
  };
  const Case cases[] = {
      {"Z", 1},          {"Zg", 2},
      {"Zg=", 3},        {"Zm9vYg", 6},  // padding is missing
      {"====", 0},       {"Z===", 1},
      {"Zg==Zg==", 2},   {"=Zg=", 0},  // padding in a wrong place
      {"Zh==", 1},       {"Zm9=", 2},  // unused bits are not zero
      {"Zm 9", 2},       {"Zm\n9", 2},
      {"Zm9v\nZm8", 4},  {"Zm9-", 3},  // not of the alphabet
      {"Zm9_", 3},       {std::string_view("Zm\0v", 4), 2},
      {"Zm\xC3\xA4", 2}, {"Zm9v Zg=", 4},
  };
  for (const Case& c : cases) {
    std::vector<std::uint8_t> out(max_binary_length_from_base64(c.text.size()));
    const Result<std::size_t> decoded = base64_decode(c.text, out);
    ASSERT_FALSE(decoded.ok()) << c.text;
    EXPECT_EQ(decoded.error().code, ErrorCode::kInvalidArgument) << c.text;
    EXPECT_EQ(decoded.error().position, c.position) << c.text;
  }
}

TEST(Base64Test, DecodingKnowsEveryCharacter) {
  for (unsigned c = 0; c < 256; ++c) {
    const std::string text = std::string(3, 'A') + static_cast<char>(c);
    const bool in_alphabet =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' || c == '/';
    std::vector<std::uint8_t> out(3);
    EXPECT_EQ(base64_decode(text, out).ok(), in_alphabet || c == '=') << c;
  }
}

}  // namespace
}  // namespace netocr
