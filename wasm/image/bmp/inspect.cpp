// Header -> ImageInfo; header.cpp reads the header.
#include "image/bmp/inspect.hpp"

namespace netocr::bmp {

Result<ImageInfo> inspect(Bytes bytes, const EmbeddedReaders& embedded, OpenRareRows open_rare) {
  const auto header = read_header(bytes);
  ImageInfo info;
  if (!header.ok()) {
    if (header.error().code == ErrorCode::kUnsupportedFeature) return info;
    return header.error();
  }
  if (const EmbeddedReader* const reader = reader_of(*header, embedded)) {
    auto inner = reader->inspect(header->pixels);
    if (inner.ok()) inner->orientation = 1;  // BMP readers do not turn it
    return inner;
  }
  info.width = header->width;
  info.height = header->height;
  info.bits_per_sample = bits_per_sample(*header);
  info.color_model = has_palette(header->coding) ? ColorModel::kPalette : ColorModel::kRgb;
  info.has_alpha = header->masks[3] != 0 || header->coding == Coding::kBgra64;
  info.has_metadata = header->has_metadata;
  info.decodable = open_rare != nullptr || !is_rare(header->coding);
  if (header->lost_profile) info.profile = ProfileUse::kIgnored;
  return info;
}

bool is_left_to_codecs(Bytes bytes, const EmbeddedReaders& embedded) {
  const auto header = read_header(bytes);
  if (!header.ok()) return false;
  const EmbeddedReader* const reader = reader_of(*header, embedded);
  if (reader == nullptr) return is_rare(header->coding);
  return reader->is_left_to_codecs != nullptr && reader->is_left_to_codecs(header->pixels);
}

Result<Buffer> read_profile(Bytes bytes, const EmbeddedReaders& embedded) {
  NETOCR_ASSIGN(const auto& header, read_header(bytes));
  const EmbeddedReader* const reader = reader_of(header, embedded);
  if (reader != nullptr) return reader->profile(header.pixels);
  return Buffer::copy_of(header.profile);
}

}  // namespace netocr::bmp
