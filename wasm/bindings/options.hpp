// Reads option objects from JavaScript. A missing field keeps the C++ default, so that each default exists
// once.
#pragma once

#include <emscripten/val.h>

#include <initializer_list>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "base/limits.hpp"
#include "image/prepare.hpp"
#include "video/probe.hpp"

namespace netocr::bindings {

// A cursor over one options object. It keeps the first field of a wrong type or range; check status() once at
// the end.
class OptionReader {
 public:
  explicit OptionReader(const emscripten::val& options);

  template <typename Unsigned>
  void read(const char* name, Unsigned& value) {
    static_assert(std::numeric_limits<Unsigned>::is_integer && !std::numeric_limits<Unsigned>::is_signed);
    // A JavaScript number above 2^53 is not exact.
    constexpr std::uint64_t kMax = std::numeric_limits<Unsigned>::max() < (1ULL << 53)
                                       ? std::numeric_limits<Unsigned>::max()
                                       : (1ULL << 53);
    if (const auto number = whole_number(name, kMax)) value = static_cast<Unsigned>(*number);
  }
  void read(const char* name, Severity& value);
  void read(const char* name, jpeg::Effort& value);
  void read(const char* name, bool& value);
  void read(const char* name, std::string& value);
  // Returns a nested object; undefined when it is missing.
  emscripten::val child(const char* name) const;

  const Status& status() const { return status_; }

 private:
  template <typename Choice>
  void read_word(const char* name, std::initializer_list<std::pair<std::string_view, Choice>> words,
                 Choice& value);
  std::optional<std::uint64_t> whole_number(const char* name, std::uint64_t max);
  void fail(const char* name);

  emscripten::val options_;
  bool present_;
  Status status_;
};

// All three return INVALID_ARGUMENT, whose detail is the name of the option. Limits of a picture that a
// module's memory cannot hold are lowered (within_memory).
Result<Limits> read_limits(const emscripten::val& limits);
Result<PrepareOptions> read_prepare_options(const emscripten::val& options);  // with a field `limits`
Result<VideoOptions> read_video_options(const emscripten::val& options);

// Calls `on_progress` with the progress of a picture, unless it is undefined. The function must outlive the
// options.
void report_to(emscripten::val& on_progress, PrepareOptions& options);

// Returns all fields that read_limits() reads from an object, under their names; the defaults when it cannot
// be read.
emscripten::val effective_limits(const emscripten::val& given);

}  // namespace netocr::bindings
