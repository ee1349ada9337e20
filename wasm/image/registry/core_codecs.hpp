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

inline constexpr std::array kCoreCodecs = {
    ImageCodec{ImageFormat::kJpeg, jpeg::inspect, jpeg::open_source, jpeg::read_profile, jpeg::rewrite},
    ImageCodec{ImageFormat::kPng, png::inspect, png::open_source, png::read_profile, png::rewrite},
    ImageCodec{ImageFormat::kBmp, [](Bytes bytes) { return bmp::inspect(bytes, kEmbeddedInBmp); },
               [](Bytes bytes, const WantedSize& wanted, const Limits& limits) {
                 return bmp::open_source(bytes, wanted, limits, kEmbeddedInBmp);
               },
               [](Bytes bytes) { return bmp::read_profile(bytes, kEmbeddedInBmp); }},
    ImageCodec{ImageFormat::kHeic, heif::inspect, nullptr, heif::read_profile},
    ImageCodec{ImageFormat::kAvif, heif::inspect, nullptr, heif::read_profile},
    ImageCodec{ImageFormat::kGif, gif::inspect},
};

}  // namespace netocr
