// Checks the ranges and options of the exports for HEIC, calls the layer, and returns a record.
#include "bindings/heic.hpp"

#include <cstring>

#include "bindings/heap.hpp"
#include "bindings/options.hpp"
#include "bindings/record_fields.hpp"
#include "image/heif/planes.hpp"
#include "image/registry/codec.hpp"

namespace netocr::bindings {

using emscripten::val;

namespace {

val codec_strings(const heif::Parameters& parameters) {
  const char* const exact = parameters.codec.text;
  const char* const usual = parameters.usual_codec.text;
  val strings = val::array();
  strings.call<void>("push", val(exact));
  if (std::strcmp(exact, usual) != 0) strings.call<void>("push", val(usual));
  return strings;
}

val tile_ranges(const heif::CodedPicture& picture) {
  val tiles = val::array();
  for (const heif::Item& tile : picture.tiles()) {
    val ranges = val::array();
    for (const heif::Extent& extent : picture.items.extents_of(tile)) {
      ranges.call<void>("push", static_cast<double>(extent.offset), static_cast<double>(extent.length));
    }
    tiles.call<void>("push", ranges);
  }
  return tiles;
}

Result<heif::ChromaOrder> read_order(const val& format) {
  const std::string word = format.isString() ? format.as<std::string>() : std::string();
  if (word == "I420") return heif::ChromaOrder::kPlanes;
  if (word == "NV12") return heif::ChromaOrder::kInterleaved;
  return Error{ErrorCode::kInvalidArgument, 0, "the samples are neither I420 nor NV12"};
}

// A range of the heap as given by JavaScript.
struct Range {
  double pointer, length;
};

Result<Prepared> prepare_heic(Range file, Range samples, const val& format, const val& options,
                              val& on_progress) {
  NETOCR_ASSIGN(const Bytes bytes, heap_bytes(file.pointer, file.length));
  NETOCR_ASSIGN(const Bytes planes, heap_bytes(samples.pointer, samples.length));
  NETOCR_ASSIGN(const auto order, read_order(format));
  NETOCR_ASSIGN(PrepareOptions read, read_prepare_options(options));
  report_to(on_progress, read);
  NETOCR_TRY(check_input_size(bytes.size(), read.limits));
  NETOCR_ASSIGN(const auto image, heif::open_decoded(bytes, planes, order, read.limits));
  NETOCR_TRY(complete_colors(*image));
  return prepare_image(*image, read);
}

}  // namespace

HeicTilesRecord heic_tiles_record(double pointer, double length, const val& limits) {
  const Result<Bytes> bytes = heap_bytes(pointer, length);
  if (!bytes.ok()) return failed<HeicTilesRecord>(bytes.error());
  const Result<Limits> read = read_limits(limits);
  if (!read.ok()) return failed<HeicTilesRecord>(read.error());
  const auto picture = heif::read_coded_picture(bytes.value(), read.value());
  if (!picture.ok()) return failed<HeicTilesRecord>(picture.error());
  HeicTilesRecord record;
  record.codecs = codec_strings(picture->parameters);
  record.description = copied_bytes(picture->configuration);
  record.tile_width = picture->tile.width;
  record.tile_height = picture->tile.height;
  record.columns = picture->columns;
  record.rows = picture->rows;
  record.tiles = tile_ranges(*picture);
  return record;
}

PreparedRecord prepare_heic_record(double pointer, double length, double samples_pointer,
                                   double samples_length, const val& format, const val& options,
                                   val on_progress) {
  return prepared_record(
      prepare_heic({pointer, length}, {samples_pointer, samples_length}, format, options, on_progress));
}

EMSCRIPTEN_BINDINGS(netocr_heic_records) {
  emscripten::value_object<HeicTilesRecord> tiles("HeicTiles");
  outcome_fields(tiles)
      .field("codecs", &HeicTilesRecord::codecs)
      .field("description", &HeicTilesRecord::description)
      .field("tileWidth", &HeicTilesRecord::tile_width)
      .field("tileHeight", &HeicTilesRecord::tile_height)
      .field("columns", &HeicTilesRecord::columns)
      .field("rows", &HeicTilesRecord::rows)
      .field("tiles", &HeicTilesRecord::tiles);
}

}  // namespace netocr::bindings
