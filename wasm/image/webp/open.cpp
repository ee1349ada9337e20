// Converts the header to ImageInfo; chunks.cpp reads the header.
#include "image/webp/open.hpp"

#include "image/webp/chunks.hpp"
#include "image/webp/source.hpp"

namespace netocr::webp {
namespace {

ImageInfo info_of(const Header& header) {
  ImageInfo info;
  info.width = header.width;
  info.height = header.height;
  info.orientation = header.orientation;
  info.bits_per_sample = 8;
  info.color_model = header.lossless ? ColorModel::kRgb : ColorModel::kYcbcr;
  info.has_alpha = header.has_alpha;
  info.has_metadata = header.has_metadata;
  info.decodable = true;
  if (!header.complete) info.warnings |= kWarnTruncated;
  return info;
}

class WebpImage final : public OpenImage {
 public:
  WebpImage(const Header& header, std::size_t file_bytes, const Limits& limits)
      : OpenImage(info_of(header)), header_(header), file_bytes_(file_bytes), limits_(limits) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& /*wanted*/) override {
    return open_source(header_, file_bytes_, limits_);
  }
  Result<std::unique_ptr<RowSource>> rgb_rows() override {
    if (!header_.lossless) return OpenImage::rgb_rows();
    return open_source(header_, file_bytes_, limits_, PlaneColors::kRgb);
  }

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override { return read_icc(header_.profile, whole); }

 private:
  Header header_;
  std::size_t file_bytes_;
  Limits limits_;
};

}  // namespace

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits) {
  NETOCR_ASSIGN(const Header& header, read_header(bytes));
  return make_open_image<WebpImage>(header, bytes.size(), limits);
}

}  // namespace netocr::webp
