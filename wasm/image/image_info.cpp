// Asks the codec of the recognised format; a format without one is recognised only.
#include "image/image_info.hpp"

#include <iterator>

#include "image/codec.hpp"

namespace netocr {
namespace {

struct ModelName {
  ColorModel model;
  std::string_view name;
};
constexpr ModelName kModelNames[] = {
    {ColorModel::kUnknown, "unknown"}, {ColorModel::kGrey, "grey"}, {ColorModel::kRgb, "rgb"},
    {ColorModel::kYcbcr, "ycbcr"},     {ColorModel::kCmyk, "cmyk"}, {ColorModel::kYcck, "ycck"},
    {ColorModel::kPalette, "palette"}, {ColorModel::kLab, "lab"},
};
constexpr bool models_in_enum_order() {
  for (std::size_t i = 0; i < std::size(kModelNames); ++i) {
    if (static_cast<std::size_t>(kModelNames[i].model) != i) return false;
  }
  return std::size(kModelNames) == static_cast<std::size_t>(ColorModel::kLab) + 1;
}
static_assert(models_in_enum_order());

}  // namespace

std::string_view color_model_name(ColorModel model) {
  return kModelNames[static_cast<std::size_t>(model)].name;
}

Result<ImageInfo> inspect_image(Bytes bytes, const Limits& limits) {
  if (const Status size = check_input_size(bytes.size(), limits); !size.ok()) return size.error();
  const ImageFormat format = sniff_image(bytes);
  if (format == ImageFormat::kUnknown) {
    return Error{ErrorCode::kUnrecognizedFormat, 0, "no known image signature"};
  }
  const ImageCodec* codec = find_codec(format);
  auto info = codec != nullptr ? codec->inspect(bytes) : Result<ImageInfo>(ImageInfo{});
  if (!info.ok()) return info;
  info->format = format;
  if (info->decodable) {
    if (const Status fits = check_dimensions(info->width, info->height, limits); !fits.ok())
      return fits.error();
  }
  return info;
}

}  // namespace netocr
