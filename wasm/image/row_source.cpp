// Chooses the decoder by the file's bytes.
#include "image/row_source.hpp"

#include "image/bmp_source.hpp"
#include "image/format.hpp"
#include "image/jpeg_source.hpp"
#include "image/png_source.hpp"

namespace netocr {
namespace {

Error unsupported(const char* detail) { return {ErrorCode::kUnsupportedFormat, 0, detail}; }

}  // namespace

Result<std::unique_ptr<RowSource>> open_row_source(Bytes bytes, const WantedSize& wanted,
                                                   const Limits& limits) {
  if (const Status size = check_input_size(bytes.size(), limits); !size.ok()) return size.error();
  switch (sniff_image(bytes)) {
    case ImageFormat::kJpeg:
      return open_jpeg_source(bytes, wanted, limits);
    case ImageFormat::kPng:
      return open_png_source(bytes, limits);
    case ImageFormat::kBmp:
      return open_bmp_source(bytes, wanted, limits);
    case ImageFormat::kUnknown:
      return Error{ErrorCode::kUnrecognizedFormat, 0, "no known image signature"};
    case ImageFormat::kTiff:
      return unsupported("TIFF is not decoded here: convert it to JPEG or PNG");
    case ImageFormat::kWsq:
      return unsupported("WSQ is not decoded here: convert it to JPEG or PNG");
    case ImageFormat::kJp2:
      return unsupported("JPEG 2000 (JP2) is not decoded here: convert it to JPEG or PNG");
    case ImageFormat::kJ2k:
      return unsupported("JPEG 2000 (J2K codestream) is not decoded here: convert it to JPEG or PNG");
    case ImageFormat::kWebp:
      return unsupported("WebP is not decoded here: save it as JPEG or PNG");
    case ImageFormat::kHeic:
      return unsupported(
          "HEIC is not decoded here: choose the JPEG export, or 'most compatible' in the camera settings");
    case ImageFormat::kAvif:
      return unsupported("AVIF is not decoded here: save it as JPEG or PNG");
    case ImageFormat::kGif:
      return unsupported("GIF is not decoded here: take a photo, or save it as JPEG or PNG");
    case ImageFormat::kPdf:
      return unsupported("PDF is a document: take a photo, or export the page as JPEG or PNG");
  }
  return Error{ErrorCode::kUnrecognizedFormat, 0, "no known image signature"};
}

}  // namespace netocr
