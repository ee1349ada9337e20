// Chooses the decoder by the file's bytes.
#include "image/registry/open.hpp"

#include <algorithm>

#include "image/registry/codec.hpp"
#include "sniff/image_format.hpp"

namespace netocr {
namespace {

// What to do with a format that this build does not decode.
const char* advice(ImageFormat format) {
  switch (format) {
    case ImageFormat::kTiff:
      return "TIFF is not decoded here: convert it to JPEG or PNG";
    case ImageFormat::kWsq:
      return "WSQ is not decoded here: convert it to JPEG or PNG";
    case ImageFormat::kJp2:
      return "JPEG 2000 (JP2) is not decoded here: convert it to JPEG or PNG";
    case ImageFormat::kJ2k:
      return "JPEG 2000 (J2K codestream) is not decoded here: convert it to JPEG or PNG";
    case ImageFormat::kWebp:
      return "WebP is not decoded here: save it as JPEG or PNG";
    case ImageFormat::kHeic:
      return "HEIC is not decoded here: choose the JPEG export, or 'most compatible' in the camera settings";
    case ImageFormat::kAvif:
      return "AVIF is not decoded here: save it as JPEG or PNG";
    case ImageFormat::kGif:
      return "GIF is not decoded here: take a photo, or save it as JPEG or PNG";
    case ImageFormat::kPdf:
      return "PDF is a document: take a photo, or export the page as JPEG or PNG";
    case ImageFormat::kUnknown:
    case ImageFormat::kJpeg:
    case ImageFormat::kPng:
    case ImageFormat::kBmp:
      break;
  }
  return "this format is not decoded here";
}

}  // namespace

Result<std::unique_ptr<RowSource>> open_row_source(Bytes bytes, const WantedSize& wanted,
                                                   const Limits& limits) {
  NETOCR_TRY(check_input_size(bytes.size(), limits));
  const ImageFormat format = sniff_image(bytes);
  if (format == ImageFormat::kUnknown) {
    return Error{ErrorCode::kUnrecognizedFormat, 0, "no known image signature"};
  }
  const ImageCodec* codec = find_codec(format);
  if (codec == nullptr || codec->open == nullptr) {
    const auto left = formats_left_to_codecs();
    const bool is_left = std::find(left.begin(), left.end(), format) != left.end();
    return Error{ErrorCode::kUnsupportedFormat, 0, advice(format), is_left};
  }
  return codec->open(bytes, wanted, limits);
}

}  // namespace netocr
