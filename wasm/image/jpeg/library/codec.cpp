// Every call of the library runs under a CodecGuard; its callbacks report by Error only.
#include "image/jpeg/library/codec.hpp"

#include <algorithm>
#include <cstdio>  // jpeglib.h wants FILE
#include <new>

#include <jpeglib.h>

#include <jerror.h>

#include "base/codec_guard.hpp"

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

// True while no row of blocks of the first scan is complete.
bool nothing_decoded(const jpeg_decompress_struct& cinfo) {
  return cinfo.input_scan_number <= 1 && cinfo.input_iMCU_row == 0;
}

bool is_restart(int marker) { return marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7; }

// Blocks of the scan that is being read, with the padding of a scan of several components.
std::uint64_t blocks_in_scan(const jpeg_decompress_struct& cinfo) {
  return std::uint64_t{cinfo.MCUs_per_row} * cinfo.MCU_rows_in_scan *
         static_cast<std::uint64_t>(cinfo.blocks_in_MCU);
}

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
    if (level >= 0) return;  // traces
    auto* cinfo = reinterpret_cast<j_decompress_ptr>(common);
    Codec& codec = codec_of(cinfo);
    switch (cinfo->err->msg_code) {
      case JWRN_HIT_MARKER:
        codec.damaged = true;
        codec.rows_.lose_row();
        if (nothing_decoded(*cinfo) && !is_restart(cinfo->unread_marker)) {
          codec.fail(ErrorCode::kCorruptImage, "the JPEG ends before its first rows");
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
    codec.reached_end = true;
    // The arithmetic decoder takes zeroes past the end and never complains.
    if (cinfo->arith_code && codec.decoding_) {
      codec.rows_.lose_row();
      if (nothing_decoded(*cinfo))
        codec.fail(ErrorCode::kCorruptImage, "the JPEG ends before its first rows");
      codec.damaged = true;
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

  // The library leaves a marker that it takes for that of a later interval, which makes the next one empty.
  static boolean on_resync(j_decompress_ptr cinfo, int desired) {
    const boolean done = jpeg_resync_to_restart(cinfo, desired);
    if (cinfo->unread_marker != 0) codec_of(cinfo).rows_.lose_row();
    return done;
  }

  // Called before each row of MCUs of each scan.
  static void on_progress(j_common_ptr common) {
    const auto& cinfo = *reinterpret_cast<j_decompress_ptr>(common);
    Codec& codec = codec_of(common);
    codec.note_rows();
    if (cinfo.input_scan_number == codec.scans_) return;
    codec.scans_ = cinfo.input_scan_number;
    if (!codec.budget_.take(blocks_in_scan(cinfo), cinfo.arith_code ? kArithmeticWeight : 1)) {
      codec.fail(ErrorCode::kImageTooLarge, "the JPEG has more scans than a picture of its size needs");
    }
  }

  // jpeg_create_decompress clears the structure but for err and client_data.
  static void read_header(void* context) {
    Codec& codec = *static_cast<Codec*>(context);
    jpeg_decompress_struct& cinfo = codec.cinfo();
    cinfo.client_data = &codec;
    codec.created_ = true;
    jpeg_create_decompress(&cinfo);
    cinfo.src = &codec.library_->source;
    cinfo.progress = &codec.library_->progress;
    jpeg_read_header(&cinfo, TRUE);
  }
};

Codec::Codec() = default;

Codec::~Codec() {
  if (created_) jpeg_destroy_decompress(&cinfo());
}

jpeg_decompress_struct& Codec::cinfo() { return library_->cinfo; }
const jpeg_decompress_struct& Codec::cinfo() const { return library_->cinfo; }

void Codec::fail(ErrorCode code, const char* detail) {
  const std::size_t unread = reached_end ? 0 : library_->source.bytes_in_buffer;
  error_ = Error{code, part_end_ - std::min(part_end_, unread), detail};
  leave_guarded(library_->guard);
}

// Hands the library the next part of the file. False after the last one.
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

void Codec::end_at(std::size_t size) {
  bytes_ = bytes_.first(size);
  if (part_end_ <= size) return;
  jpeg_source_mgr& source = library_->source;
  source.bytes_in_buffer -= std::min(source.bytes_in_buffer, part_end_ - size);
  part_end_ = size;
}

void Codec::note_rows() {
  rows_.note(cinfo());
  if (cinfo().arith_code && reached_end) rows_.lose_row();
}

std::uint32_t Codec::decoded_rows() const { return rows_.rows(cinfo(), !reached_end && !damaged); }

Status Codec::open(Bytes bytes, const Header& header) {
  NETOCR_ASSIGN(library_, make_nothrow<Library>());
  bytes_ = bytes;
  height_offset_ = header.height_offset;
  height_[0] = static_cast<std::uint8_t>(header.height >> 8);
  height_[1] = static_cast<std::uint8_t>(header.height & 255);
  // Not jpeg_std_error: it would bring the library's message texts into the module, which shows none of them.
  jpeg_error_mgr& errors = library_->errors;
  jpeg_source_mgr& source = library_->source;
  cinfo().err = &errors;
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

Status Codec::run(void (*step)(void* context), void* context) {
  if (!run_guarded(library_->guard, step, context)) return error_;
  return {};
}

}  // namespace netocr::jpeg
