// Converts images to the records of records.hpp and registers these with Embind, in both modules.
#include "bindings/heap.hpp"
#include "bindings/record_fields.hpp"

namespace netocr::bindings {

using emscripten::val;

namespace {

constexpr WarningWord kImageWarnings[] = {{kWarnTruncated, "truncated"},
                                          {kWarnProfileIgnored, "profile_ignored"}};

}  // namespace

val image_warning_words(std::uint32_t warnings) { return warning_words(warnings, kImageWarnings); }

ImageInfoRecord image_info_record(const ImageInfo& info) {
  ImageInfoRecord record;
  record.format = image_format_name(info.format);
  record.width = info.width;
  record.height = info.height;
  record.orientation = info.orientation;
  record.bits_per_sample = info.bits_per_sample;
  record.color_model = color_model_name(info.color_model);
  record.has_alpha = info.has_alpha;
  record.has_metadata = info.has_metadata;
  record.progressive = info.progressive;
  record.decodable = info.decodable;
  record.profile = profile_use_name(info.profile);
  record.profile_name = info.profile_name.text();
  record.warnings = image_warning_words(info.warnings);
  return record;
}

PreparedRecord prepared_record(const Result<Prepared>& result) {
  if (!result.ok()) {
    auto record = failed<PreparedRecord>(result.error());
    record.left_to_codecs = result.error().left_to_codecs;
    return record;
  }
  const Prepared& prepared = result.value();
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

EMSCRIPTEN_BINDINGS(netocr_image_records) {
  emscripten::value_object<Outcome> outcome("Outcome");
  outcome_fields(outcome);
  emscripten::value_object<ImageInfoRecord> image("ImageInfo");
  outcome_fields(image)
      .field("format", &ImageInfoRecord::format)
      .field("width", &ImageInfoRecord::width)
      .field("height", &ImageInfoRecord::height)
      .field("orientation", &ImageInfoRecord::orientation)
      .field("bitsPerSample", &ImageInfoRecord::bits_per_sample)
      .field("colorModel", &ImageInfoRecord::color_model)
      .field("hasAlpha", &ImageInfoRecord::has_alpha)
      .field("hasMetadata", &ImageInfoRecord::has_metadata)
      .field("progressive", &ImageInfoRecord::progressive)
      .field("decodable", &ImageInfoRecord::decodable)
      .field("profile", &ImageInfoRecord::profile)
      .field("profileName", &ImageInfoRecord::profile_name)
      .field("warnings", &ImageInfoRecord::warnings)
      .field("leftToCodecs", &ImageInfoRecord::left_to_codecs);
  emscripten::value_object<PreparedRecord> prepared("Prepared");
  outcome_fields(prepared)
      .field("bytes", &PreparedRecord::bytes)
      .field("format", &PreparedRecord::format)
      .field("width", &PreparedRecord::width)
      .field("height", &PreparedRecord::height)
      .field("quality", &PreparedRecord::quality)
      .field("lossless", &PreparedRecord::lossless)
      .field("decodedRows", &PreparedRecord::decoded_rows)
      .field("source", &PreparedRecord::source)
      .field("warnings", &PreparedRecord::warnings)
      .field("leftToCodecs", &PreparedRecord::left_to_codecs);
}

}  // namespace netocr::bindings
