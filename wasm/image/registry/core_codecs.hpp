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

// What a BMP may hold.
inline constexpr bmp::EmbeddedReaders kEmbeddedInBmp{{jpeg::inspect, jpeg::open_source, jpeg::read_profile},
                                                     {png::inspect, png::open_source, png::read_profile}};

// `kRareInBmp`: what decodes the rare codings of BMP; null in the core.
template <bmp::OpenRareRows kRareInBmp>
constexpr ImageCodec bmp_codec() {
  ImageCodec codec;
  codec.format = ImageFormat::kBmp;
  codec.inspect = [](Bytes bytes) { return bmp::inspect(bytes, kEmbeddedInBmp, kRareInBmp); };
  codec.open = [](Bytes bytes, const WantedSize& wanted, const Limits& limits) {
    return bmp::open_source(bytes, wanted, limits, kEmbeddedInBmp, kRareInBmp);
  };
  codec.profile = [](Bytes bytes) { return bmp::read_profile(bytes, kEmbeddedInBmp); };
  if (kRareInBmp == nullptr) codec.is_left_to_codecs = bmp::has_rare_coding;
  return codec;
}

template <bmp::OpenRareRows kRareInBmp>
inline constexpr std::array kSharedCodecs = {
    ImageCodec{ImageFormat::kJpeg, jpeg::inspect, jpeg::open_source, jpeg::read_profile, jpeg::rewrite},
    ImageCodec{ImageFormat::kPng, png::inspect, png::open_source, png::read_profile, png::rewrite},
    bmp_codec<kRareInBmp>(),
    ImageCodec{ImageFormat::kHeic, heif::inspect, nullptr, heif::read_profile},
    ImageCodec{ImageFormat::kAvif, heif::inspect, nullptr, heif::read_profile},
    ImageCodec{ImageFormat::kGif, gif::inspect},
};

}  // namespace netocr
