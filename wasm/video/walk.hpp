// What the container parsers share: a budget of steps, the ends of open elements, exact tick conversion, one
// way to report damage. No parser recurses; each step consumes bytes, so time is linear and memory constant.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "base/bytes.hpp"

namespace netocr::detail {

inline Error corrupt_video(std::uint64_t position, const char* detail) {
  return {ErrorCode::kCorruptVideo, static_cast<std::size_t>(position), detail};
}

// More boxes, packets and sample records than any file within the default Limits has in earnest (64 MiB of
// transport stream are 357,000 packets); a file of millions of empty boxes ends here.
inline constexpr std::uint64_t kMaxSteps = 1U << 20;

// Counts what a parser looks at. take() is false once the budget is used up.
class StepBudget {
 public:
  bool take(std::uint64_t count = 1) {
    if (count > kMaxSteps - used_) return false;
    used_ += count;
    return true;
  }
  std::uint64_t used() const { return used_; }

 private:
  std::uint64_t used_ = 0;
};

// The ends of the elements that are open, innermost last; level 0 is the file.
class Nesting {
 public:
  explicit Nesting(std::uint64_t file_end) { ends_[0] = file_end; }

  std::uint64_t end() const { return ends_[depth_]; }
  std::size_t depth() const { return depth_; }
  // False when it is nested deeper than any container does it.
  bool open(std::uint64_t end) {
    if (depth_ + 1 == ends_.size()) return false;
    ends_[++depth_] = end;
    return true;
  }
  // Leaves every element that ends at or before `position`.
  void close_until(std::uint64_t position) {
    while (depth_ > 0 && ends_[depth_] <= position) --depth_;
  }

 private:
  std::array<std::uint64_t, 9> ends_{};
  std::size_t depth_ = 0;
};

// Durations are cut off here, so that a JavaScript number holds every one exactly.
inline constexpr std::uint64_t kMaxDurationMs = (1ULL << 53) - 1;

constexpr std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) { return a + b < a ? ~0ULL : a + b; }

// ticks / per_second in milliseconds, rounded to nearest, at most kMaxDurationMs. per_second is not zero.
constexpr std::uint64_t ticks_to_ms(std::uint64_t ticks, std::uint32_t per_second) {
  const std::uint64_t seconds = ticks / per_second;
  if (seconds >= kMaxDurationMs / 1000) return kMaxDurationMs;
  return seconds * 1000 + (ticks % per_second * 1000 + per_second / 2) / per_second;
}

// The same for a floating point number of milliseconds. Zero for what is no number or not above zero.
inline std::uint64_t clamp_ms(double ms) {
  if (!(ms > 0)) return 0;
  return ms >= static_cast<double>(kMaxDurationMs) ? kMaxDurationMs
                                                   : static_cast<std::uint64_t>(std::llround(ms));
}

}  // namespace netocr::detail
