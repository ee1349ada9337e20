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
inline constexpr EmbeddedReaders kEmbeddedInBmp{{inspect_jpeg, open_jpeg_source, read_jpeg_profile},
                                                {inspect_png, open_png_source, read_png_profile}};

inline constexpr std::array kCoreCodecs = {
    ImageCodec{ImageFormat::kJpeg, inspect_jpeg, open_jpeg_source, read_jpeg_profile, rewrite_jpeg},
    ImageCodec{ImageFormat::kPng, inspect_png, open_png_source, read_png_profile, rewrite_png},
    ImageCodec{ImageFormat::kBmp, [](Bytes bytes) { return inspect_bmp(bytes, kEmbeddedInBmp); },
               [](Bytes bytes, const WantedSize& wanted, const Limits& limits) {
                 return open_bmp_source(bytes, wanted, limits, kEmbeddedInBmp);
               },
               [](Bytes bytes) { return read_bmp_profile(bytes, kEmbeddedInBmp); }},
    ImageCodec{ImageFormat::kHeic, inspect_heif, nullptr, read_heif_profile},
    ImageCodec{ImageFormat::kAvif, inspect_heif, nullptr, read_heif_profile},
    ImageCodec{ImageFormat::kGif, inspect_gif},
};

}  // namespace netocr
