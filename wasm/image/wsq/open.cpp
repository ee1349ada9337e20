// Converts the frame header to ImageInfo; stream.cpp reads it and continues from there.
#include "image/wsq/open.hpp"

#include "image/wsq/source.hpp"
#include "image/wsq/stream.hpp"

namespace netocr::wsq {
namespace {

ImageInfo info_of(const Tables& tables) {
  ImageInfo info;
  info.width = tables.frame->width;
  info.height = tables.frame->height;
  info.bits_per_sample = 8;
  info.color_model = ColorModel::kGrey;
  info.has_metadata = tables.has_comments;
  info.decodable = true;
  return info;
}

class WsqImage final : public OpenImage {
 public:
  WsqImage(const Stream& stream, std::size_t file_bytes, const Limits& limits)
      : OpenImage(info_of(stream.tables())), stream_(stream), file_bytes_(file_bytes), limits_(limits) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& /*wanted*/) override {
    return open_source(stream_, file_bytes_, limits_);
  }

 private:
  Stream stream_;
  std::size_t file_bytes_;
  Limits limits_;
};

}  // namespace

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits) {
  Stream stream(bytes);
  NETOCR_TRY(stream.read_header());
  return make_open_image<WsqImage>(stream, bytes.size(), limits);
}

}  // namespace netocr::wsq
