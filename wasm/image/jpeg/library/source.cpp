// The planes of libjpeg-turbo as they are in the file, before its upsampling and colour conversion. YCbCr
// goes on like that; what has to be converted pixel by pixel (RGB, CMYK, YCCK) is brought to one size here.
#include "image/jpeg/library/source.hpp"

#include <algorithm>
#include <cstdio>  // jpeglib.h wants FILE
#include <new>

#include <jpeglib.h>

#include "image/jpeg/decode/header.hpp"
#include "image/jpeg/library/codec.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/color.hpp"

namespace netocr::jpeg {
namespace {

constexpr std::size_t kMaxComponents = 4;
constexpr std::size_t kMaxRowsPerPass = 4 * 16;  // sampling factor * largest scaled block
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

// Of the scales 1/8, 1/4, 1/2 and 1 at which the picture is not below what is wanted, the one with the fewest
// samples.
void step_scale(void* context) {
  const ScaleStep& step = *static_cast<ScaleStep*>(context);
  jpeg_decompress_struct& cinfo = step.codec->cinfo();
  unsigned best = DCTSIZE;
  std::uint64_t fewest = ~std::uint64_t{0};
  cinfo.scale_denom = DCTSIZE;
  for (unsigned n = 1; n <= DCTSIZE; n *= 2) {
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

void step_start(void* context) { jpeg_start_decompress(&static_cast<Codec*>(context)->cinfo()); }

struct ReadStep {
  Codec* codec;
  JSAMPROW rows[kMaxComponents][kMaxRowsPerPass];
  JSAMPARRAY planes[kMaxComponents];
  JDIMENSION count;
};

void step_read(void* context) {
  ReadStep& step = *static_cast<ReadStep*>(context);
  jpeg_read_raw_data(&step.codec->cinfo(), step.planes, step.count);
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

// How many times smaller a component's planes are than the picture, as sub / full.
struct Ratio {
  std::uint32_t sub = 1;
  std::uint32_t full = 1;
  std::uint32_t of(std::uint32_t position) const {
    return static_cast<std::uint32_t>(std::uint64_t{position} * sub / full);
  }
};

Ratio ratio_of(int factor, int scaled_size, int largest_factor, int smallest_size) {
  return {static_cast<std::uint32_t>(factor * scaled_size),
          static_cast<std::uint32_t>(largest_factor * smallest_size)};
}

class LibrarySource final : public RowSource {
 public:
  Status open(Bytes bytes, const Header& header, const WantedSize& wanted, const Limits& limits) {
    NETOCR_TRY(codec_.open(bytes, header));
    if (codec_.cinfo().image_width != header.width || codec_.cinfo().image_height != header.height) {
      return Error{ErrorCode::kCorruptImage, 0, "the JPEG has several frame headers"};
    }
    NETOCR_TRY(limit_memory(bytes, limits));
    planar_ = is_planar(codec_.cinfo().jpeg_color_space);
    codec_.cinfo().raw_data_out = TRUE;
    codec_.cinfo().out_color_space = codec_.cinfo().jpeg_color_space;
    codec_.cinfo().dct_method = JDCT_ISLOW;
    ScaleStep scale{&codec_, wanted};
    NETOCR_TRY(codec_.run(step_scale, &scale));
    set_geometry();
    return allocate();
  }

  const SourceGeometry& geometry() const override { return geometry_; }

  std::uint32_t warnings() const override { return codec_.damaged ? kWarnTruncated : 0U; }

  std::uint32_t decoded_rows() const override {
    const jpeg_decompress_struct& cinfo = codec_.cinfo();
    const std::uint64_t scaled = planar_ ? rows_per_pass_[0] : pass_rows();
    const auto mcu_height = static_cast<std::uint64_t>(cinfo.max_v_samp_factor * DCTSIZE);
    return static_cast<std::uint32_t>((codec_.decoded_rows() * scaled + mcu_height - 1) / mcu_height);
  }

  Result<RowBatch> next() override {
    // Progressive files are read to their end here, so that open() stays quick.
    if (!started_) {
      NETOCR_TRY(codec_.run(step_start, &codec_));
    }
    started_ = true;
    const std::uint32_t left = codec_.cinfo().output_height - codec_.cinfo().output_scanline;
    if (codec_.cinfo().output_scanline >= codec_.cinfo().output_height) {
      codec_.note_rows();
      note_missing_scans();
      return RowBatch{};
    }
    NETOCR_TRY(read_planes());
    return planar_ ? planes_as_they_are() : joined_planes(std::min(left, pass_rows()));
  }

 private:
  Status limit_memory(Bytes bytes, const Limits& limits) {
    jpeg_decompress_struct& cinfo = codec_.cinfo();
    if (jpeg_has_multiple_scans(&cinfo)) {
      NETOCR_TRY(check_coefficient_memory(bytes, block_count(cinfo), limits));
      codec_.end_at(whole_bytes(bytes));
    }
    // The library's own bookkeeping and row buffers come on top of the coefficients.
    constexpr std::uint64_t kSlack = 32U << 20;
    const std::uint64_t most = std::min<std::uint64_t>(limits.max_decoder_bytes + kSlack, 0x7fff'ffff);
    cinfo.mem->max_memory_to_use = static_cast<long>(most);
    return {};
  }

  void set_geometry() {
    const jpeg_decompress_struct& cinfo = codec_.cinfo();
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
    const jpeg_decompress_struct& cinfo = codec_.cinfo();
    const double scale = static_cast<double>(component.DCT_scaled_size) / DCTSIZE;
    return {component.downsampled_width, component.downsampled_height,
            cinfo.image_width * scale * component.h_samp_factor / cinfo.max_h_samp_factor,
            cinfo.image_height * scale * component.v_samp_factor / cinfo.max_v_samp_factor};
  }

  std::size_t component_count() const { return static_cast<std::size_t>(codec_.cinfo().num_components); }

  // Rows of the picture in one row of MCUs.
  std::uint32_t pass_rows() const {
    return static_cast<std::uint32_t>(codec_.cinfo().max_v_samp_factor * codec_.cinfo().min_DCT_scaled_size);
  }

  Status allocate() {
    const jpeg_decompress_struct& cinfo = codec_.cinfo();
    for (std::size_t i = 0; i < component_count(); ++i) {
      const jpeg_component_info& component = cinfo.comp_info[i];
      const auto block = static_cast<std::uint32_t>(component.DCT_scaled_size);
      rows_per_pass_[i] = static_cast<std::uint32_t>(component.v_samp_factor) * block;
      // Whole blocks: the library writes beyond the picture's right edge.
      strides_[i] = std::size_t{component.width_in_blocks} * block;
      NETOCR_TRY(allocate_into(planes_[i], strides_[i] * rows_per_pass_[i]));
    }
    if (planar_) return {};
    for (Buffer& plane : joined_) {
      NETOCR_TRY(allocate_into(plane, std::size_t{cinfo.output_width} * pass_rows()));
    }
    return allocate_into(pixels_, std::size_t{cinfo.output_width} * component_count());
  }

  static Status allocate_into(Buffer& target, std::size_t size) {
    NETOCR_ASSIGN(target, Buffer::create(size));
    return {};
  }

  // One row of MCUs.
  Status read_planes() {
    ReadStep step{};
    step.codec = &codec_;
    step.count = pass_rows();
    for (std::size_t i = 0; i < component_count(); ++i) {
      step.planes[i] = step.rows[i];
      for (std::size_t row = 0; row < rows_per_pass_[i]; ++row) {
        step.rows[i][row] = planes_[i].data() + row * strides_[i];
      }
    }
    return codec_.run(step_read, &step);
  }

  RowBatch planes_as_they_are() {
    RowBatch batch;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      const std::uint32_t count = std::min(rows_per_pass_[i], geometry_.planes[i].height - rows_given_[i]);
      rows_given_[i] += count;
      batch[i] = {planes_[i].data(), strides_[i], count};
    }
    return batch;
  }

  RowBatch joined_planes(std::uint32_t count) {
    const std::size_t width = codec_.cinfo().output_width;
    for (std::uint32_t row = 0; row < count; ++row) {
      for (std::size_t i = 0; i < component_count(); ++i) join_row(i, row);
      if (codec_.cinfo().jpeg_color_space == JCS_YCCK) ycck_to_cmyk(pixels_.data(), width);
      const auto convert = component_count() == 3 ? rgb_to_ycc : inverted_cmyk_to_ycc;
      const std::size_t at = row * width;
      convert(pixels_.data(), width,
              {joined_[0].data() + at, joined_[1].data() + at, joined_[2].data() + at});
    }
    RowBatch batch;
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = {joined_[i].data(), width, count};
    return batch;
  }

  // A component's samples of one row of the picture into pixels_, each repeated as often as it is subsampled.
  // Any sampling factors will do, also 2 of 3.
  void join_row(std::size_t index, std::uint32_t row) {
    const jpeg_decompress_struct& cinfo = codec_.cinfo();
    const jpeg_component_info& component = cinfo.comp_info[index];
    const int size = component.DCT_scaled_size;
    const Ratio down =
        ratio_of(component.v_samp_factor, size, cinfo.max_v_samp_factor, cinfo.min_DCT_scaled_size);
    const Ratio across =
        ratio_of(component.h_samp_factor, size, cinfo.max_h_samp_factor, cinfo.min_DCT_scaled_size);
    const std::uint8_t* samples = planes_[index].data() + down.of(row) * strides_[index];
    std::uint8_t* pixel = pixels_.data() + index;
    for (std::uint32_t x = 0; x < cinfo.output_width; ++x, pixel += component_count())
      *pixel = samples[across.of(x)];
  }

  // A file of several scans that is cut off between two of them ends like a whole one. One that has EOI may
  // lack refinements and high frequencies: it was made like that.
  void note_missing_scans() {
    jpeg_decompress_struct& cinfo = codec_.cinfo();
    codec_.damaged |= decoded_rows() < geometry_.planes[0].height;
    if (!codec_.reached_end || !jpeg_has_multiple_scans(&cinfo)) return;
    for (int i = 0; i < cinfo.num_components; ++i) {
      bool missing = cinfo.comp_info[i].quant_table == nullptr;
      for (int k = 0; cinfo.coef_bits != nullptr && k < DCTSIZE2; ++k) missing |= cinfo.coef_bits[i][k] != 0;
      codec_.damaged |= missing;
    }
  }

  Codec codec_;
  SourceGeometry geometry_;
  std::array<Buffer, kMaxComponents> planes_;  // one row of MCUs of each component
  std::array<std::size_t, kMaxComponents> strides_{};
  std::array<std::uint32_t, kMaxComponents> rows_per_pass_{};
  std::array<std::uint32_t, kMaxComponents> rows_given_{};
  std::array<Buffer, 3> joined_;  // of RGB, CMYK and YCCK: the same rows after conversion
  Buffer pixels_;                 // and one row of pixels
  bool planar_ = false;
  bool started_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_with_library(Bytes bytes, const WantedSize& wanted,
                                                     const Limits& limits) {
  NETOCR_ASSIGN(const auto& header, read_checked_header(bytes, limits));
  NETOCR_ASSIGN(auto source, make_nothrow<LibrarySource>());
  NETOCR_TRY(source->open(bytes, header, wanted, limits));
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::jpeg
