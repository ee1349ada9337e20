// The signatures of all formats of pictures.
#pragma once

#include <string>
#include <vector>

#include "sniff/image_format.hpp"

namespace netocr::testing {

struct Signature {
  ImageFormat format;
  std::string bytes;
};

// The shortest beginnings that are recognised.
inline std::vector<Signature> signatures() {
  using std::string_literals::operator""s;
  return {
      {ImageFormat::kJpeg, "\xff\xd8\xff"s},
      {ImageFormat::kPng, "\x89PNG\r\n\x1a\n"s},
      {ImageFormat::kBmp, "BM"s + std::string(12, '\0') + "\x28\0\0\0"s},
      {ImageFormat::kBmp, "BM"s + std::string(12, '\0') + "\x0c\0\0\0"s},
      {ImageFormat::kBmp, "BM"s + std::string(12, '\0') + "\x7c\0\0\0"s},
      {ImageFormat::kTiff, "II*\0"s},
      {ImageFormat::kTiff, "MM\0*"s},
      {ImageFormat::kTiff, "II+\0\x08\0\0\0"s},
      {ImageFormat::kTiff, "MM\0+\0\x08\0\0"s},
      {ImageFormat::kWsq, "\xff\xa0\xff\xa4"s},
      {ImageFormat::kWsq, "\xff\xa0\xff\xa8"s},
      {ImageFormat::kJp2, "\0\0\0\x0cjP  \r\n\x87\n"s},
      {ImageFormat::kJ2k, "\xff\x4f\xff\x51"s},
      {ImageFormat::kWebp, "RIFF\x10\0\0\0WEBPVP8 "s},
      {ImageFormat::kWebp, "RIFF\x10\0\0\0WEBPVP8L"s},
      {ImageFormat::kWebp, "RIFF\x10\0\0\0WEBPVP8X"s},
      {ImageFormat::kHeic,
       "\0\0\0\x18"
       "ftypheic\0\0\0\0"s},
      {ImageFormat::kHeic,
       "\0\0\0\x18"
       "ftypmif1\0\0\0\0"s},
      {ImageFormat::kHeic,
       "\0\0\0\x18"
       "ftypmsf1\0\0\0\0"s},
      {ImageFormat::kAvif,
       "\0\0\0\x1c"
       "ftypavif\0\0\0\0"s},
      {ImageFormat::kGif, "GIF87a"s},
      {ImageFormat::kGif, "GIF89a"s},
      {ImageFormat::kPdf, "%PDF-1.7"s},
  };
}

}  // namespace netocr::testing
