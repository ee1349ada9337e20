// Opens a JPEG whose rows our own decoders deliver, and which may be rewritten; decode/file.cpp reads the
// header.
#include "image/jpeg/open.hpp"

#include "image/jpeg/decode/file.hpp"
#include "image/jpeg/decode/planes.hpp"
#include "image/jpeg/rewrite/rewrite.hpp"
#include "image/jpeg/source.hpp"

namespace netocr::jpeg {
namespace {

ImageInfo info_of(const Header& header, bool is_rare) {
  ImageInfo info = image_info(header);
  info.decodable = info.decodable && !is_rare;
  return info;
}

class JpegImage final : public OpenImage {
 public:
  JpegImage(const File& file, const Limits& limits, bool is_rare)
      : OpenImage(info_of(file.header(), is_rare), is_rare), file_(file), limits_(limits) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& wanted) override {
    return open_source(file_, wanted, limits_);
  }

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override { return file_.profile(whole); }

  Result<std::optional<RewrittenPicture>> rewrite(std::size_t max_bytes) override {
    return jpeg::rewrite(file_, info().orientation, max_bytes, limits_);
  }

 private:
  File file_;
  Limits limits_;
};

}  // namespace

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, const Limits& limits) {
  NETOCR_ASSIGN(const File& file, File::open(bytes, Walk::kWhole));
  const bool is_rare = check_variant(file.header()).ok() && !has_own_decoder(file.header());
  return make_open_image<JpegImage>(file, limits, is_rare);
}

}  // namespace netocr::jpeg
