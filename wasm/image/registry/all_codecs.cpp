// The codec table of the second module: the core's rows and its own.
#include <algorithm>

#include "image/bmp/rare.hpp"
#include "image/jp2/source.hpp"
#include "image/registry/core_codecs.hpp"
#include "image/tiff/source.hpp"
#include "image/webp/source.hpp"
#include "image/wsq/source.hpp"

namespace netocr {
namespace {

Result<tiff::EmbeddedJpeg> open_jpeg_in_tiff(Bytes bytes, const Limits& limits) {
  constexpr WantedSize kFullSize{0xffff'ffff, 0xffff'ffff};
  NETOCR_ASSIGN(auto rows, jpeg::open_source(bytes, kFullSize, limits));
  NETOCR_ASSIGN(const auto& header, jpeg::read_header(bytes, jpeg::Walk::kFirstScan));
  tiff::EmbeddedJpeg jpeg;
  jpeg.rows = std::move(rows);
  jpeg.width = header.width;
  jpeg.color_model = jpeg::color_model(header);
  std::transform(header.components.begin(), header.components.end(), jpeg.components.begin(),
                 [](const jpeg::Component& c) { return tiff::EmbeddedJpeg::Component{c.h, c.v}; });
  return jpeg;
}

Result<std::unique_ptr<RowSource>> open_tiff(Bytes bytes, const WantedSize&, const Limits& limits) {
  return tiff::open_source(bytes, limits, open_jpeg_in_tiff);
}

constexpr std::array kOwnCodecs = {
    ImageCodec{ImageFormat::kTiff, tiff::inspect, open_tiff, profile_in_file<tiff::find_profile>},
    ImageCodec{ImageFormat::kWsq, wsq::inspect, open_full_size<wsq::open_source>},
    ImageCodec{ImageFormat::kJp2, jp2::inspect_file, jp2::open_file, profile_in_file<jp2::find_profile>},
    ImageCodec{ImageFormat::kJ2k, jp2::inspect_codestream, jp2::open_codestream},
    ImageCodec{ImageFormat::kWebp, webp::inspect, open_full_size<webp::open_source>,
               profile_in_file<webp::find_profile>},
};

constexpr auto kCodecs = [] {
  constexpr auto& kShared = kSharedCodecs<bmp::open_rare_rows>;
  std::array<ImageCodec, kShared.size() + kOwnCodecs.size()> all{};
  std::copy(kOwnCodecs.begin(), kOwnCodecs.end(), std::copy(kShared.begin(), kShared.end(), all.begin()));
  return all;
}();

}  // namespace

std::span<const ImageCodec> image_codecs() { return kCodecs; }
std::span<const ImageFormat> formats_left_to_codecs() { return {}; }

}  // namespace netocr
