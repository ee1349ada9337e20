// The codec table of the second module: the core's rows and its own.
#include <algorithm>

#include "image/bmp/rare.hpp"
#include "image/jp2/open.hpp"
#include "image/jpeg/library/source.hpp"
#include "image/jpeg/source.hpp"
#include "image/registry/core_codecs.hpp"
#include "image/tiff/open.hpp"
#include "image/webp/open.hpp"
#include "image/wsq/open.hpp"

namespace netocr {
namespace {

Result<tiff::EmbeddedJpeg> open_jpeg_in_tiff(Bytes bytes, const Limits& limits) {
  constexpr WantedSize kFullSize{0xffff'ffff, 0xffff'ffff};
  NETOCR_ASSIGN(jpeg::File file, jpeg::File::open(bytes, jpeg::Walk::kFirstScan));
  NETOCR_ASSIGN(auto rows, jpeg::open_source(file, kFullSize, limits, jpeg::open_library_source));
  const jpeg::Header& header = file.header();
  tiff::EmbeddedJpeg jpeg;
  jpeg.rows = std::move(rows);
  jpeg.width = header.width;
  jpeg.color_model = jpeg::color_model(header);
  std::transform(header.components.begin(), header.components.end(), jpeg.components.begin(),
                 [](const jpeg::Component& c) { return tiff::EmbeddedJpeg::Component{c.h, c.v}; });
  return jpeg;
}

Result<std::unique_ptr<OpenImage>> open_tiff(Bytes bytes, const Limits& limits) {
  return tiff::open(bytes, limits, open_jpeg_in_tiff);
}

constexpr std::array kOwnCodecs = {
    ImageCodec{ImageFormat::kTiff, open_tiff},     ImageCodec{ImageFormat::kWsq, wsq::open},
    ImageCodec{ImageFormat::kJp2, jp2::open_file}, ImageCodec{ImageFormat::kJ2k, jp2::open_codestream},
    ImageCodec{ImageFormat::kWebp, webp::open},
};

constexpr auto kCodecs = [] {
  constexpr auto& kShared = kSharedCodecs<RareDecoders{jpeg::open_library_source, bmp::open_rare_rows}>;
  std::array<ImageCodec, kShared.size() + kOwnCodecs.size()> all{};
  std::copy(kOwnCodecs.begin(), kOwnCodecs.end(), std::copy(kShared.begin(), kShared.end(), all.begin()));
  return all;
}();

}  // namespace

std::span<const ImageCodec> image_codecs() { return kCodecs; }
std::span<const ImageFormat> formats_left_to_codecs() { return {}; }

}  // namespace netocr
