// libjpeg-turbo behind a RowSource. Every call of the library runs under a CodecGuard; its callbacks report
// by Error only.
#include "image/jpeg_source.hpp"

#include <algorithm>
#include <cstdio>  // jpeglib.h wants FILE
#include <new>

#include <jpeglib.h>

#include <jerror.h>

#include "image/codec_guard.hpp"
#include "image/color.hpp"
#include "image/image_info.hpp"
#include "image/jpeg_markers.hpp"

namespace netocr {
namespace {

// Encoders write at most a dozen scans; each of a hostile file's costs a pass over all coefficients.
constexpr int kMaxScans = 64;
// Rows converted at once for RGB, CMYK and YCCK.
constexpr std::uint32_t kInterleavedRows = 16;
constexpr int kMaxComponents = 3;
constexpr int kMaxRowsPerPass = 4 * 16;  // sampling factor * largest scaled block

constexpr JOCTET kFakeEnd[] = {0xff, JPEG_EOI};

// What the library's callbacks need. It is reached through cinfo.client_data.
struct Codec {
  jpeg_decompress_struct cinfo{};
  jpeg_error_mgr errors{};
  jpeg_source_mgr source{};
  jpeg_progress_mgr progress{};
  CodecGuard guard{};
  std::size_t byte_count = 0;
  Error error{};
  bool created = false;
  bool decoding = false;     // headers are read, scans are being decoded
  bool reached_end = false;  // the library asked for bytes past the last one
  bool damaged = false;      // entropy-coded data is missing or wrong

  std::size_t position() const { return byte_count - std::min(byte_count, source.bytes_in_buffer); }
};

template <typename CommonPointer>
Codec& codec_of(CommonPointer cinfo) {
  return *static_cast<Codec*>(cinfo->client_data);
}

[[noreturn]] void fail(Codec& codec, ErrorCode code, const char* detail) {
  codec.error = Error{code, codec.reached_end ? codec.byte_count : codec.position(), detail};
  leave_guarded(codec.guard);
}

Error error_of(int message) {
  switch (message) {
    case JERR_OUT_OF_MEMORY:
      return {ErrorCode::kOutOfMemory, 0, "not enough memory to decode the JPEG"};
    case JERR_NO_BACKING_STORE:
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      return {ErrorCode::kImageTooLarge, 0, "the JPEG needs more memory than the limit"};
    case JERR_ARITH_NOTIMPL:
      return {ErrorCode::kUnsupportedFeature, 0, "arithmetic-coded JPEG is not decoded"};
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
      return {ErrorCode::kUnsupportedFeature, 0, "RGB or CMYK JPEG with fractional sampling is not decoded"};
    case JERR_SOF_UNSUPPORTED:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
      return {ErrorCode::kUnsupportedFeature, 0, "JPEG variant is not decoded"};
    default:
      return {ErrorCode::kCorruptImage, 0, "damaged JPEG"};
  }
}

void on_error(j_common_ptr cinfo) {
  const Error error = error_of(cinfo->err->msg_code);
  fail(codec_of(cinfo), error.code, error.detail);
}

// True while no row of blocks of the first scan is complete.
bool nothing_decoded(const jpeg_decompress_struct& cinfo) {
  return cinfo.input_scan_number <= 1 && cinfo.input_iMCU_row == 0;
}

bool is_restart(int marker) { return marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7; }

void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;  // traces
  auto* cinfo = reinterpret_cast<j_decompress_ptr>(common);
  Codec& codec = codec_of(cinfo);
  switch (cinfo->err->msg_code) {
    case JWRN_HIT_MARKER:
      codec.damaged = true;
      if (nothing_decoded(*cinfo) && !is_restart(cinfo->unread_marker)) {
        fail(codec, ErrorCode::kCorruptImage, "the JPEG ends before its first rows");
      }
      break;
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
      codec.damaged = true;
      break;
    default:
      break;  // untidy, but nothing is missing: extra bytes before a marker, odd version numbers
  }
}

void on_output(j_common_ptr) {}

void on_format(j_common_ptr, char* text) { *text = '\0'; }

void on_reset(j_common_ptr cinfo) {
  cinfo->err->num_warnings = 0;
  cinfo->err->msg_code = 0;
}

void on_start(j_decompress_ptr) {}

boolean on_empty(j_decompress_ptr cinfo) {
  Codec& codec = codec_of(cinfo);
  codec.reached_end = true;
  // The arithmetic decoder takes zeroes past the end and never complains.
  if (cinfo->arith_code && codec.decoding) {
    if (nothing_decoded(*cinfo)) fail(codec, ErrorCode::kCorruptImage, "the JPEG ends before its first rows");
    codec.damaged = true;
  }
  codec.source.next_input_byte = kFakeEnd;
  codec.source.bytes_in_buffer = sizeof kFakeEnd;
  return TRUE;
}

void on_skip(j_decompress_ptr cinfo, long count) {
  if (count <= 0) return;
  Codec& codec = codec_of(cinfo);
  if (static_cast<unsigned long>(count) > codec.source.bytes_in_buffer) {
    on_empty(cinfo);
    return;
  }
  codec.source.next_input_byte += count;
  codec.source.bytes_in_buffer -= static_cast<std::size_t>(count);
}

void on_end(j_decompress_ptr) {}

void on_progress(j_common_ptr common) {
  const auto* cinfo = reinterpret_cast<j_decompress_ptr>(common);
  if (cinfo->input_scan_number > kMaxScans) {
    fail(codec_of(cinfo), ErrorCode::kImageTooLarge, "the JPEG has more scans than the limit");
  }
}

void prepare_callbacks(Codec& codec, Bytes bytes) {
  // Not jpeg_std_error: it would bring the library's message texts into the module, which shows none of them.
  codec.cinfo.err = &codec.errors;
  codec.errors = {};
  codec.errors.error_exit = on_error;
  codec.errors.emit_message = on_message;
  codec.errors.output_message = on_output;
  codec.errors.format_message = on_format;
  codec.errors.reset_error_mgr = on_reset;
  codec.byte_count = bytes.size();
  codec.source.next_input_byte = bytes.data();
  codec.source.bytes_in_buffer = bytes.size();
  codec.source.init_source = on_start;
  codec.source.fill_input_buffer = on_empty;
  codec.source.skip_input_data = on_skip;
  codec.source.resync_to_restart = jpeg_resync_to_restart;
  codec.source.term_source = on_end;
  codec.progress.progress_monitor = on_progress;
}

// jpeg_create_decompress clears the structure but for err and client_data.
void step_read_header(void* context) {
  Codec& codec = *static_cast<Codec*>(context);
  codec.cinfo.client_data = &codec;
  codec.created = true;
  jpeg_create_decompress(&codec.cinfo);
  codec.cinfo.src = &codec.source;
  codec.cinfo.progress = &codec.progress;
  jpeg_read_header(&codec.cinfo, TRUE);
}

struct ScaleStep {
  Codec* codec;
  WantedSize wanted;
};

// Samples that the resampler would get.
std::uint64_t sample_count(const jpeg_decompress_struct& cinfo) {
  std::uint64_t count = 0;
  for (int i = 0; i < cinfo.num_components; ++i) {
    const jpeg_component_info& component = cinfo.comp_info[i];
    count += std::uint64_t{component.downsampled_width} * component.downsampled_height;
  }
  return count;
}

// Of the scales n/8 at which the picture is not below what is wanted, the one with the fewest samples. That
// is the smallest one but for 6/8 and 7/8 of a 4:2:0 file, where the library enlarges chroma: decoding 12
// megapixels without SIMD took 91 ms at 4/8, 97 at 5/8, 102 at 6/8, 128 at 7/8 and 110 at 8/8.
void step_scale(void* context) {
  const ScaleStep& step = *static_cast<ScaleStep*>(context);
  jpeg_decompress_struct& cinfo = step.codec->cinfo;
  unsigned best = DCTSIZE;
  std::uint64_t fewest = ~std::uint64_t{0};
  cinfo.scale_denom = DCTSIZE;
  for (unsigned n = 1; n <= DCTSIZE; ++n) {
    cinfo.scale_num = n;
    jpeg_calc_output_dimensions(&cinfo);
    const bool enough = cinfo.output_width >= step.wanted.width && cinfo.output_height >= step.wanted.height;
    if (!enough || sample_count(cinfo) >= fewest) continue;
    best = n;
    fewest = sample_count(cinfo);
  }
  cinfo.scale_num = best;
  jpeg_calc_output_dimensions(&cinfo);
}

void step_start(void* context) {
  Codec& codec = *static_cast<Codec*>(context);
  codec.decoding = true;
  jpeg_start_decompress(&codec.cinfo);
}

// Blocks of the whole picture, padded to whole MCUs.
std::uint64_t block_count(const jpeg_decompress_struct& cinfo) {
  std::uint64_t blocks = 0;
  for (int i = 0; i < cinfo.num_components; ++i) {
    const jpeg_component_info& component = cinfo.comp_info[i];
    const auto h = static_cast<std::uint64_t>(component.h_samp_factor);
    const auto v = static_cast<std::uint64_t>(component.v_samp_factor);
    blocks += (component.width_in_blocks + h) * (component.height_in_blocks + v);
  }
  return blocks;
}

bool is_planar(J_COLOR_SPACE space) { return space == JCS_GRAYSCALE || space == JCS_YCbCr; }

class JpegSource final : public RowSource {
 public:
  ~JpegSource() override {
    if (codec_.created) jpeg_destroy_decompress(&codec_.cinfo);
  }

  Status open(Bytes bytes, const WantedSize& wanted, const Limits& limits) {
    auto header = read_jpeg_header(bytes);
    if (!header.ok()) return header.error();
    if (const Status variant = check_jpeg_variant(*header); !variant.ok()) return variant.error();
    if (const Status size = check_dimensions(header->width, header->height, limits); !size.ok()) {
      return size.error();
    }
    if (header->has_profile && !header->profile_is_srgb) warnings_ = kWarnProfileIgnored;
    prepare_callbacks(codec_, bytes);
    if (!run_guarded(codec_.guard, step_read_header, &codec_)) return codec_.error;
    if (codec_.cinfo.image_width != header->width || codec_.cinfo.image_height != header->height) {
      return Error{ErrorCode::kCorruptImage, 0, "the JPEG has several frame headers"};
    }
    if (const Status memory = limit_memory(limits); !memory.ok()) return memory.error();
    choose_output();
    ScaleStep scale{&codec_, wanted};
    if (!run_guarded(codec_.guard, step_scale, &scale)) return codec_.error;
    set_geometry();
    return allocate_rows();
  }

  const SourceGeometry& geometry() const override { return geometry_; }

  std::uint32_t warnings() const override { return warnings_ | (codec_.damaged ? kWarnTruncated : 0U); }

  Result<RowBatch> next() override {
    // Progressive files are read to their end here, so that open() stays quick.
    if (!started_ && !run_guarded(codec_.guard, step_start, &codec_)) return codec_.error;
    started_ = true;
    if (codec_.cinfo.output_scanline >= codec_.cinfo.output_height) {
      note_missing_scans();
      return RowBatch{};
    }
    return planar_ ? next_planes() : next_interleaved();
  }

 private:
  // With more than one scan the library keeps the coefficients of the whole picture.
  Status limit_memory(const Limits& limits) {
    jpeg_decompress_struct& cinfo = codec_.cinfo;
    const std::uint64_t blocks = block_count(cinfo);
    if (jpeg_has_multiple_scans(&cinfo)) {
      if (blocks * sizeof(JBLOCK) > limits.max_decoder_bytes) {
        return Error{ErrorCode::kImageTooLarge, 0, "the progressive JPEG needs more memory than the limit"};
      }
      // A Huffman code has at least one bit, and each block has a DC code. Memory is not taken for a file
      // that holds less than a quarter of them.
      if (!cinfo.arith_code && blocks / 4 > std::uint64_t{codec_.byte_count} * 8) {
        return Error{ErrorCode::kCorruptImage, codec_.byte_count, "the JPEG is too short for its dimensions"};
      }
    }
    // The library's own bookkeeping and row buffers come on top of the coefficients.
    constexpr std::uint64_t kSlack = 32U << 20;
    const std::uint64_t most = std::min<std::uint64_t>(limits.max_decoder_bytes + kSlack, 0x7fff'ffff);
    cinfo.mem->max_memory_to_use = static_cast<long>(most);
    return {};
  }

  void choose_output() {
    jpeg_decompress_struct& cinfo = codec_.cinfo;
    planar_ = is_planar(cinfo.jpeg_color_space);
    cinfo.raw_data_out = planar_ ? TRUE : FALSE;
    cinfo.out_color_space = cinfo.jpeg_color_space == JCS_YCCK ? JCS_CMYK : cinfo.jpeg_color_space;
    cinfo.dct_method = JDCT_ISLOW;
  }

  void set_geometry() {
    const jpeg_decompress_struct& cinfo = codec_.cinfo;
    const double scale = static_cast<double>(cinfo.scale_num) / DCTSIZE;
    geometry_.plane_count = static_cast<std::uint8_t>(planar_ ? cinfo.num_components : 3);
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      geometry_.planes[i] = planar_ ? plane_of(cinfo.comp_info[i])
                                    : PlaneGeometry{cinfo.output_width, cinfo.output_height,
                                                    cinfo.image_width * scale, cinfo.image_height * scale};
    }
  }

  // The library decodes a subsampled component at up to twice the scale of the others where that spares
  // upsampling, so that a 4:2:0 file at 1/2 has full chroma.
  PlaneGeometry plane_of(const jpeg_component_info& component) const {
    const jpeg_decompress_struct& cinfo = codec_.cinfo;
    const double scale = static_cast<double>(component.DCT_scaled_size) / DCTSIZE;
    return {component.downsampled_width, component.downsampled_height,
            cinfo.image_width * scale * component.h_samp_factor / cinfo.max_h_samp_factor,
            cinfo.image_height * scale * component.v_samp_factor / cinfo.max_v_samp_factor};
  }

  Status allocate_rows() {
    const jpeg_decompress_struct& cinfo = codec_.cinfo;
    if (!planar_) {
      const std::size_t width = cinfo.output_width;
      auto pixels =
          Buffer::create(width * static_cast<std::size_t>(cinfo.out_color_components) * kInterleavedRows);
      if (!pixels.ok()) return pixels.error();
      pixels_ = std::move(pixels).value();
      for (std::size_t i = 0; i < 3; ++i) {
        if (const Status made = allocate_plane(i, width, kInterleavedRows); !made.ok()) return made.error();
      }
      return {};
    }
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      const jpeg_component_info& component = cinfo.comp_info[i];
      const auto block = static_cast<std::uint32_t>(component.DCT_scaled_size);
      const auto rows = static_cast<std::uint32_t>(component.v_samp_factor) * block;
      // Whole blocks: the library writes beyond the picture's right edge.
      const std::size_t stride = std::size_t{component.width_in_blocks} * block;
      if (const Status made = allocate_plane(i, stride, rows); !made.ok()) return made.error();
    }
    return {};
  }

  Status allocate_plane(std::size_t index, std::size_t stride, std::uint32_t rows) {
    auto plane = Buffer::create(stride * rows);
    if (!plane.ok()) return plane.error();
    planes_[index] = std::move(plane).value();
    strides_[index] = stride;
    rows_per_pass_[index] = rows;
    return {};
  }

  struct ReadStep {
    Codec* codec;
    JSAMPROW rows[kMaxComponents][kMaxRowsPerPass];
    JSAMPARRAY planes[kMaxComponents];
    JDIMENSION count;
  };

  static void step_read_planes(void* context) {
    ReadStep& step = *static_cast<ReadStep*>(context);
    jpeg_read_raw_data(&step.codec->cinfo, step.planes, step.count);
  }

  static void step_read_interleaved(void* context) {
    ReadStep& step = *static_cast<ReadStep*>(context);
    j_decompress_ptr cinfo = &step.codec->cinfo;
    JDIMENSION done = 0;
    while (done < step.count) done += jpeg_read_scanlines(cinfo, step.rows[0] + done, step.count - done);
  }

  Result<RowBatch> next_planes() {
    ReadStep step{};
    step.codec = &codec_;
    step.count = static_cast<JDIMENSION>(codec_.cinfo.max_v_samp_factor * codec_.cinfo.min_DCT_scaled_size);
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      step.planes[i] = step.rows[i];
      for (std::size_t row = 0; row < rows_per_pass_[i]; ++row) {
        step.rows[i][row] = planes_[i].data() + row * strides_[i];
      }
    }
    if (!run_guarded(codec_.guard, step_read_planes, &step)) return codec_.error;
    RowBatch batch;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      const std::uint32_t count = std::min(rows_per_pass_[i], geometry_.planes[i].height - rows_given_[i]);
      rows_given_[i] += count;
      batch[i] = {planes_[i].data(), strides_[i], count};
    }
    return batch;
  }

  Result<RowBatch> next_interleaved() {
    const std::size_t width = codec_.cinfo.output_width;
    const std::size_t stride = width * static_cast<std::size_t>(codec_.cinfo.out_color_components);
    ReadStep step{};
    step.codec = &codec_;
    step.count = std::min(kInterleavedRows, codec_.cinfo.output_height - codec_.cinfo.output_scanline);
    for (std::size_t row = 0; row < step.count; ++row) step.rows[0][row] = pixels_.data() + row * stride;
    if (!run_guarded(codec_.guard, step_read_interleaved, &step)) return codec_.error;
    const auto convert = codec_.cinfo.out_color_space == JCS_RGB ? rgb_to_ycc : inverted_cmyk_to_ycc;
    for (std::size_t row = 0; row < step.count; ++row) {
      const std::size_t at = row * width;
      convert(pixels_.data() + row * stride, width,
              {planes_[0].data() + at, planes_[1].data() + at, planes_[2].data() + at});
    }
    RowBatch batch;
    for (std::size_t i = 0; i < 3; ++i) batch[i] = {planes_[i].data(), strides_[i], step.count};
    return batch;
  }

  // A file of several scans that is cut off between two of them ends like a whole one.
  void note_missing_scans() {
    jpeg_decompress_struct& cinfo = codec_.cinfo;
    if (!codec_.reached_end || !jpeg_has_multiple_scans(&cinfo)) return;
    for (int i = 0; i < cinfo.num_components; ++i) {
      bool missing = cinfo.comp_info[i].quant_table == nullptr;
      for (int k = 0; cinfo.coef_bits != nullptr && k < DCTSIZE2; ++k) missing |= cinfo.coef_bits[i][k] != 0;
      codec_.damaged |= missing;
    }
  }

  Codec codec_;
  SourceGeometry geometry_;
  std::array<Buffer, kMaxComponents> planes_;
  std::array<std::size_t, kMaxComponents> strides_{};
  std::array<std::uint32_t, kMaxComponents> rows_per_pass_{};
  std::array<std::uint32_t, kMaxComponents> rows_given_{};
  Buffer pixels_;  // interleaved rows of RGB, CMYK and YCCK
  std::uint32_t warnings_ = 0;
  bool planar_ = false;
  bool started_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_jpeg_source(Bytes bytes, const WantedSize& wanted,
                                                    const Limits& limits) {
  auto* source = new (std::nothrow) JpegSource;
  if (source == nullptr) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  std::unique_ptr<RowSource> owner(source);
  if (const Status opened = source->open(bytes, wanted, limits); !opened.ok()) return opened.error();
  return owner;
}

}  // namespace netocr
