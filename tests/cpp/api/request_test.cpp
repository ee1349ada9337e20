// Request bodies: exact texts, order, that no credential is in them, misuse.
#include <gtest/gtest.h>

#include "api/request.hpp"
#include "base/bytes.hpp"
#include "text/multipart.hpp"

namespace netocr {
namespace {

constexpr std::string_view kJpeg("\xff\xd8\xff\xe0\0\x10JFIF\0", 11);
constexpr std::string_view kPng = "\x89PNG\r\n\x1a\n";

std::string body_of(Operation operation, std::initializer_list<std::string_view> files,
                    std::uint64_t seed = 1) {
  std::vector<Bytes> views;
  for (const std::string_view file : files) views.push_back(as_bytes(file));
  const Result<RequestBody> made = build_request(endpoint_of(operation), views, seed);
  return made.ok() ? std::string(as_text(made->body.span())) : std::string(error_word(made.error().code));
}

TEST(RequestTest, FormBodies) {
  EXPECT_EQ(body_of(Operation::kCompareFaces, {"\xfb\xff\xbf", "f"}),
            "typeId=21&format=json&img1=%2B%2F%2B%2F&img2=Zg%3D%3D");
  EXPECT_EQ(body_of(Operation::kCheckLiveness, {"fo"}), "typeId=3035&format=json&img=Zm8%3D");
  EXPECT_EQ(body_of(Operation::kCheckVideoLiveness, {"foo"}), "typeId=3036&format=json&videoContent=Zm9v");
  EXPECT_EQ(body_of(Operation::kMatchIdCard, {"a", "b"}),
            "typeId=9999&format=json&img1=YQ%3D%3D&img2=Yg%3D%3D");
}

TEST(RequestTest, FormContentType) {
  const Bytes file = as_bytes("x");
  const Result<RequestBody> made =
      build_request(endpoint_of(Operation::kCheckLiveness), std::span(&file, 1), 0);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->content_type, "application/x-www-form-urlencoded");
}

TEST(RequestTest, FileTransferIsMultipartWithRawBytes) {
  const std::string boundary = multipart_boundary(5);
  const std::string expected =
      "--" + boundary + "\r\nContent-Disposition: form-data; name=\"typeId\"\r\n\r\n9999\r\n--" + boundary +
      "\r\nContent-Disposition: form-data; name=\"format\"\r\n\r\njson\r\n--" + boundary +
      "\r\nContent-Disposition: form-data; name=\"file1\"; filename=\"file1.jpg\"\r\nContent-Type: "
      "image/jpeg\r\n\r\n" +
      std::string(kJpeg) + "\r\n--" + boundary +
      "\r\nContent-Disposition: form-data; name=\"file2\"; filename=\"file2.png\"\r\nContent-Type: "
      "image/png\r\n\r\n" +
      std::string(kPng) + "\r\n--" + boundary + "--\r\n";
  EXPECT_EQ(body_of(Operation::kMatchIdCardFile, {kJpeg, kPng}, 5), expected);
}

TEST(RequestTest, UploadsAreNamedByTheirBytes) {
  struct Case {
    std::string_view file, head;
  };
  const std::string bmp = "BM" + std::string(12, '\0') + "\x28" + std::string(39, '\0');
  const Case cases[] = {
      {kJpeg, "filename=\"file1.jpg\"\r\nContent-Type: image/jpeg\r\n"},
      {kPng, "filename=\"file1.png\"\r\nContent-Type: image/png\r\n"},
      {bmp, "filename=\"file1.bmp\"\r\nContent-Type: image/bmp\r\n"},
      {std::string_view("II*\0\x08\0\0\0", 8), "filename=\"file1.tif\"\r\nContent-Type: image/tiff\r\n"},
      {std::string_view("\xff\x4f\xff\x51\0\x2f", 6),
       "filename=\"file1.j2k\"\r\nContent-Type: application/octet-stream\r\n"},
      {std::string_view("\xff\xa0\xff\xa4\0\x3a", 6),
       "filename=\"file1.wsq\"\r\nContent-Type: application/octet-stream\r\n"},
      {std::string_view("\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14"
                        "ftypjp2 \0\0\0\0jp2 ",
                        32),
       "filename=\"file1.jp2\"\r\nContent-Type: image/jp2\r\n"},
      {std::string_view("RIFF\x20\0\0\0WEBPVP8 \0\0\0\0", 20),
       "filename=\"file1.webp\"\r\nContent-Type: image/webp\r\n"},
      {std::string_view("\0\0\0\x14"
                        "ftypheic\0\0\0\0mif1",
                        20),
       "filename=\"file1.heic\"\r\nContent-Type: image/heic\r\n"},
      {std::string_view("\0\0\0\x14"
                        "ftypavif\0\0\0\0mif1",
                        20),
       "filename=\"file1.avif\"\r\nContent-Type: image/avif\r\n"},
      {"GIF89a", "filename=\"file1.gif\"\r\nContent-Type: image/gif\r\n"},
      {"%PDF-1.7\n", "filename=\"file1.pdf\"\r\nContent-Type: application/pdf\r\n"},
      {"hello", "filename=\"file1.bin\"\r\nContent-Type: application/octet-stream\r\n"},
  };
  for (const Case& c : cases) {
    EXPECT_NE(body_of(Operation::kMatchIdCardFile, {c.file, kPng}).find(c.head), std::string::npos) << c.head;
  }
}

TEST(RequestTest, NoCredentialsAndJsonAsked) {
  for (const Endpoint& endpoint : endpoints()) {
    const std::vector<Bytes> files(endpoint.part_count(), as_bytes("\x01\x02\x03"));
    const Result<RequestBody> made = build_request(endpoint, files, 1);
    ASSERT_TRUE(made.ok());
    const std::string_view body = as_text(made->body.span());
    EXPECT_EQ(body.find("key"), std::string_view::npos) << endpoint.name;
    EXPECT_EQ(body.find("secret"), std::string_view::npos) << endpoint.name;
    EXPECT_NE(body.find("json"), std::string_view::npos) << endpoint.name;
  }
}

TEST(RequestTest, Misuse) {
  for (const Operation operation :
       {Operation::kCompareFaces, Operation::kMatchIdCard, Operation::kMatchIdCardFile}) {
    EXPECT_EQ(body_of(operation, {}), "INVALID_ARGUMENT");
    EXPECT_EQ(body_of(operation, {"a"}), "INVALID_ARGUMENT");
    EXPECT_EQ(body_of(operation, {"a", "b", "c"}), "INVALID_ARGUMENT");
    EXPECT_EQ(body_of(operation, {"", "b"}), "EMPTY_INPUT");
    EXPECT_EQ(body_of(operation, {"a", ""}), "EMPTY_INPUT");
  }
  for (const Operation operation : {Operation::kCheckLiveness, Operation::kCheckVideoLiveness}) {
    EXPECT_EQ(body_of(operation, {}), "INVALID_ARGUMENT");
    EXPECT_EQ(body_of(operation, {"a", "b"}), "INVALID_ARGUMENT");
    EXPECT_EQ(body_of(operation, {""}), "EMPTY_INPUT");
  }
}

}  // namespace
}  // namespace netocr
