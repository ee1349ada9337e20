// The codec table of tests, fuzz targets and benchmarks: what the two modules decode together. A JPEG is
// asked of the core first and of the second module where the core leaves it, as
// web/client/worker/picture-reader.js does.
#include "image/bmp/rare.hpp"
#include "image/jpeg/library/open.hpp"
#include "image/jpeg/open.hpp"
#include "image/registry/all_codecs.hpp"
#include "image/registry/converter.hpp"

namespace netocr {
namespace {

// A JPEG whose header leaves nothing to the second module; its data may.
class JpegOfBoth final : public OpenImage {
 public:
  JpegOfBoth(std::unique_ptr<OpenImage> core, std::unique_ptr<OpenImage> second)
      : OpenImage(core->info()), core_(std::move(core)), second_(std::move(second)) {
    core_->complete(ImageFormat::kJpeg, false);
  }

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& wanted) override {
    auto rows = core_->rows(wanted);
    if (rows.ok() || !rows.error().left_to_codecs) return rows;
    return second_->rows(wanted);
  }

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override {
    if (core_->info().profile == ProfileUse::kIgnored) return Error{ErrorCode::kCorruptImage, 0, "ignored"};
    whole = core_->take_profile();
    return core_->profile();
  }

  Result<std::optional<RewrittenPicture>> rewrite(std::size_t max_bytes) override {
    return core_->lossless(max_bytes);
  }

 private:
  std::unique_ptr<OpenImage> core_;
  std::unique_ptr<OpenImage> second_;
};

Result<std::unique_ptr<OpenImage>> open_jpeg(Bytes bytes, const Limits& limits) {
  NETOCR_ASSIGN(auto core, jpeg::open(bytes, limits));
  NETOCR_ASSIGN(auto second, jpeg::open_by_library(bytes, limits));
  if (core->is_left_to_codecs()) return second;
  return make_open_image<JpegOfBoth>(std::move(core), std::move(second));
}

}  // namespace

std::span<const ImageCodec> image_codecs() {
  return kAllCodecs<SharedDecoders{open_jpeg, bmp::open_rare_rows}>;
}
std::span<const ImageFormat> formats_left_to_codecs() { return {}; }
Status complete_colors(OpenImage& image) { return give_converter(image); }

}  // namespace netocr
