// Asks the codec of the recognised format for the header and the colour profile; a format without one is
// recognised only.
#include "image/registry/inspect.hpp"

#include <algorithm>

#include "image/registry/codec.hpp"

namespace netocr {
namespace {

void inspect_profile(Bytes bytes, const ImageCodec& codec, ImageInfo& info) {
  if (info.has_metadata && codec.profile != nullptr) {
    const auto icc = codec.profile(bytes);
    if (!icc.ok()) info.profile = ProfileUse::kIgnored;
    if (icc.ok() && !icc->empty()) {
      info.profile = profile_use_of(read_icc(icc->span()).kind, info.color_model);
      info.profile_name = icc_name(icc->span());
    }
  }
  if (info.profile == ProfileUse::kIgnored) info.warnings |= kWarnProfileIgnored;
}

}  // namespace

Result<ImageInfo> inspect_image(Bytes bytes, const Limits& limits) {
  NETOCR_TRY(check_input_size(bytes.size(), limits));
  const ImageFormat format = sniff_image(bytes);
  if (format == ImageFormat::kUnknown) {
    return Error{ErrorCode::kUnrecognizedFormat, 0, "no known image signature"};
  }
  const ImageCodec* codec = find_codec(format);
  auto info = codec != nullptr ? codec->inspect(bytes) : Result<ImageInfo>(ImageInfo{});
  if (!info.ok()) return info;
  info->format = format;
  if (codec != nullptr) inspect_profile(bytes, *codec, *info);
  if (info->decodable) {
    NETOCR_TRY(check_dimensions(info->width, info->height, limits));
  }
  return info;
}

bool is_left_to_codecs(Bytes bytes) {
  const ImageFormat format = sniff_image(bytes);
  const auto left = formats_left_to_codecs();
  if (std::find(left.begin(), left.end(), format) != left.end()) return true;
  const ImageCodec* codec = find_codec(format);
  return codec != nullptr && codec->is_left_to_codecs != nullptr && codec->is_left_to_codecs(bytes);
}

Result<IccProfile> read_profile(Bytes bytes, ImageFormat format) {
  NETOCR_ASSIGN(const auto& icc, find_codec(format)->profile(bytes));
  return read_icc(icc.span());
}

}  // namespace netocr
