// The codec table of the second module: the core's rows and its own.
#include <algorithm>

#include "image/bmp/rare.hpp"
#include "image/jp2/source.hpp"
#include "image/jpeg/library/source.hpp"
#include "image/registry/core_codecs.hpp"
#include "image/tiff/source.hpp"
#include "image/webp/source.hpp"
#include "image/wsq/source.hpp"

namespace netocr {
namespace {

// Our own decoders first; the library has all the rules for what they leave.
Result<std::unique_ptr<RowSource>> open_jpeg(Bytes bytes, const WantedSize& wanted, const Limits& limits) {
  auto own = jpeg::open_source(bytes, wanted, limits);
  if (own.ok() || !own.error().left_to_codecs) return own;
  return jpeg::open_with_library(bytes, wanted, limits);
}

Result<tiff::EmbeddedJpeg> open_jpeg_in_tiff(Bytes bytes, const Limits& limits) {
  constexpr WantedSize kFullSize{0xffff'ffff, 0xffff'ffff};
  NETOCR_ASSIGN(auto rows, open_jpeg(bytes, kFullSize, limits));
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

constexpr Decoders kDecoders{{jpeg::inspect, open_jpeg, jpeg::read_profile}, bmp::open_rare_rows};

constexpr std::array kOwnCodecs = {
    ImageCodec{ImageFormat::kTiff, tiff::inspect, open_tiff, profile_in_file<tiff::find_profile>},
    ImageCodec{ImageFormat::kWsq, wsq::inspect, open_full_size<wsq::open_source>},
    ImageCodec{ImageFormat::kJp2, jp2::inspect_file, jp2::open_file, profile_in_file<jp2::find_profile>},
    ImageCodec{ImageFormat::kJ2k, jp2::inspect_codestream, jp2::open_codestream},
    ImageCodec{ImageFormat::kWebp, webp::inspect, open_full_size<webp::open_source>,
               profile_in_file<webp::find_profile>},
};

constexpr auto kCodecs = [] {
  constexpr auto& kShared = kSharedCodecs<kDecoders>;
  std::array<ImageCodec, kShared.size() + kOwnCodecs.size()> all{};
  std::copy(kOwnCodecs.begin(), kOwnCodecs.end(), std::copy(kShared.begin(), kShared.end(), all.begin()));
  return all;
}();

}  // namespace

std::span<const ImageCodec> image_codecs() { return kCodecs; }
std::span<const ImageFormat> formats_left_to_codecs() { return {}; }

}  // namespace netocr
