// Contains every call of the library. Each runs under a CodecGuard, and its callbacks report by Error only.
// The file is longer than most: the callbacks, the source of bytes and the calls share one structure of the
// library's types.
#include "image/jpeg/library/codec.hpp"

#include <algorithm>
#include <cstdio>  // jpeglib.h requires FILE

#include <jpeglib.h>

#include <jerror.h>

#include "base/codec_guard.hpp"
#include "image/jpeg/library/state.hpp"

namespace netocr::jpeg {
namespace {

// A block of arithmetic-coded data can take ten times as long as any other, however few bytes it has.
constexpr std::uint64_t kArithmeticWeight = 8;

constexpr JOCTET kFakeEnd[] = {0xff, JPEG_EOI};

Error error_of(int message) {
  switch (message) {
    case JERR_OUT_OF_MEMORY:
      return {ErrorCode::kOutOfMemory, 0, "not enough memory to decode the JPEG"};
    case JERR_NO_BACKING_STORE:
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
      return {ErrorCode::kImageTooLarge, 0, "the JPEG needs more memory than the limit"};
    case JERR_SOF_UNSUPPORTED:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
      return {ErrorCode::kUnsupportedFeature, 0,
              "JPEG variant is not decoded: save it as baseline JPEG or PNG"};
    default:
      return {ErrorCode::kCorruptImage, 0, "damaged JPEG"};
  }
}

bool is_restart(int marker) { return marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7; }

constexpr std::size_t kMaxRowsPerPass = std::size_t{4} * 16;  // sampling factor * largest scaled block

}  // namespace

struct Codec::Library {
  jpeg_decompress_struct cinfo{};
  jpeg_error_mgr errors{};
  jpeg_source_mgr source{};
  jpeg_progress_mgr progress{};
  CodecGuard guard{};
};

struct Codec::Callbacks {
  template <typename CommonPointer>
  static Codec& codec_of(CommonPointer cinfo) {
    return *static_cast<Codec*>(cinfo->client_data);
  }

  static void on_error(j_common_ptr cinfo) {
    const Error error = error_of(cinfo->err->msg_code);
    codec_of(cinfo).fail(error.code, error.detail);
  }

  static void on_message(j_common_ptr common, int level) {
    if (level >= 0) return;  // ignores trace messages
    auto* cinfo = reinterpret_cast<j_decompress_ptr>(common);
    Codec& codec = codec_of(cinfo);
    switch (cinfo->err->msg_code) {
      case JWRN_HIT_MARKER:
        codec.damaged_ = true;
        codec.rows_.lose_row();
        if (is_in_first_row(*cinfo) && !is_restart(cinfo->unread_marker)) {
          codec.fail(ErrorCode::kCorruptImage, "the JPEG ends before its first rows");
        }
        break;
      case JWRN_HUFF_BAD_CODE:
      case JWRN_ARITH_BAD_CODE:
      case JWRN_MUST_RESYNC:
        codec.damaged_ = true;
        break;
      default:
        break;  // irregular, but nothing is missing: extra bytes before a marker, odd version numbers
    }
  }

  static void on_output(j_common_ptr) {}
  static void on_format(j_common_ptr, char* text) { *text = '\0'; }
  static void on_reset(j_common_ptr cinfo) {
    cinfo->err->num_warnings = 0;
    cinfo->err->msg_code = 0;
  }

  static void on_start(j_decompress_ptr) {}
  static void on_end(j_decompress_ptr) {}

  static boolean on_empty(j_decompress_ptr cinfo) {
    Codec& codec = codec_of(cinfo);
    if (codec.next_part()) return TRUE;
    codec.reached_end_ = true;
    // The arithmetic decoder reads zeroes past the end without a warning.
    if (cinfo->arith_code && codec.decoding_) {
      codec.rows_.lose_row();
      if (is_in_first_row(*cinfo))
        codec.fail(ErrorCode::kCorruptImage, "the JPEG ends before its first rows");
      codec.damaged_ = true;
    }
    codec.library_->source.next_input_byte = kFakeEnd;
    codec.library_->source.bytes_in_buffer = sizeof kFakeEnd;
    return TRUE;
  }

  static void on_skip(j_decompress_ptr cinfo, long count) {
    Codec& codec = codec_of(cinfo);
    auto left = static_cast<std::size_t>(std::max(count, 0L));
    while (left > codec.library_->source.bytes_in_buffer) {
      left -= codec.library_->source.bytes_in_buffer;
      if (codec.next_part()) continue;
      on_empty(cinfo);
      return;
    }
    codec.library_->source.next_input_byte += left;
    codec.library_->source.bytes_in_buffer -= left;
  }

  // The library keeps a marker that it attributes to a later interval, which makes the next one empty.
  static boolean on_resync(j_decompress_ptr cinfo, int desired) {
    const boolean done = jpeg_resync_to_restart(cinfo, desired);
    if (cinfo->unread_marker != 0) codec_of(cinfo).rows_.lose_row();
    return done;
  }

  // The library calls this before each row of MCUs of each scan.
  static void on_progress(j_common_ptr common) {
    const auto& cinfo = *reinterpret_cast<j_decompress_ptr>(common);
    Codec& codec = codec_of(common);
    codec.note_rows();
    if (cinfo.input_scan_number == codec.scans_) return;
    codec.scans_ = cinfo.input_scan_number;
    if (!codec.budget_.take(count_scan_blocks(cinfo), cinfo.arith_code ? kArithmeticWeight : 1)) {
      codec.fail(ErrorCode::kImageTooLarge, "the JPEG has more scans than a picture of its size needs");
    }
  }

  static jpeg_decompress_struct& cinfo_of(void* codec) { return static_cast<Codec*>(codec)->library_->cinfo; }

  // jpeg_create_decompress clears the structure except err and client_data.
  static void read_header(void* context) {
    Codec& codec = *static_cast<Codec*>(context);
    jpeg_decompress_struct& cinfo = cinfo_of(context);
    cinfo.client_data = &codec;
    codec.created_ = true;
    jpeg_create_decompress(&cinfo);
    cinfo.src = &codec.library_->source;
    cinfo.progress = &codec.library_->progress;
    jpeg_read_header(&cinfo, TRUE);
  }

  struct Scaling {
    Codec* codec;
    WantedSize wanted;
  };
  static void scale(void* context) {
    const Scaling& scaling = *static_cast<Scaling*>(context);
    choose_scale(cinfo_of(scaling.codec), scaling.wanted);
  }

  static void start(void* context) { jpeg_start_decompress(&cinfo_of(context)); }

  struct Reading {
    Codec* codec;
    JSAMPROW rows[kMaxComponents][kMaxRowsPerPass];
    JSAMPARRAY planes[kMaxComponents];
    JDIMENSION count;
  };
  static void read(void* context) {
    Reading& reading = *static_cast<Reading*>(context);
    jpeg_read_raw_data(&cinfo_of(reading.codec), reading.planes, reading.count);
  }
};

Codec::Codec() = default;

Codec::~Codec() {
  if (created_) jpeg_destroy_decompress(&library_->cinfo);
}

void Codec::fail(ErrorCode code, const char* detail) {
  const std::size_t unread = reached_end_ ? 0 : library_->source.bytes_in_buffer;
  error_ = Error{code, part_end_ - std::min(part_end_, unread), detail};
  leave_guarded(library_->guard);
}

// Passes the next part of the file to the library. Returns false after the last one.
bool Codec::next_part() {
  Bytes part = bytes_.subspan(part_end_);
  if (height_offset_ != 0 && part_end_ < height_offset_) {
    part = part.first(height_offset_ - part_end_);
  } else if (height_offset_ != 0 && part_end_ == height_offset_) {
    part = height_;
  }
  part_end_ += part.size();
  library_->source.next_input_byte = part.data();
  library_->source.bytes_in_buffer = part.size();
  return !part.empty();
}

// Ends the file after `size` bytes, in front of a truncated segment.
void Codec::end_at(std::size_t size) {
  bytes_ = bytes_.first(size);
  if (part_end_ <= size) return;
  jpeg_source_mgr& source = library_->source;
  source.bytes_in_buffer -= std::min(source.bytes_in_buffer, part_end_ - size);
  part_end_ = size;
}

void Codec::note_rows() {
  rows_.note(read_scan_state(library_->cinfo));
  if (library_->cinfo.arith_code && reached_end_) rows_.lose_row();
}

std::uint32_t Codec::decoded_rows() const { return rows_.rows(picture_, !reached_end_ && !damaged_); }

Status Codec::read_headers(Bytes bytes, const Header& header) {
  NETOCR_ASSIGN(library_, make_nothrow<Library>());
  bytes_ = bytes;
  height_offset_ = header.height_offset;
  height_[0] = static_cast<std::uint8_t>(header.height >> 8);
  height_[1] = static_cast<std::uint8_t>(header.height & 255);
  // jpeg_std_error would link the library's message texts into the module, which shows none of them.
  jpeg_error_mgr& errors = library_->errors;
  jpeg_source_mgr& source = library_->source;
  library_->cinfo.err = &errors;
  errors.error_exit = Callbacks::on_error;
  errors.emit_message = Callbacks::on_message;
  errors.output_message = Callbacks::on_output;
  errors.format_message = Callbacks::on_format;
  errors.reset_error_mgr = Callbacks::on_reset;
  source.init_source = Callbacks::on_start;
  source.fill_input_buffer = Callbacks::on_empty;
  source.skip_input_data = Callbacks::on_skip;
  source.resync_to_restart = Callbacks::on_resync;
  source.term_source = Callbacks::on_end;
  library_->progress.progress_monitor = Callbacks::on_progress;
  NETOCR_TRY(run(Callbacks::read_header, this));
  decoding_ = true;
  return {};
}

Status Codec::limit_memory(File& file, const Limits& limits) {
  jpeg_decompress_struct& cinfo = library_->cinfo;
  if (jpeg_has_multiple_scans(&cinfo)) {
    NETOCR_TRY(check_coefficient_memory(file, count_blocks(cinfo), limits));
    end_at(file.whole_bytes());
  }
  // The library's own bookkeeping and row buffers add to the coefficients.
  constexpr std::uint64_t kSlack = 32U << 20;
  const std::uint64_t max = std::min<std::uint64_t>(limits.max_decoder_bytes + kSlack, 0x7fff'ffff);
  cinfo.mem->max_memory_to_use = static_cast<long>(max);
  return {};
}

Status Codec::open(File& file, const WantedSize& wanted, const Limits& limits) {
  const Header& header = file.header();
  NETOCR_TRY(read_headers(file.bytes(), header));
  jpeg_decompress_struct& cinfo = library_->cinfo;
  if (cinfo.image_width != header.width || cinfo.image_height != header.height)
    return Error{ErrorCode::kCorruptImage, 0, "the JPEG has several frame headers"};
  NETOCR_TRY(limit_memory(file, limits));
  cinfo.raw_data_out = TRUE;
  cinfo.out_color_space = cinfo.jpeg_color_space;
  cinfo.dct_method = JDCT_ISLOW;
  Callbacks::Scaling scaling{this, wanted};
  NETOCR_TRY(run(Callbacks::scale, &scaling));
  picture_ = read_picture(cinfo);
  return {};
}

Status Codec::read(const std::array<PlaneTarget, kMaxComponents>& targets) {
  if (!started_) {
    NETOCR_TRY(run(Callbacks::start, this));
  }
  started_ = true;
  Callbacks::Reading reading{};
  reading.codec = this;
  reading.count = picture_.max_v * picture_.min_block;
  for (std::size_t i = 0; i < picture_.count; ++i) {
    const PictureComponent& component = picture_.components[i];
    reading.planes[i] = reading.rows[i];
    for (std::size_t row = 0; row < std::size_t{component.v} * component.block; ++row)
      reading.rows[i][row] = targets[i].samples + row * targets[i].stride;
  }
  return run(Callbacks::read, &reading);
}

std::uint32_t Codec::rows_left() const {
  return picture_.scaled_height - std::min(picture_.scaled_height, library_->cinfo.output_scanline);
}

// A file of several scans that is truncated between two of them ends like a complete one. A file with EOI may
// lack refinements and high frequencies on purpose.
void Codec::finish() {
  note_rows();
  damaged_ |= decoded_rows() < picture_.height;
  if (reached_end_ && jpeg_has_multiple_scans(&library_->cinfo)) damaged_ |= lacks_scans(library_->cinfo);
}

Status Codec::run(void (*step)(void* context), void* context) {
  if (!run_guarded(library_->guard, step, context)) return error_;
  return {};
}

}  // namespace netocr::jpeg
