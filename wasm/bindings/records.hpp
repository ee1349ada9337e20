// The plain objects that exports return. Each begins with {ok, code, position, detail}: code is "" when ok,
// position a byte offset in the input (0 when there is none), detail English text for developers, without
// personal data.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "api/verdict.hpp"
#include "image/prepare.hpp"
#include "video/probe.hpp"

namespace netocr::bindings {

struct Outcome {
  bool ok = true;
  std::string code;
  double position = 0;
  std::string detail;
};

// Fills the four fields of any record from an Error.
inline void set_error(Outcome& outcome, const Error& error) {
  outcome.ok = false;
  outcome.code = std::string(error_word(error.code));
  outcome.position = static_cast<double>(error.position);
  outcome.detail = error.detail;
}
template <typename Record>
Record failed(const Error& error) {
  Record record;
  set_error(record, error);
  return record;
}

struct BytesRecord : Outcome {
  emscripten::val bytes = emscripten::val::null();  // Uint8Array, or null after an error
};

struct ImageInfoRecord : Outcome {
  std::string format = "unknown";
  double width = 0, height = 0, orientation = 1, bits_per_sample = 0;
  std::string color_model = "unknown";
  bool has_alpha = false, has_metadata = false, progressive = false, decodable = false;
  std::string profile = "none", profile_name;
  emscripten::val warnings = emscripten::val::array();  // words
  bool left_to_codecs =
      false;  // the header shows that the codecs module decodes the file, and this one does not
};
ImageInfoRecord image_info_record(const ImageInfo& info);
emscripten::val image_warning_words(std::uint32_t warnings);

struct PreparedRecord : Outcome {
  emscripten::val bytes = emscripten::val::null();  // Uint8Array, or null after an error
  std::string format = "unknown";
  double width = 0, height = 0, quality = 0;
  bool lossless = false;
  double decoded_rows = 0;
  emscripten::val source = emscripten::val::null();  // ImageInfoRecord, or null after an error
  emscripten::val warnings = emscripten::val::array();
  bool left_to_codecs = false;  // set with an error: the codecs module decodes the file
};
PreparedRecord prepared_record(const Result<Prepared>& result);

struct VideoInfoRecord : Outcome {
  std::string container = "unknown";
  double bytes = 0;
  emscripten::val duration_ms = emscripten::val::null();
  emscripten::val warnings = emscripten::val::array();  // words
};
VideoInfoRecord video_info_record(const VideoInfo& info);

struct ItemRecord {
  std::string desc, content;
};
struct ScoreRecord {
  double value, scale_max, threshold;
  std::string higher_means;
};
struct SignalsRecord {
  emscripten::val live, person_swapped, blinked, opened_mouth;  // true, false or null
};
struct IdCardRecord {
  std::string name, sex, ethnicity, birth, address, number;
};
// The parsed reply; the record also has status and message when the reply is an error.
struct ReplyRecord : Outcome {
  std::string verdict = "indeterminate";
  emscripten::val score = emscripten::val::null();
  emscripten::val signals = emscripten::val::null();
  emscripten::val id_card = emscripten::val::null();
  std::string status_code, status_message;
  emscripten::val items = emscripten::val::array();
};
ReplyRecord reply_record(const ReplyOutcome& outcome);

}  // namespace netocr::bindings
