// Parts of libjpeg-turbo that the core does without. It takes planes as they are in the file, so that
// upsampling, colour conversion and the buffers around them are never reached; and the inverse DCT is ours
// (bit for bit the same at full size). A linker that finds them here leaves the library's out: 12 KB less to
// download. The second module has the library's own, because libtiff uses all of it.
#include <cstdio>  // jpeglib.h wants FILE
#include <cstring>

#include <jpeglib.h>

extern "C" {
#include <jpegint.h>
}

#include "image/jpeg/decode/inverse_dct.hpp"

namespace {

// One block; the scale of a component is 1, 2, 4 or 8 (source.cpp asks for no other).
void transform(j_decompress_ptr, jpeg_component_info* component, JCOEFPTR coefficients, JSAMPARRAY rows,
               JDIMENSION column) {
  const auto size = static_cast<std::size_t>(component->DCT_scaled_size);
  const std::size_t stride = netocr::jpeg::inverse_stride(component->DCT_scaled_size);
  std::int16_t values[netocr::jpeg::kBlockSize] = {};
  for (std::size_t v = 0; component->quant_table != nullptr && v < size; ++v) {
    for (std::size_t u = 0; u < size; ++u) {
      values[v * stride + u] =
          static_cast<std::int16_t>(coefficients[8 * v + u] * component->quant_table->quantval[8 * v + u]);
    }
  }
  std::uint8_t samples[netocr::jpeg::kBlockSize];
  netocr::jpeg::inverse_dct(component->DCT_scaled_size)(values, samples, size);
  for (std::size_t y = 0; y < size; ++y) std::memcpy(rows[y] + column, samples + y * size, size);
}

void start_pass(j_decompress_ptr) {}

}  // namespace

extern "C" {

void jinit_inverse_dct(j_decompress_ptr cinfo) {
  void* const memory = (*cinfo->mem->alloc_small)(reinterpret_cast<j_common_ptr>(cinfo), JPOOL_IMAGE,
                                                  sizeof(jpeg_inverse_dct));
  cinfo->idct = static_cast<jpeg_inverse_dct*>(memory);
  cinfo->idct->start_pass = start_pass;
  for (inverse_DCT_method_ptr& method : cinfo->idct->inverse_DCT) method = transform;
}

void jinit_color_deconverter(j_decompress_ptr) {}
void jinit_upsampler(j_decompress_ptr) {}
void jinit_merged_upsampler(j_decompress_ptr) {}
void jinit_d_main_controller(j_decompress_ptr, boolean) {}
void jinit_d_post_controller(j_decompress_ptr, boolean) {}

}  // extern "C"
