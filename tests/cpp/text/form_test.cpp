// Form encoding: text fields, and base64 escaped in one pass against base64 and then escaping.
#include <gtest/gtest.h>

#include "cpp/text/reference.hpp"
#include "text/form.hpp"
#include "text/sextets.hpp"

namespace netocr {
namespace {

struct Implementation {
  const char* name;
  std::uint64_t (*length)(Bytes);
  std::size_t (*encode)(Bytes, MutableBytes);
};

std::vector<Implementation> all_implementations() {
  return {{"SIMD", form_base64_length, form_base64_encode},
          {"scalar", detail::form_base64_length_scalar, detail::form_base64_encode_scalar}};
}

std::string reference_form_base64(Bytes bytes) { return reference::form(reference::base64(bytes)); }

// Exact room (the sanitizer sees one byte too many), then room to spare (other paths at the end).
void expect_encoded(Bytes bytes, const std::string& expected) {
  for (const Implementation& implementation : all_implementations()) {
    ASSERT_EQ(implementation.length(bytes), expected.size()) << implementation.name << ' ' << bytes.size();
    for (const std::size_t spare : {0U, 15U, 100U}) {
      std::vector<std::uint8_t> out(expected.size() + spare);
      ASSERT_EQ(implementation.encode(bytes, out), expected.size())
          << implementation.name << ' ' << bytes.size();
      ASSERT_TRUE(as_text(out).substr(0, expected.size()) == expected)
          << implementation.name << ' ' << bytes.size();
    }
  }
}

TEST(FormTextTest, KnownValues) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"typeId", "typeId"},
      {"a b+c/d=e&f", "a+b%2Bc%2Fd%3De%26f"},
      {"*-._~", "*-._%7E"},
      {"人脸", "%E4%BA%BA%E8%84%B8"},
      {"\r\n\x7f", "%0D%0A%7F"},
  };
  for (const auto& [plain, encoded] : cases) {
    std::vector<std::uint8_t> out(form_text_length(plain));
    EXPECT_EQ(form_text_encode(plain, out), encoded.size());
    EXPECT_EQ(as_text(out), encoded);
  }
}

TEST(FormTextTest, EveryByteAgreesWithTheReference) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const std::string expected = reference::form(all);
  ASSERT_EQ(form_text_length(all), expected.size());
  std::vector<std::uint8_t> out(expected.size());
  form_text_encode(all, out);
  EXPECT_EQ(as_text(out), expected);
}

TEST(FormBase64Test, KnownValues) {
  const std::uint8_t plus_and_slash[] = {0xfb, 0xff, 0xbf};  // +/+/
  expect_encoded(plus_and_slash, "%2B%2F%2B%2F");
  expect_encoded(as_bytes("f"), "Zg%3D%3D");
  expect_encoded(as_bytes("fo"), "Zm8%3D");
  expect_encoded({}, "");
}

TEST(FormBase64Test, AllLengthsAgreeWithTheReference) {
  const std::vector<std::uint8_t> source = reference::random_bytes(3, 320);
  for (std::size_t length = 0; length <= 300; ++length) {
    for (const std::size_t offset : {0U, 1U, 5U, 11U}) {
      const std::vector<std::uint8_t> bytes(source.begin() + static_cast<std::ptrdiff_t>(offset),
                                            source.begin() + static_cast<std::ptrdiff_t>(offset + length));
      expect_encoded(bytes, reference_form_base64(bytes));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(FormBase64Test, EveryPatternOfEscapesInABlock) {
  // 16 characters, each either A or, where the bit is set, + and / in turn: all 65536 patterns in groups of
  // four.
  for (unsigned pattern = 0; pattern < 65536; pattern += pattern < 256 ? 1 : 37) {
    std::vector<std::uint8_t> bytes(40, 0);
    for (unsigned lane = 0; lane < 16; ++lane) {
      if ((pattern >> lane & 1) == 0) continue;
      const unsigned value = lane % 2 == 0 ? 62 : 63;
      for (unsigned bit = 0; bit < 6; ++bit) {
        if ((value >> (5 - bit) & 1) != 0)
          bytes[(lane * 6 + bit) / 8] |= static_cast<std::uint8_t>(0x80 >> (lane * 6 + bit) % 8);
      }
    }
    expect_encoded(bytes, reference_form_base64(bytes));
    if (HasFatalFailure()) return;
  }
}

TEST(FormBase64Test, WorstCaseFillsTheBound) {
  for (const std::size_t length : {3U, 12U, 48U, 3000U}) {
    const std::vector<std::uint8_t> bytes(length, 0xff);  // all /
    ASSERT_EQ(form_base64_length(bytes), max_form_base64_length(length));
    expect_encoded(bytes, reference_form_base64(bytes));
  }
}

TEST(FormBase64Test, OneMebibyteAgrees) {
  const std::vector<std::uint8_t> bytes = reference::random_bytes(4, 1 << 20);
  expect_encoded(bytes, reference_form_base64(bytes));
}

}  // namespace
}  // namespace netocr
