// Layer values -> the records of records.hpp, and their registration with Embind.
#include "bindings/records.hpp"

#include <emscripten/bind.h>

namespace netocr::bindings {

using emscripten::val;

namespace {

struct WarningWord {
  std::uint32_t bit;
  const char* word;
};
constexpr WarningWord kImageWarnings[] = {{kWarnTruncated, "truncated"},
                                          {kWarnProfileIgnored, "profile_ignored"}};
constexpr WarningWord kVideoWarnings[] = {{kWarnVideoTooLarge, "video_too_large"},
                                          {kWarnVideoTooShort, "video_too_short"},
                                          {kWarnVideoTooLong, "video_too_long"},
                                          {kWarnDurationUnknown, "duration_unknown"}};

val words_of(std::uint32_t bits, std::span<const WarningWord> table) {
  val words = val::array();
  for (const WarningWord& row : table) {
    if ((bits & row.bit) != 0) words.call<void>("push", val(row.word));
  }
  return words;
}

val or_null(std::optional<bool> value) { return value ? val(*value) : val::null(); }

}  // namespace

val image_warning_words(std::uint32_t warnings) { return words_of(warnings, kImageWarnings); }

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
  record.warnings = image_warning_words(info.warnings);
  return record;
}

VideoInfoRecord video_info_record(const VideoInfo& info) {
  VideoInfoRecord record;
  record.container = video_container_name(info.container);
  record.bytes = static_cast<double>(info.bytes);
  if (info.duration_ms) record.duration_ms = val(static_cast<double>(*info.duration_ms));
  record.warnings = words_of(info.warnings, kVideoWarnings);
  return record;
}

ReplyRecord reply_record(const ReplyOutcome& outcome) {
  const Reply& reply = outcome.reply;
  ReplyRecord record;
  if (outcome.error) set_error(record, *outcome.error);
  record.verdict = verdict_name(reply.verdict);
  if (reply.score) {
    record.score = val(ScoreRecord{reply.score->value, reply.score->scale_max, reply.score->threshold,
                                   std::string(score_direction_name(reply.score->higher_means))});
  }
  if (reply.signals) {
    record.signals =
        val(SignalsRecord{or_null(reply.signals->live), or_null(reply.signals->person_swapped),
                          or_null(reply.signals->blinked), or_null(reply.signals->opened_mouth)});
  }
  if (reply.id_card) {
    const IdCard& card = *reply.id_card;
    record.id_card =
        val(IdCardRecord{card.name, card.sex, card.ethnicity, card.birth, card.address, card.number});
  }
  record.status_code = reply.status_code;
  record.status_message = reply.status_message;
  for (const Item& item : reply.items) {
    record.items.call<void>("push", val(ItemRecord{item.desc, item.content}));
  }
  return record;
}

namespace {

// Every record that starts with Outcome has its four fields first.
template <typename Record>
emscripten::value_object<Record>& outcome_fields(emscripten::value_object<Record>& object) {
  return object.field("ok", &Outcome::ok)
      .field("code", &Outcome::code)
      .field("position", &Outcome::position)
      .field("detail", &Outcome::detail);
}

void register_files() {
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
      .field("warnings", &ImageInfoRecord::warnings);
  emscripten::value_object<PreparedRecord> prepared("Prepared");
  outcome_fields(prepared)
      .field("bytes", &PreparedRecord::bytes)
      .field("format", &PreparedRecord::format)
      .field("width", &PreparedRecord::width)
      .field("height", &PreparedRecord::height)
      .field("quality", &PreparedRecord::quality)
      .field("passedThrough", &PreparedRecord::passed_through)
      .field("source", &PreparedRecord::source)
      .field("warnings", &PreparedRecord::warnings);
  emscripten::value_object<VideoInfoRecord> video("VideoInfo");
  outcome_fields(video)
      .field("container", &VideoInfoRecord::container)
      .field("bytes", &VideoInfoRecord::bytes)
      .field("durationMs", &VideoInfoRecord::duration_ms)
      .field("warnings", &VideoInfoRecord::warnings);
}

void register_reply() {
  emscripten::value_object<ItemRecord>("Item")
      .field("desc", &ItemRecord::desc)
      .field("content", &ItemRecord::content);
  emscripten::value_object<ScoreRecord>("Score")
      .field("value", &ScoreRecord::value)
      .field("scaleMax", &ScoreRecord::scale_max)
      .field("threshold", &ScoreRecord::threshold)
      .field("higherMeans", &ScoreRecord::higher_means);
  emscripten::value_object<SignalsRecord>("Signals")
      .field("live", &SignalsRecord::live)
      .field("personSwapped", &SignalsRecord::person_swapped)
      .field("blinked", &SignalsRecord::blinked)
      .field("openedMouth", &SignalsRecord::opened_mouth);
  emscripten::value_object<IdCardRecord>("IdCard")
      .field("name", &IdCardRecord::name)
      .field("sex", &IdCardRecord::sex)
      .field("ethnicity", &IdCardRecord::ethnicity)
      .field("birth", &IdCardRecord::birth)
      .field("address", &IdCardRecord::address)
      .field("number", &IdCardRecord::number);
  emscripten::value_object<ReplyRecord> reply("Reply");
  outcome_fields(reply)
      .field("verdict", &ReplyRecord::verdict)
      .field("score", &ReplyRecord::score)
      .field("signals", &ReplyRecord::signals)
      .field("idCard", &ReplyRecord::id_card)
      .field("statusCode", &ReplyRecord::status_code)
      .field("statusMessage", &ReplyRecord::status_message)
      .field("items", &ReplyRecord::items);
}

}  // namespace

EMSCRIPTEN_BINDINGS(netocr_records) {
  register_files();
  register_reply();
}

}  // namespace netocr::bindings
