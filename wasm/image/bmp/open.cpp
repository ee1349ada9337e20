// Converts the header to ImageInfo; header.cpp reads the header.
#include "image/bmp/open.hpp"

#include "image/bmp/source.hpp"

namespace netocr::bmp {
namespace {

ImageInfo info_of(const Header& header, bool is_left) {
  ImageInfo info;
  info.width = header.width;
  info.height = header.height;
  info.bits_per_sample = bits_per_sample(header);
  info.color_model = has_palette(header.coding) ? ColorModel::kPalette : ColorModel::kRgb;
  info.has_alpha = header.masks[3] != 0 || header.coding == Coding::kBgra64;
  info.has_metadata = header.has_metadata;
  info.decodable = !is_left;
  if (header.lost_profile) info.profile = ProfileUse::kIgnored;
  return info;
}

class BmpImage final : public OpenImage {
 public:
  BmpImage(const Header& header, const Limits& limits, OpenRareRows open_rare, bool is_left)
      : OpenImage(info_of(header, is_left), is_left),
        header_(header),
        limits_(limits),
        open_rare_(open_rare) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& /*wanted*/) override {
    return open_source(header_, limits_, open_rare_);
  }
  Result<std::unique_ptr<RowSource>> rgb_rows() override {
    return open_source(header_, limits_, open_rare_, PlaneColors::kRgb);
  }

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override { return read_icc(header_.profile, whole); }

 private:
  Header header_;
  Limits limits_;
  OpenRareRows open_rare_;
};

}  // namespace

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits, const EmbeddedFormats& formats,
                                        OpenRareRows open_rare) {
  const auto header = read_header(bytes);
  if (!header.ok()) return open_undecoded(header.error());
  if (const OpenEmbedded open_embedded = opener_of(*header, formats)) {
    NETOCR_ASSIGN(auto image, open_embedded(header->pixels, limits));
    image->embed();  // BMP readers ignore the embedded picture's orientation
    return image;
  }
  const bool is_left = open_rare == nullptr && is_rare(header->coding);
  return make_open_image<BmpImage>(*header, limits, open_rare, is_left);
}

}  // namespace netocr::bmp
