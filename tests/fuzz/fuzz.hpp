// The interface of a fuzz target: a function over bytes that checks more than the absence of crashes.
// libFuzzer (main.cpp) runs it, and the native suite runs it over the inputs that once failed
// (regressions_test.cpp).
#pragma once

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "base/limits.hpp"

namespace netocr::fuzz {

// Returns whether the input is worth keeping: false when the target's parser rejected it as another format.
using Run = bool (*)(Bytes);

struct Target {
  std::string_view name;  // name of the target and of its folders of seeds and regressions
  Run run;
};

// Returns all targets. A new target is a row here, and its seeds in seeds.mjs.
std::span<const Target> targets();

bool run_exif(Bytes);
bool run_form(Bytes);
bool run_heif(Bytes);
bool run_icc(Bytes);
bool run_inflate(Bytes);
bool run_inspect(Bytes);
bool run_json(Bytes);
bool run_lut(Bytes);
bool run_request(Bytes);
bool run_response(Bytes);
bool run_reveal(Bytes);
bool run_sniff(Bytes);
bool run_video(Bytes);
bool run_xml(Bytes);
// The following targets run prepare_image on one family of formats each.
bool run_bmp(Bytes);
bool run_jp2(Bytes);  // JP2 files and raw codestreams
bool run_jpeg(Bytes);
bool run_png(Bytes);
bool run_tiff(Bytes);
bool run_webp(Bytes);
bool run_wsq(Bytes);

// Ends the run like a crash when `kept` is false, and prints the promise that was broken.
inline void require(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

// Requires that an Error is as every layer promises it.
inline void require_typed(const Error& error, std::size_t input_bytes) {
  require(error.detail != nullptr && *error.detail != '\0', "an error says what is wrong");
  require(error.position <= input_bytes, "an error's position is in the input");
  require(error.code != ErrorCode::kInternal, "an error has a code of its own");
}

// These limits allow more than a thousand runs a second: the largest picture is 128 x 256.
inline constexpr Limits kSmallLimits{
    .max_input_bytes = 1 << 20,
    .max_dimension = 4096,
    .max_pixels = 1 << 15,
    .max_decoder_bytes = 4 << 20,
    .max_reply_bytes = 1 << 16,
    .max_reply_depth = 16,
};

// Reads numbers from the front of the input, for parameters beside the file itself; zeroes when no bytes are
// left.
class Choices {
 public:
  explicit Choices(Bytes bytes) : bytes_(bytes) {}
  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t value = bytes_[0];
    bytes_ = bytes_.subspan(1);
    return value;
  }
  std::uint32_t below(std::uint32_t count) { return (byte() * 256U + byte()) % count; }
  Bytes take(std::size_t count) {
    const Bytes taken = bytes_.first(count < bytes_.size() ? count : bytes_.size());
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }
  Bytes rest() const { return bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace netocr::fuzz
