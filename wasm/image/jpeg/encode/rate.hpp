// Rate control: finds the finest quantisation whose file fits a number of bytes, from symbol counts, without
// coding.
#pragma once

#include <cstdint>

#include "image/jpeg/encode/scan.hpp"

namespace netocr::jpeg {

struct RateLimits {
  std::size_t max_bytes = 0;  // max size of the whole file
  double min_quality = 1;     // IJG scale, 1..100
  double max_quality = 100;
};

// One quantisation with its optimal Huffman tables.
struct Candidate {
  double percent = 0;  // percentage of the base tables' steps
  QuantTables quant{};
  ScanTables tables{};
  std::size_t header_bytes = 0;
  std::uint64_t scan_bits = 0;  // exact, without byte stuffing
  ScanTables trellis_tables{};  // tables that trellis_frame() used, if it ran

  // Returns the file's exact size without stuffing, which is known only after coding.
  std::size_t bytes_unstuffed() const;
  // Returns the size with the expected stuffing.
  std::size_t bytes_expected() const;
};

// Counts a candidate and records the scan in `tokens` as far as there is room.
Candidate measure_candidate(const Frame& frame, double percent, ScanTokens& tokens);

// Does the same after trellis_frame() into `scratch`, which has the frame's shape. The code lengths come from
// `near`, a candidate of nearly the same percent.
Candidate measure_best_candidate(const Frame& frame, double percent, const ScanTables& near, Frame& scratch,
                                 ScanTokens& tokens);

struct RateChoice {
  Candidate candidate;  // the best fitting one, or the one at min_quality when none fits
  bool fits = false;
  bool is_recorded = false;  // its scan is completely in the tokens
};

// With `scratch`, of the frame's shape, candidates are measured by measure_best_candidate(); the caller then
// codes the result of trellis_frame() with the chosen candidate's tables.
//
// The target for bytes_expected() is just under max_bytes: at least 99.2 % of it, or 97.5 % when steps of the
// tables prevent more, unless max_quality is reached or the picture is so small that single coefficients
// matter. It counts a twelfth of the picture about five times and usually the whole picture once.
RateChoice choose_rate(const Frame& frame, const RateLimits& limits, ScanTokens& tokens,
                       Frame* scratch = nullptr);

// Roughly the percentage that choose_rate() would find without a scratch, from a twelfth of the picture.
double estimate_percent(const Frame& frame, const RateLimits& limits);

}  // namespace netocr::jpeg
