// What every fuzz target is: a function over bytes that checks more than that nothing crashes. Run by
// libFuzzer (fuzz_main.cpp) and, over the inputs that were once found, by the native suite
// (regressions_test.cpp).
#pragma once

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "base/limits.hpp"

namespace netocr::fuzz {

// Whether the input is worth keeping: false when the target's parser never saw it (another format).
using Run = bool (*)(Bytes);

struct Target {
  std::string_view name;  // also of its folders of seeds and regressions
  Run run;
};

// All targets. One more is one more row, and its seeds in seeds.mjs.
std::span<const Target> targets();

bool run_exif(Bytes);
bool run_form(Bytes);
bool run_icc(Bytes);
bool run_inflate(Bytes);
bool run_inspect(Bytes);
bool run_json(Bytes);
bool run_request(Bytes);
bool run_response(Bytes);
bool run_reveal(Bytes);
bool run_sniff(Bytes);
bool run_video(Bytes);
bool run_xml(Bytes);
// prepare_image on one family of formats each.
bool run_bmp(Bytes);
bool run_jp2(Bytes);  // and raw codestreams
bool run_jpeg(Bytes);
bool run_png(Bytes);
bool run_tiff(Bytes);
bool run_webp(Bytes);
bool run_wsq(Bytes);

// A broken promise ends the run as a crash does, and says which one.
inline void require(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

// An Error as every layer promises it.
inline void require_typed(const Error& error, std::size_t input_bytes) {
  require(error.detail != nullptr && *error.detail != '\0', "an error says what is wrong");
  require(error.position <= input_bytes, "an error's position is in the input");
  require(error.code != ErrorCode::kInternal, "an error has a code of its own");
}

// Small enough for a thousand runs a second and more: a picture of 128 x 256 at most.
inline constexpr Limits kSmallLimits{
    .max_input_bytes = 1 << 20,
    .max_dimension = 4096,
    .max_pixels = 1 << 15,
    .max_decoder_bytes = 4 << 20,
    .max_reply_bytes = 1 << 16,
    .max_reply_depth = 16,
};

// Takes numbers from the front of the input, for what is not the file itself; zeroes when there are none
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
