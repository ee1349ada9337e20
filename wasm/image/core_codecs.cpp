// The codec table of the core: what every page loads.
#include "image/bmp_source.hpp"
#include "image/codec.hpp"
#include "image/gif_header.hpp"
#include "image/heif_header.hpp"
#include "image/inspect_core.hpp"
#include "image/jpeg_source.hpp"
#include "image/png_source.hpp"

namespace netocr {
namespace {

constexpr ImageCodec kCodecs[] = {
    {ImageFormat::kJpeg, inspect_jpeg, open_jpeg_source, read_jpeg_profile},
    {ImageFormat::kPng, inspect_png, open_full_size<open_png_source>, read_png_profile},
    {ImageFormat::kBmp, inspect_bmp, open_bmp_source, read_bmp_profile},
    {ImageFormat::kHeic, inspect_heif, nullptr, read_heif_profile},
    {ImageFormat::kAvif, inspect_heif, nullptr, read_heif_profile},
    {ImageFormat::kGif, inspect_gif},
};

}  // namespace

std::span<const ImageCodec> image_codecs() { return kCodecs; }

}  // namespace netocr
