// Detects the format and calls its codec; a format without a codec is recognised only.
#include "image/registry/open.hpp"

#include <algorithm>

#include "image/registry/codec.hpp"
#include "sniff/image_format.hpp"

namespace netocr {
namespace {

bool is_format_left(ImageFormat format) {
  const auto left = formats_left_to_codecs();
  return std::find(left.begin(), left.end(), format) != left.end();
}

}  // namespace

Result<std::unique_ptr<OpenImage>> open_image(Bytes bytes, const Limits& limits) {
  NETOCR_TRY(check_input_size(bytes.size(), limits));
  const ImageFormat format = sniff_image(bytes);
  if (format == ImageFormat::kUnknown) {
    return Error{ErrorCode::kUnrecognizedFormat, 0, "no known image signature"};
  }
  const ImageCodec* const codec = find_codec(format);
  NETOCR_ASSIGN(auto image,
                codec != nullptr ? codec->open(bytes, limits) : make_open_image<OpenImage>(ImageInfo{}));
  image->complete(format, is_format_left(format));
  NETOCR_TRY(complete_colors(*image));
  const ImageInfo& info = image->info();
  if (info.decodable) NETOCR_TRY(check_dimensions(info.width, info.height, limits));
  return image;
}

}  // namespace netocr
