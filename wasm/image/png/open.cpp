// Converts the header to ImageInfo; chunks.cpp reads the header.
#include "image/png/open.hpp"

#include "image/png/chunks.hpp"
#include "image/png/rewrite.hpp"
#include "image/png/source.hpp"

namespace netocr::png {
namespace {

ColorModel color_model(std::uint8_t color_type) {
  if (color_type == 3) return ColorModel::kPalette;
  return (color_type & 2) != 0 ? ColorModel::kRgb : ColorModel::kGrey;
}

ImageInfo info_of(const Header& header) {
  ImageInfo info;
  info.width = header.width;
  info.height = header.height;
  info.orientation = header.orientation;
  info.bits_per_sample = header.bit_depth;
  info.color_model = color_model(header.color_type);
  info.has_alpha = header.has_transparency;
  info.has_metadata = header.has_metadata;
  info.progressive = header.interlaced;
  info.decodable = true;
  if (!header.complete) info.warnings |= kWarnTruncated;
  return info;
}

class PngImage final : public OpenImage {
 public:
  PngImage(Bytes bytes, const Header& header, const Limits& limits)
      : OpenImage(info_of(header)), bytes_(bytes), header_(header), limits_(limits) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& wanted) override {
    return open_source(bytes_, header_, wanted, limits_);
  }
  Result<std::unique_ptr<RowSource>> rgb_rows() override {
    return open_source(bytes_, header_, {header_.width, header_.height}, limits_, PlaneColors::kRgb);
  }

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override {
    return read_colors(header_.color, info().color_model == ColorModel::kGrey, whole);
  }

  Result<std::optional<RewrittenPicture>> rewrite(std::size_t max_bytes) override {
    return png::rewrite(bytes_, header_, info().orientation, max_bytes, limits_);
  }

 private:
  Bytes bytes_;
  Header header_;
  Limits limits_;
};

}  // namespace

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits) {
  const auto header = read_header(bytes);
  if (!header.ok()) return open_undecoded(header.error());
  return make_open_image<PngImage>(bytes, *header, limits);
}

}  // namespace netocr::png
