// Converts option objects to the C++ option structures. Ranges narrower than the type's are checked where the
// option is used.
#include "bindings/options.hpp"

#include <cmath>
#include <string>

namespace netocr::bindings {

using emscripten::val;

OptionReader::OptionReader(const val& options) : options_(options), present_(!options.isUndefined()) {
  if (present_ && (options.isNull() || options.typeOf().as<std::string>() != "object")) {
    present_ = false;
    status_ = Error{ErrorCode::kInvalidArgument, 0, "options is not an object"};
  }
}

void OptionReader::fail(const char* name) {
  if (status_.ok()) status_ = Error{ErrorCode::kInvalidArgument, 0, name};
}

val OptionReader::child(const char* name) const { return present_ ? options_[name] : val::undefined(); }

std::optional<std::uint64_t> OptionReader::whole_number(const char* name, std::uint64_t max) {
  const val field = child(name);
  if (field.isUndefined()) return std::nullopt;
  const double number = field.isNumber() ? field.as<double>() : -1;
  if (!(number >= 0 && number <= static_cast<double>(max)) || std::trunc(number) != number) {
    fail(name);
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(number);
}

template <typename Choice>
void OptionReader::read_word(const char* name,
                             std::initializer_list<std::pair<std::string_view, Choice>> words,
                             Choice& value) {
  const val field = child(name);
  if (field.isUndefined()) return;
  const std::string given = field.isString() ? field.as<std::string>() : std::string();
  for (const auto& [word, choice] : words) {
    if (given != word) continue;
    value = choice;
    return;
  }
  fail(name);
}

void OptionReader::read(const char* name, Severity& value) {
  read_word(name,
            {{"error", Severity::kError}, {"warning", Severity::kWarning}, {"ignore", Severity::kIgnore}},
            value);
}

void OptionReader::read(const char* name, jpeg::Effort& value) {
  read_word(name, {{"default", jpeg::Effort::kDefault}, {"best", jpeg::Effort::kBest}}, value);
}

void OptionReader::read(const char* name, bool& value) {
  const val field = child(name);
  if (field.isUndefined()) return;
  if (!field.isTrue() && !field.isFalse()) return fail(name);
  value = field.isTrue();
}

void OptionReader::read(const char* name, std::string& value) {
  const val field = child(name);
  if (field.isUndefined()) return;
  if (!field.isString()) return fail(name);
  value = field.as<std::string>();
}

Result<Limits> read_limits(const val& limits) {
  Limits read;
  OptionReader reader(limits);
  reader.read("maxInputBytes", read.max_input_bytes);
  reader.read("maxDimension", read.max_dimension);
  reader.read("maxPixels", read.max_pixels);
  reader.read("maxDecoderBytes", read.max_decoder_bytes);
  reader.read("maxReplyBytes", read.max_reply_bytes);
  reader.read("maxReplyDepth", read.max_reply_depth);
  NETOCR_TRY(reader.status());
  return within_memory(read);
}

val effective_limits(const val& given) {
  const Result<Limits> read = read_limits(given);
  const Limits limits = read.ok() ? *read : Limits{};
  val object = val::object();
  object.set("maxInputBytes", static_cast<double>(limits.max_input_bytes));
  object.set("maxDimension", static_cast<double>(limits.max_dimension));
  object.set("maxPixels", static_cast<double>(limits.max_pixels));
  object.set("maxDecoderBytes", static_cast<double>(limits.max_decoder_bytes));
  object.set("maxReplyBytes", static_cast<double>(limits.max_reply_bytes));
  object.set("maxReplyDepth", static_cast<double>(limits.max_reply_depth));
  return object;
}

Result<PrepareOptions> read_prepare_options(const val& options) {
  PrepareOptions read;
  OptionReader reader(options);
  reader.read("maxBytes", read.max_bytes);
  reader.read("maxEdge", read.max_edge);
  reader.read("minQuality", read.min_quality);
  reader.read("maxQuality", read.max_quality);
  reader.read("effort", read.effort);
  reader.read("allowTruncated", read.allow_truncated);
  NETOCR_TRY(reader.status());
  NETOCR_ASSIGN(const Limits& limits, read_limits(reader.child("limits")));
  read.limits = limits;
  return read;
}

void report_to(val& on_progress, PrepareOptions& options) {
  if (on_progress.isUndefined()) return;
  options.on_progress = [](void* context, double fraction) { (*static_cast<const val*>(context))(fraction); };
  options.progress_context = &on_progress;
}

Result<VideoOptions> read_video_options(const val& options) {
  VideoOptions read;
  OptionReader reader(options);
  reader.read("maxBytes", read.max_bytes);
  reader.read("minDurationMs", read.min_duration_ms);
  reader.read("maxDurationMs", read.max_duration_ms);
  reader.read("durationToleranceMs", read.duration_tolerance_ms);
  reader.read("size", read.size);
  reader.read("duration", read.duration);
  NETOCR_TRY(reader.status());
  return read;
}

}  // namespace netocr::bindings
