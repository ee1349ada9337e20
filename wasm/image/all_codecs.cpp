// The codec table of the second module: every format that is decoded.
#include "image/bmp_source.hpp"
#include "image/codec.hpp"
#include "image/gif_header.hpp"
#include "image/heif_header.hpp"
#include "image/inspect_core.hpp"
#include "image/jp2_source.hpp"
#include "image/jpeg_source.hpp"
#include "image/png_source.hpp"
#include "image/tiff_source.hpp"
#include "image/webp_source.hpp"
#include "image/wsq_source.hpp"

namespace netocr {
namespace {

constexpr ImageCodec kCodecs[] = {
    {ImageFormat::kJpeg, inspect_jpeg, open_jpeg_source, read_jpeg_profile},
    {ImageFormat::kPng, inspect_png, open_full_size<open_png_source>, read_png_profile},
    {ImageFormat::kBmp, inspect_bmp, open_bmp_source, read_bmp_profile},
    {ImageFormat::kTiff, inspect_tiff, open_full_size<open_tiff_source>, profile_in_file<tiff_profile>},
    {ImageFormat::kWsq, inspect_wsq, open_full_size<open_wsq_source>},
    {ImageFormat::kJp2, inspect_jp2, open_jp2_source, profile_in_file<jp2_profile>},
    {ImageFormat::kWebp, inspect_webp, open_full_size<open_webp_source>, profile_in_file<webp_profile>},
    {ImageFormat::kJ2k, inspect_j2k, open_j2k_source},
    {ImageFormat::kHeic, inspect_heif, nullptr, read_heif_profile},
    {ImageFormat::kAvif, inspect_heif, nullptr, read_heif_profile},
    {ImageFormat::kGif, inspect_gif},
};

}  // namespace

std::span<const ImageCodec> image_codecs() { return kCodecs; }

}  // namespace netocr
