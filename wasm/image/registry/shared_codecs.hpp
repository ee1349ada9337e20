// The rows of the codec table that both modules have.
#pragma once

#include <array>

#include "image/bmp/open.hpp"
#include "image/gif/open.hpp"
#include "image/heif/open.hpp"
#include "image/png/open.hpp"
#include "image/registry/codec.hpp"

namespace netocr {

// The decoders in which the two modules differ for the formats that both have.
struct SharedDecoders {
  OpenFormat jpeg = nullptr;        // opens a JPEG, also one inside a BMP
  bmp::OpenRareRows bmp = nullptr;  // null: BMPs in rare codings are left to the codecs module
};

template <SharedDecoders kDecoders>
Result<std::unique_ptr<OpenImage>> open_bmp(Bytes bytes, const Limits& limits) {
  return bmp::open(bytes, limits, {kDecoders.jpeg, png::open}, kDecoders.bmp);
}

template <SharedDecoders kDecoders>
inline constexpr std::array kSharedCodecs = {
    ImageCodec{ImageFormat::kJpeg, kDecoders.jpeg},     ImageCodec{ImageFormat::kPng, png::open},
    ImageCodec{ImageFormat::kBmp, open_bmp<kDecoders>}, ImageCodec{ImageFormat::kHeic, heif::open, false},
    ImageCodec{ImageFormat::kAvif, heif::open, false},  ImageCodec{ImageFormat::kGif, gif::open, false},
};

}  // namespace netocr
