// The rows of the codec table that both modules have.
#pragma once

#include <array>

#include "image/bmp/open.hpp"
#include "image/gif/open.hpp"
#include "image/heif/open.hpp"
#include "image/jpeg/open.hpp"
#include "image/png/open.hpp"
#include "image/registry/codec.hpp"

namespace netocr {

// What a module decodes of the formats that both have, beyond our own decoders of usual files: everything in
// the second module, nothing (null) in the core.
struct RareDecoders {
  jpeg::OpenLeft jpeg = nullptr;
  bmp::OpenRareRows bmp = nullptr;
};

template <RareDecoders kRare>
Result<std::unique_ptr<OpenImage>> open_jpeg(Bytes bytes, const Limits& limits) {
  return jpeg::open(bytes, limits, kRare.jpeg);
}

template <RareDecoders kRare>
constexpr ImageCodec jpeg_codec() {
  return {ImageFormat::kJpeg, open_jpeg<kRare>, true, kRare.jpeg == nullptr ? jpeg::is_rare : nullptr};
}

// What a BMP may hold.
template <RareDecoders kRare>
inline constexpr bmp::EmbeddedFormats kEmbeddedInBmp{
    {open_jpeg<kRare>, jpeg_codec<kRare>().is_left_to_codecs}, {png::open}};

template <RareDecoders kRare>
constexpr ImageCodec bmp_codec() {
  ImageCodec codec;
  codec.format = ImageFormat::kBmp;
  codec.open = [](Bytes bytes, const Limits& limits) {
    return bmp::open(bytes, limits, kEmbeddedInBmp<kRare>, kRare.bmp);
  };
  if (kRare.bmp == nullptr)
    codec.is_left_to_codecs = [](Bytes bytes) {
      return bmp::is_left_to_codecs(bytes, kEmbeddedInBmp<kRare>);
    };
  return codec;
}

template <RareDecoders kRare>
inline constexpr std::array kSharedCodecs = {
    jpeg_codec<kRare>(),
    ImageCodec{ImageFormat::kPng, png::open},
    bmp_codec<kRare>(),
    ImageCodec{ImageFormat::kHeic, heif::open, false},
    ImageCodec{ImageFormat::kAvif, heif::open, false},
    ImageCodec{ImageFormat::kGif, gif::open, false},
};

}  // namespace netocr
