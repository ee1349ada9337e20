// Common parts of the container parsers: a budget of steps, the ends of open elements, exact tick conversion,
// one way to report damage. No parser recurses; each step consumes bytes, so time is linear and memory
// constant.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "base/bytes.hpp"

namespace netocr::detail {

inline Error corrupt_video(std::uint64_t position, const char* detail) {
  return {ErrorCode::kCorruptVideo, static_cast<std::size_t>(position), detail};
}

// No real file within the default Limits has more boxes, packets and sample records (64 MiB of transport
// stream are 357,000 packets); a file of millions of empty boxes stops here.
inline constexpr std::uint64_t kMaxSteps = 1U << 20;

// Counts the steps of a parser. take() returns false once the budget is used up.
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

// The ends of the open elements, innermost last; level 0 is the file.
class Nesting {
 public:
  explicit Nesting(std::uint64_t file_end) { ends_[0] = file_end; }

  std::uint64_t end() const { return ends_[depth_]; }
  std::size_t depth() const { return depth_; }
  // Returns false when the nesting is deeper than in any container.
  bool open(std::uint64_t end) {
    if (depth_ + 1 == ends_.size()) return false;
    ends_[++depth_] = end;
    return true;
  }
  // Closes every element that ends at or before `position`.
  void close_until(std::uint64_t position) {
    while (depth_ > 0 && ends_[depth_] <= position) --depth_;
  }

 private:
  std::array<std::uint64_t, 9> ends_{};
  std::size_t depth_ = 0;
};

// Durations are clamped to this, so that a JavaScript number represents every one exactly.
inline constexpr std::uint64_t kMaxDurationMs = (1ULL << 53) - 1;

constexpr std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) { return a + b < a ? ~0ULL : a + b; }

// Returns ticks / per_second in milliseconds, rounded to nearest, at most kMaxDurationMs. per_second is not
// zero.
constexpr std::uint64_t ticks_to_ms(std::uint64_t ticks, std::uint32_t per_second) {
  const std::uint64_t seconds = ticks / per_second;
  if (seconds >= kMaxDurationMs / 1000) return kMaxDurationMs;
  return seconds * 1000 + (ticks % per_second * 1000 + per_second / 2) / per_second;
}

// Converts a floating point number of milliseconds likewise; zero for NaN and for values not above zero.
inline std::uint64_t clamp_ms(double ms) {
  if (!(ms > 0)) return 0;
  return ms >= static_cast<double>(kMaxDurationMs) ? kMaxDurationMs
                                                   : static_cast<std::uint64_t>(std::llround(ms));
}

}  // namespace netocr::detail
