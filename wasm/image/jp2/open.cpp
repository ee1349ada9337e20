// Converts the file's headers to ImageInfo; file.cpp reads the headers.
#include "image/jp2/open.hpp"

#include <algorithm>
#include <utility>

#include "image/jp2/file.hpp"
#include "image/jp2/source.hpp"

namespace netocr::jp2 {
namespace {

ImageInfo info_of(const File& file) {
  ImageInfo info;
  info.width = picture_rect(file, 0).width();
  info.height = picture_rect(file, 0).height();
  info.bits_per_sample = file.header.component(file.channels.channels[0].component).precision;
  info.color_model = file.channels.uses_palette() ? ColorModel::kPalette : file.channels.model;
  info.has_alpha = file.channels.alpha != Alpha::kNone;
  info.has_metadata = file.header.has_comment;
  if (file.boxes) {
    const Colors& colors = file.boxes->colors;
    info.has_metadata = info.has_metadata || file.boxes->has_metadata ||
                        std::any_of(colors.boxes.begin(), colors.boxes.end(),
                                    [](const Color& color) { return !color.profile.empty(); });
  }
  info.decodable = true;
  if (file.channels.foreign_color) info.profile = ProfileUse::kIgnored;
  if (file.tiles.truncated) info.warnings |= kWarnTruncated;
  return info;
}

class Jp2Image final : public OpenImage {
 public:
  Jp2Image(File file, std::size_t file_bytes, const Limits& limits)
      : OpenImage(info_of(file)), file_(std::move(file)), file_bytes_(file_bytes), limits_(limits) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& wanted) override {
    return open_source(std::move(file_), file_bytes_, wanted, limits_);
  }

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override {
    NETOCR_ASSIGN(auto profile, read_icc(file_.channels.profile, whole));
    // CMYK in JPEG 2000 is not converted by its profile.
    if (profile.kind == IccKind::kCmykTables) profile.kind = IccKind::kOther;
    return profile;
  }

 private:
  File file_;
  std::size_t file_bytes_;
  Limits limits_;
};

Result<std::unique_ptr<OpenImage>> open(Bytes bytes, bool in_boxes, const Limits& limits) {
  auto file = read_file(bytes, in_boxes);
  if (!file.ok()) return open_undecoded(file.error());
  return make_open_image<Jp2Image>(std::move(*file), bytes.size(), limits);
}

}  // namespace

Result<std::unique_ptr<OpenImage>> open_file(Bytes bytes, const Limits& limits) {
  return open(bytes, true, limits);
}

Result<std::unique_ptr<OpenImage>> open_codestream(Bytes bytes, const Limits& limits) {
  return open(bytes, false, limits);
}

}  // namespace netocr::jp2
