// Signatures of every format, what only looks like one, and what comes too short.
#include "sniff/image_format.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include <vector>
#include "cpp/sniff/signatures.hpp"

#include "base/bytes.hpp"

namespace netocr {
namespace {

using std::string_literals::operator""s;
using testing::Signature;
using testing::signatures;

std::string bmp_start(const std::string& header_size) {
  return "BM"s + std::string(12, '\0') + header_size + std::string(40, '\0');
}

TEST(SniffImage, KnowsEveryFormat) {
  std::set<ImageFormat> seen;
  for (const Signature& c : signatures()) {
    EXPECT_EQ(sniff_image(as_bytes(c.bytes)), c.format) << image_format_name(c.format);
    EXPECT_EQ(sniff_image(as_bytes(c.bytes + "and what follows")), c.format) << image_format_name(c.format);
    seen.insert(c.format);
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(ImageFormat::kPdf));  // all but kUnknown
}

TEST(SniffImage, EveryShorterSignatureIsUnknown) {
  for (const Signature& c : signatures()) {
    for (std::size_t length = 0; length < c.bytes.size(); ++length) {
      EXPECT_EQ(sniff_image(as_bytes(c.bytes.substr(0, length))), ImageFormat::kUnknown)
          << image_format_name(c.format) << ' ' << length;
    }
  }
}

TEST(SniffImage, TheMajorBrandDecides) {
  const Signature cases[] = {
      {ImageFormat::kAvif,
       "\0\0\0\x1c"
       "ftypmif1\0\0\0\0mif1avif"s},
      {ImageFormat::kHeic,
       "\0\0\0\x1c"
       "ftypmif1\0\0\0\0mif1heic"s},
      {ImageFormat::kHeic,
       "\0\0\0\x1c"
       "ftypheic\0\0\0\0avifheic"s},
      // The brand beyond the box does not count.
      {ImageFormat::kHeic,
       "\0\0\0\x14"
       "ftypmif1\0\0\0\0mif1avif"s},
      // Videos, whatever they are compatible with.
      {ImageFormat::kUnknown,
       "\0\0\0\x1c"
       "ftypisom\0\0\0\0heicavif"s},
      {ImageFormat::kUnknown,
       "\0\0\0\x14"
       "ftypmp42\0\0\0\0mif1"s},
      {ImageFormat::kUnknown,
       "\0\0\0\x14"
       "ftypqt  \0\0\0\0qt  "s},
      {ImageFormat::kUnknown,
       "\0\0\0\x14"
       "ftypM4V \0\0\0\0mp41"s},
      {ImageFormat::kUnknown,
       "\0\0\0\x14"
       "ftyp3gp5\0\0\0\0isom"s},
      {ImageFormat::kUnknown,
       "\0\0\0\x08"
       "ftypheic\0\0\0\0"s},  // a box that cannot hold a brand
      {ImageFormat::kUnknown,
       "\0\0\0\x14"
       "moovheic\0\0\0\0"s},
  };
  for (const Signature& c : cases)
    EXPECT_EQ(sniff_image(as_bytes(c.bytes)), c.format) << c.bytes.substr(8, 16);
}

TEST(SniffImage, TextVideoAndSoundAreUnknown) {
  const std::string files[] = {
      "BM is how this text begins, and it is long enough to be a header"s,
      "BMW 320i Touring, Baujahr 1998, unfallfrei"s,
      "II* and MM* are how TIFF files begin"s,
      "RIFF\x10\0\0\0WAVEfmt "s,
      "RIFF\x10\0\0\0AVI LIST"s,
      "RIFF\x10\0\0\0WEBPJUNK"s,
      "GIF88a not a version"s,
      "PDF-1.7"s,
      "%PDF is a format"s,
      "%!PS-Adobe-3.0"s,
      "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"s,
      "<html>"s,
      "\x1a\x45\xdf\xa3 matroska"s,
      "FLV\x01\x05"s,
      "\0\0\x01\xba"s,
      "\xff\xd9\xff\xd8"s,
      "\xff\xa0\xff\xd8"s,
      "\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14"
      "ftypmjp2\0\0\0\0mjp2"s,  // Motion JPEG 2000
      bmp_start("\0\0\0\0"s),
      bmp_start("\x0b\0\0\0"s),
      bmp_start("text"s),
      std::string(100, '\0'),
  };
  for (const std::string& file : files) EXPECT_EQ(sniff_image(as_bytes(file)), ImageFormat::kUnknown) << file;
}

TEST(ImageFormatName, IsTheWordOfEveryLayer) {
  const std::vector<std::string_view> names = {"unknown", "jpeg", "png",  "bmp",  "tiff", "wsq", "jp2",
                                               "j2k",     "webp", "heic", "avif", "gif",  "pdf"};
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(image_format_name(static_cast<ImageFormat>(i)), names[i]);
}

}  // namespace
}  // namespace netocr
