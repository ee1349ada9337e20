// The rows of the codecs module's table: those that both modules have, and those that only this one has.
#pragma once

#include <algorithm>
#include <array>

#include "image/jp2/open.hpp"
#include "image/registry/second_formats.hpp"
#include "image/registry/shared_codecs.hpp"
#include "image/registry/tiff.hpp"
#include "image/webp/open.hpp"
#include "image/wsq/open.hpp"

namespace netocr {

inline constexpr std::array kSecondCodecs = {
    ImageCodec{ImageFormat::kTiff, open_tiff},     ImageCodec{ImageFormat::kWsq, wsq::open},
    ImageCodec{ImageFormat::kJp2, jp2::open_file}, ImageCodec{ImageFormat::kJ2k, jp2::open_codestream},
    ImageCodec{ImageFormat::kWebp, webp::open},
};
// What the core leaves is what is here.
static_assert(std::ranges::equal(kSecondCodecs, kSecondFormats, {}, &ImageCodec::format));

template <SharedDecoders kDecoders>
inline constexpr auto kAllCodecs = [] {
  constexpr auto& kShared = kSharedCodecs<kDecoders>;
  std::array<ImageCodec, kShared.size() + kSecondCodecs.size()> all{};
  std::copy(kSecondCodecs.begin(), kSecondCodecs.end(),
            std::copy(kShared.begin(), kShared.end(), all.begin()));
  return all;
}();

}  // namespace netocr
