// Converts the header to ImageInfo; pages.cpp selects the header.
#include "image/tiff/open.hpp"

#include <algorithm>

#include "image/tiff/compression.hpp"
#include "image/tiff/header.hpp"
#include "image/tiff/photometric.hpp"
#include "image/tiff/policy.hpp"
#include "image/tiff/source.hpp"

namespace netocr::tiff {
namespace {

ImageInfo info_of(const Header& header, bool decodable) {
  ImageInfo info;
  info.width = header.width;
  info.height = header.height;
  info.orientation = header.orientation;
  info.bits_per_sample = static_cast<std::uint8_t>(std::min<std::uint16_t>(header.bits_per_sample, 255));
  info.color_model = color_model(header.photometric);
  info.has_alpha = header.alpha != Alpha::kNone;
  info.has_metadata = header.has_metadata;
  info.decodable = decodable;
  return info;
}

class TiffImage final : public OpenImage {
 public:
  TiffImage(Bytes bytes, const Header& header, bool decodable, const Limits& limits,
            OpenEmbeddedJpeg open_jpeg)
      : OpenImage(info_of(header, decodable)),
        bytes_(bytes),
        header_(header),
        limits_(limits),
        open_jpeg_(open_jpeg) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& /*wanted*/) override {
    const PlaneColors colors = has_inks_to_convert() ? PlaneColors::kInks : PlaneColors::kYcc;
    return open_source(bytes_, header_, limits_, open_jpeg_, colors);
  }
  Result<std::unique_ptr<RowSource>> rgb_rows() override {
    if (header_.compression == kCompressionOldJpeg) return OpenImage::rgb_rows();
    return open_source(bytes_, header_, limits_, open_jpeg_, PlaneColors::kRgb);
  }

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override {
    NETOCR_ASSIGN(auto profile, read_icc(header_.profile, whole));
    // The streams of old-style JPEG are delivered in the colours of the JPEG.
    if (profile.kind == IccKind::kCmykTables && header_.compression == kCompressionOldJpeg)
      profile.kind = IccKind::kOther;
    return profile;
  }

 private:
  Bytes bytes_;
  Header header_;
  Limits limits_;
  OpenEmbeddedJpeg open_jpeg_;
};

}  // namespace

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits, OpenEmbeddedJpeg open_jpeg) {
  NETOCR_ASSIGN(const Header& header, read_header(bytes));
  const Status variant = check_variant(header);
  if (!variant.ok() && variant.error().code == ErrorCode::kCorruptImage) return variant.error();
  return make_open_image<TiffImage>(bytes, header, variant.ok(), limits, open_jpeg);
}

}  // namespace netocr::tiff
