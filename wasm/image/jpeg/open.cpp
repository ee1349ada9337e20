// Header -> ImageInfo; decode/file.cpp reads the header.
#include "image/jpeg/open.hpp"

#include "image/jpeg/decode/file.hpp"
#include "image/jpeg/decode/planes.hpp"
#include "image/jpeg/rewrite/rewrite.hpp"

namespace netocr::jpeg {
namespace {

bool is_rare(const Header& header) { return check_variant(header).ok() && !has_own_decoder(header); }

ImageInfo info_of(const Header& header, OpenLeft open_left) {
  ImageInfo info;
  info.width = header.width;
  info.height = header.height;
  info.orientation = header.orientation;
  info.bits_per_sample = header.bits_per_sample;
  info.color_model = color_model(header);
  info.has_metadata = header.has_metadata;
  info.progressive = header.process == Process::kProgressive;
  info.decodable = check_variant(header).ok() && (open_left != nullptr || !is_rare(header));
  if (!header.complete) info.warnings |= kWarnTruncated;
  return info;
}

class JpegImage final : public OpenImage {
 public:
  JpegImage(const File& file, const Limits& limits, OpenLeft open_left)
      : OpenImage(info_of(file.header(), open_left)), file_(file), limits_(limits), open_left_(open_left) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& wanted) override {
    return open_source(file_, wanted, limits_, open_left_);
  }

 protected:
  Result<IccProfile> read_profile() const override { return file_.profile(); }

  Result<std::optional<RewrittenPicture>> rewrite(std::size_t max_bytes) override {
    return jpeg::rewrite(file_, info().orientation, max_bytes, limits_);
  }

 private:
  File file_;
  Limits limits_;
  OpenLeft open_left_;
};

}  // namespace

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits, OpenLeft open_left) {
  NETOCR_ASSIGN(const File& file, File::open(bytes, Walk::kWhole));
  return make_open_image<JpegImage>(file, limits, open_left);
}

bool is_rare(Bytes bytes) {
  const auto file = File::open(bytes, Walk::kFirstScan);
  return file.ok() && is_rare(file->header());
}

}  // namespace netocr::jpeg
