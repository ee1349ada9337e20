// The codec table of the second module: the core's rows and its own.
#include <algorithm>

#include "image/jp2/source.hpp"
#include "image/registry/core_codecs.hpp"
#include "image/tiff/source.hpp"
#include "image/webp/source.hpp"
#include "image/wsq/source.hpp"

namespace netocr {
namespace {

Result<EmbeddedJpeg> open_jpeg_in_tiff(Bytes bytes, const Limits& limits) {
  constexpr WantedSize kFullSize{0xffff'ffff, 0xffff'ffff};
  auto rows = open_jpeg_source(bytes, kFullSize, limits);
  if (!rows.ok()) return rows.error();
  const auto header = read_jpeg_header(bytes, JpegWalk::kFirstScan);
  if (!header.ok()) return header.error();
  EmbeddedJpeg jpeg;
  jpeg.rows = std::move(*rows);
  jpeg.width = header->width;
  jpeg.color_model = jpeg_color_model(*header);
  std::transform(header->components.begin(), header->components.end(), jpeg.components.begin(),
                 [](const JpegComponent& c) { return EmbeddedJpeg::Component{c.h, c.v}; });
  return jpeg;
}

Result<std::unique_ptr<RowSource>> open_tiff(Bytes bytes, const WantedSize&, const Limits& limits) {
  return open_tiff_source(bytes, limits, open_jpeg_in_tiff);
}

constexpr std::array kOwnCodecs = {
    ImageCodec{ImageFormat::kTiff, inspect_tiff, open_tiff, profile_in_file<tiff_profile>},
    ImageCodec{ImageFormat::kWsq, inspect_wsq, open_full_size<open_wsq_source>},
    ImageCodec{ImageFormat::kJp2, inspect_jp2, open_jp2_source, profile_in_file<jp2_profile>},
    ImageCodec{ImageFormat::kJ2k, inspect_j2k, open_j2k_source},
    ImageCodec{ImageFormat::kWebp, inspect_webp, open_full_size<open_webp_source>,
               profile_in_file<webp_profile>},
};

constexpr auto kCodecs = [] {
  std::array<ImageCodec, kCoreCodecs.size() + kOwnCodecs.size()> all{};
  std::copy(kOwnCodecs.begin(), kOwnCodecs.end(),
            std::copy(kCoreCodecs.begin(), kCoreCodecs.end(), all.begin()));
  return all;
}();

}  // namespace

std::span<const ImageCodec> image_codecs() { return kCodecs; }

}  // namespace netocr
