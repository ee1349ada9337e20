// The rows of the codec table that both modules have.
#pragma once

#include <array>

#include "image/bmp/inspect.hpp"
#include "image/bmp/source.hpp"
#include "image/gif/header.hpp"
#include "image/heif/header.hpp"
#include "image/jpeg/decode/header.hpp"
#include "image/jpeg/inspect.hpp"
#include "image/jpeg/rewrite/rewrite.hpp"
#include "image/jpeg/source.hpp"
#include "image/png/inspect.hpp"
#include "image/png/rewrite.hpp"
#include "image/png/source.hpp"
#include "image/registry/codec.hpp"

namespace netocr {

// What a module decodes of the formats that both have. The core has our own decoders of JPEG and none of the
// rare codings of BMP (null); the second module has everything.
struct Decoders {
  bmp::EmbeddedReader jpeg;
  bmp::OpenRareRows rare_in_bmp = nullptr;
};

// What a BMP may hold.
template <Decoders kDecoders>
inline constexpr bmp::EmbeddedReaders kEmbeddedInBmp{kDecoders.jpeg,
                                                     {png::inspect, png::open_source, png::read_profile}};

template <Decoders kDecoders>
constexpr ImageCodec bmp_codec() {
  constexpr auto& kEmbedded = kEmbeddedInBmp<kDecoders>;
  ImageCodec codec;
  codec.format = ImageFormat::kBmp;
  codec.inspect = [](Bytes bytes) { return bmp::inspect(bytes, kEmbedded, kDecoders.rare_in_bmp); };
  codec.open = [](Bytes bytes, const WantedSize& wanted, const Limits& limits) {
    return bmp::open_source(bytes, wanted, limits, kEmbedded, kDecoders.rare_in_bmp);
  };
  codec.profile = [](Bytes bytes) { return bmp::read_profile(bytes, kEmbedded); };
  if (kDecoders.rare_in_bmp == nullptr)
    codec.is_left_to_codecs = [](Bytes bytes) { return bmp::is_left_to_codecs(bytes, kEmbedded); };
  return codec;
}

template <Decoders kDecoders>
inline constexpr std::array kSharedCodecs = {
    ImageCodec{ImageFormat::kJpeg, kDecoders.jpeg.inspect, kDecoders.jpeg.open, kDecoders.jpeg.profile,
               jpeg::rewrite, kDecoders.jpeg.is_left_to_codecs},
    ImageCodec{ImageFormat::kPng, png::inspect, png::open_source, png::read_profile, png::rewrite},
    bmp_codec<kDecoders>(),
    ImageCodec{ImageFormat::kHeic, heif::inspect, nullptr, heif::read_profile},
    ImageCodec{ImageFormat::kAvif, heif::inspect, nullptr, heif::read_profile},
    ImageCodec{ImageFormat::kGif, gif::inspect},
};

}  // namespace netocr
