// Multipart: the exact bytes, escaping, and a boundary that is in none of the parts.
#include <gtest/gtest.h>

#include <set>

#include "base/bytes.hpp"
#include "text/multipart.hpp"

namespace netocr {
namespace {

TEST(MultipartTest, WritesTheBytesOfRfc7578) {
  const MultipartPart parts[] = {
      {"typeId", as_bytes("9999"), "", ""},
      {"file1", as_bytes(std::string_view("\xff\xd8\0\r\n--", 7)), "file1.jpg", "image/jpeg"},
  };
  const Result<MultipartBody> made = write_multipart(parts, 42);
  ASSERT_TRUE(made.ok());
  const std::string boundary = multipart_boundary(42);
  EXPECT_EQ(made->content_type, "multipart/form-data; boundary=" + boundary);
  const std::string expected =
      "--" + boundary + "\r\nContent-Disposition: form-data; name=\"typeId\"\r\n\r\n9999\r\n--" + boundary +
      "\r\nContent-Disposition: form-data; name=\"file1\"; filename=\"file1.jpg\"\r\n"
      "Content-Type: image/jpeg\r\n\r\n" +
      std::string("\xff\xd8\0\r\n--", 7) + "\r\n--" + boundary + "--\r\n";
  EXPECT_EQ(as_text(made->body.span()), expected);
}

TEST(MultipartTest, BoundaryIsAllowedAndDiffers) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const std::string boundary = multipart_boundary(seed);
    EXPECT_LE(boundary.size(), 70U);  // RFC 2046 section 5.1.1
    EXPECT_EQ(boundary.find_first_not_of("-0123456789abcdefghijklmnopqrstuvwxyz"), std::string::npos);
    EXPECT_TRUE(seen.insert(boundary).second);
  }
  EXPECT_NE(multipart_boundary(0).substr(7, 16), multipart_boundary(0).substr(23));
}

TEST(MultipartTest, TakesAnotherBoundaryWhenAFileHoldsIt) {
  const std::string file = "\r\n--" + multipart_boundary(7) + "--\r\n" + multipart_boundary(8);
  const MultipartPart parts[] = {{"file1", as_bytes("x"), "a", ""}, {"file2", as_bytes(file), "b", ""}};
  const Result<MultipartBody> made = write_multipart(parts, 7);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->content_type, "multipart/form-data; boundary=" + multipart_boundary(9));
}

TEST(MultipartTest, TakesAnotherBoundaryWhenANameHoldsIt) {
  const std::string name = multipart_boundary(7);
  for (const MultipartPart& part :
       {MultipartPart{name, as_bytes("x"), "", ""}, MultipartPart{"a", as_bytes("x"), name, ""},
        MultipartPart{"a", as_bytes("x"), "f", name}}) {
    const Result<MultipartBody> made = write_multipart(std::span(&part, 1), 7);
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->content_type, "multipart/form-data; boundary=" + multipart_boundary(8));
  }
}

TEST(MultipartTest, GivesUpWhenEveryBoundaryIsTaken) {
  std::string file;
  for (unsigned i = 0; i < kMaxBoundaryTries; ++i) file += multipart_boundary(100 + i);
  const MultipartPart parts[] = {{"file1", as_bytes(file), "a", ""}};
  EXPECT_EQ(write_multipart(parts, 100).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(write_multipart(parts, 101).ok());  // the one after the last is free
}

TEST(MultipartTest, EscapesNames) {
  const MultipartPart parts[] = {{"a\"b", as_bytes(""), "c\r\nd\"人", "text/plain"}};
  const Result<MultipartBody> made = write_multipart(parts, 1);
  ASSERT_TRUE(made.ok());
  EXPECT_NE(as_text(made->body.span()).find("; name=\"a%22b\"; filename=\"c%0D%0Ad%22人\"\r\n"),
            std::string_view::npos);
}

TEST(MultipartTest, RefusesLineBreaksInContentTypes) {
  for (const std::string_view type : {"a\r\nX-Y: z", "a\n", "\r"}) {
    const MultipartPart parts[] = {{"a", as_bytes("x"), "f", type}};
    EXPECT_EQ(write_multipart(parts, 1).error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(MultipartTest, NoPartsIsAnEmptyForm) {
  const Result<MultipartBody> made = write_multipart({}, 1);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(as_text(made->body.span()), "--" + multipart_boundary(1) + "--\r\n");
}

}  // namespace
}  // namespace netocr
