// Exports about one file: checks the range and the options, asks the layer, answers with a record.
#include "bindings/files.hpp"

#include "bindings/heap.hpp"
#include "bindings/options.hpp"
#include "image/heif/open.hpp"
#include "image/registry/codec.hpp"
#include "image/registry/open.hpp"

namespace netocr::bindings {

using emscripten::val;

namespace {

void report_progress(void* context, double fraction) { (*static_cast<const val*>(context))(fraction); }

PreparedRecord prepared_record(const Prepared& prepared) {
  PreparedRecord record;
  record.bytes = copied_bytes(prepared.bytes.span());
  record.format = image_format_name(prepared.format);
  record.width = prepared.width;
  record.height = prepared.height;
  record.quality = prepared.quality;
  record.lossless = prepared.lossless;
  record.decoded_rows = prepared.decoded_rows;
  record.source = val(image_info_record(prepared.source));
  record.warnings = image_warning_words(prepared.warnings);
  return record;
}

}  // namespace

std::string sniff_image_word(double pointer, double length) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  return std::string(image_format_name(bytes.ok() ? sniff_image(bytes.value()) : ImageFormat::kUnknown));
}

std::string sniff_video_word(double pointer, double length) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  return std::string(
      video_container_name(bytes.ok() ? sniff_video(bytes.value()) : VideoContainer::kUnknown));
}

bool is_image_left_to_codecs(double pointer, double length) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  return bytes.ok() && is_left_to_codecs(bytes.value());
}

val readable_formats() {
  val words = val::array();
  for (const ImageCodec& codec : image_codecs()) {
    if (codec.is_decoded) words.call<void>("push", std::string(image_format_name(codec.format)));
  }
  return words;
}

ImageInfoRecord inspect_image_record(double pointer, double length, const val& limits) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  if (!bytes.ok()) return failed<ImageInfoRecord>(bytes.error());
  const Result<Limits> read = read_limits(limits);
  if (!read.ok()) return failed<ImageInfoRecord>(read.error());
  const auto image = open_image(bytes.value(), read.value());
  return image.ok() ? image_info_record((*image)->info()) : failed<ImageInfoRecord>(image.error());
}

VideoInfoRecord inspect_video_record(double pointer, double length, const val& limits) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  if (!bytes.ok()) return failed<VideoInfoRecord>(bytes.error());
  const Result<Limits> read = read_limits(limits);
  if (!read.ok()) return failed<VideoInfoRecord>(read.error());
  const Result<VideoInfo> info = inspect_video(bytes.value(), read.value());
  return info.ok() ? video_info_record(info.value()) : failed<VideoInfoRecord>(info.error());
}

VideoInfoRecord check_video_record(double pointer, double length, const val& options, const val& limits) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  if (!bytes.ok()) return failed<VideoInfoRecord>(bytes.error());
  const Result<Limits> read = read_limits(limits);
  if (!read.ok()) return failed<VideoInfoRecord>(read.error());
  const Result<VideoOptions> wanted = read_video_options(options);
  if (!wanted.ok()) return failed<VideoInfoRecord>(wanted.error());
  const Result<VideoInfo> info = check_video(bytes.value(), wanted.value(), read.value());
  return info.ok() ? video_info_record(info.value()) : failed<VideoInfoRecord>(info.error());
}

PreparedRecord prepare_image_record(double pointer, double length, const val& options, val on_progress) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  if (!bytes.ok()) return failed<PreparedRecord>(bytes.error());
  Result<PrepareOptions> read = read_prepare_options(options);
  if (!read.ok()) return failed<PreparedRecord>(read.error());
  if (!on_progress.isUndefined()) {
    read->on_progress = report_progress;
    read->progress_context = &on_progress;
  }
  const Result<Prepared> prepared = prepare_image(bytes.value(), read.value());
  if (prepared.ok()) return prepared_record(prepared.value());
  auto record = failed<PreparedRecord>(prepared.error());
  record.left_to_codecs = prepared.error().left_to_codecs;
  return record;
}

BytesRecord heic_profile_record(double pointer, double length, const val& limits) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  if (!bytes.ok()) return failed<BytesRecord>(bytes.error());
  const Result<Limits> read = read_limits(limits);
  if (!read.ok()) return failed<BytesRecord>(read.error());
  const heif::Header header = heif::read_header(bytes.value());
  if (const Status fits = heif::check_size(header, read.value()); !fits.ok())
    return failed<BytesRecord>(fits.error());
  const Result<Buffer> profile = heif::write_profile(header);
  // Colours that no profile of ours describes are told by ImageInfo::profile.
  const bool is_unknown = !profile.ok() && profile.error().code == ErrorCode::kUnsupportedFeature;
  if (!profile.ok() && !is_unknown) return failed<BytesRecord>(profile.error());
  BytesRecord record;
  record.bytes = copied_bytes(profile.ok() ? profile->span() : Bytes{});
  return record;
}

}  // namespace netocr::bindings
