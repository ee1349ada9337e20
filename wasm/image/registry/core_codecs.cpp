// The codec table of the core: what every page loads.
#include "image/registry/core_codecs.hpp"

namespace netocr {
namespace {

constexpr std::array kLeft = {ImageFormat::kTiff, ImageFormat::kWsq, ImageFormat::kJp2, ImageFormat::kJ2k,
                              ImageFormat::kWebp};

}  // namespace

std::span<const ImageCodec> image_codecs() { return kSharedCodecs<RareDecoders{}>; }
std::span<const ImageFormat> formats_left_to_codecs() { return kLeft; }

}  // namespace netocr
