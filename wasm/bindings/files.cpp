// Exports about one file: each checks the range and the options, calls the layer below, and returns a record.
#include "bindings/files.hpp"

#include "bindings/heap.hpp"
#include "bindings/options.hpp"
#include "image/heif/open.hpp"
#include "image/registry/codec.hpp"
#include "image/registry/open.hpp"

namespace netocr::bindings {

using emscripten::val;

std::string sniff_image_word(double pointer, double length) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  return std::string(image_format_name(bytes.ok() ? sniff_image(bytes.value()) : ImageFormat::kUnknown));
}

std::string sniff_video_word(double pointer, double length) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  return std::string(
      video_container_name(bytes.ok() ? sniff_video(bytes.value()) : VideoContainer::kUnknown));
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
  if (!image.ok()) return failed<ImageInfoRecord>(image.error());
  ImageInfoRecord record = image_info_record((*image)->info());
  record.left_to_codecs = (*image)->is_left_to_codecs();
  return record;
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
  report_to(on_progress, read.value());
  return prepared_record(prepare_image(bytes.value(), read.value()));
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
  // ImageInfo::profile reports colours that no profile of ours describes.
  const bool is_unknown = !profile.ok() && profile.error().code == ErrorCode::kUnsupportedFeature;
  if (!profile.ok() && !is_unknown) return failed<BytesRecord>(profile.error());
  BytesRecord record;
  record.bytes = copied_bytes(profile.ok() ? profile->span() : Bytes{});
  return record;
}

}  // namespace netocr::bindings
