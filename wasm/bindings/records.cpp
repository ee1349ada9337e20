// Converts videos and replies to the records of records.hpp and registers these with Embind.
#include "bindings/record_fields.hpp"

namespace netocr::bindings {

using emscripten::val;

namespace {

constexpr WarningWord kVideoWarnings[] = {{kWarnVideoTooLarge, "video_too_large"},
                                          {kWarnVideoTooShort, "video_too_short"},
                                          {kWarnVideoTooLong, "video_too_long"},
                                          {kWarnDurationUnknown, "duration_unknown"}};

val or_null(std::optional<bool> value) { return value ? val(*value) : val::null(); }

}  // namespace

VideoInfoRecord video_info_record(const VideoInfo& info) {
  VideoInfoRecord record;
  record.container = video_container_name(info.container);
  record.bytes = static_cast<double>(info.bytes);
  if (info.duration_ms) record.duration_ms = val(static_cast<double>(*info.duration_ms));
  record.warnings = warning_words(info.warnings, kVideoWarnings);
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

void register_video() {
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
  register_video();
  register_reply();
}

}  // namespace netocr::bindings
