// The codec table of the core: what every page loads.
#include "image/registry/core_codecs.hpp"

namespace netocr {
namespace {

constexpr std::array kLeft = {ImageFormat::kTiff, ImageFormat::kWsq, ImageFormat::kJp2, ImageFormat::kJ2k,
                              ImageFormat::kWebp};

constexpr Decoders kDecoders{{jpeg::inspect_usual, jpeg::open_source, jpeg::read_profile, jpeg::is_rare}};

}  // namespace

std::span<const ImageCodec> image_codecs() { return kSharedCodecs<kDecoders>; }
std::span<const ImageFormat> formats_left_to_codecs() { return kLeft; }

}  // namespace netocr
