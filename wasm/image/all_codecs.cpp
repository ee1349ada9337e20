// The codec table of the second module: the core's rows and its own.
#include <algorithm>

#include "image/core_codecs.hpp"
#include "image/jp2_source.hpp"
#include "image/tiff_source.hpp"
#include "image/webp_source.hpp"
#include "image/wsq_source.hpp"

namespace netocr {
namespace {

constexpr std::array kOwnCodecs = {
    ImageCodec{ImageFormat::kTiff, inspect_tiff, open_full_size<open_tiff_source>,
               profile_in_file<tiff_profile>},
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
