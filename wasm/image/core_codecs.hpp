// The rows of the codec table that both modules have.
#pragma once

#include <array>

#include "image/bmp_source.hpp"
#include "image/codec.hpp"
#include "image/gif_header.hpp"
#include "image/heif_header.hpp"
#include "image/inspect_core.hpp"
#include "image/jpeg_source.hpp"
#include "image/png_source.hpp"

namespace netocr {

inline constexpr std::array kCoreCodecs = {
    ImageCodec{ImageFormat::kJpeg, inspect_jpeg, open_jpeg_source, read_jpeg_profile},
    ImageCodec{ImageFormat::kPng, inspect_png, open_png_source, read_png_profile},
    ImageCodec{ImageFormat::kBmp, inspect_bmp, open_bmp_source, read_bmp_profile},
    ImageCodec{ImageFormat::kHeic, inspect_heif, nullptr, read_heif_profile},
    ImageCodec{ImageFormat::kAvif, inspect_heif, nullptr, read_heif_profile},
    ImageCodec{ImageFormat::kGif, inspect_gif},
};

}  // namespace netocr
