// Rate control: the finest quantisation whose file fits a number of bytes, found from symbol counts, without
// coding.
#pragma once

#include <cstdint>

#include "image/jpeg/encode/scan.hpp"

namespace netocr::jpeg {

struct RateLimits {
  std::size_t max_bytes = 0;  // of the whole file
  double min_quality = 1;     // IJG scale, 1..100
  double max_quality = 100;
};

// One quantisation with its optimal Huffman tables.
struct Candidate {
  double percent = 0;  // of the base tables' steps
  QuantTables quant{};
  ScanTables tables{};
  std::size_t header_bytes = 0;
  std::uint64_t scan_bits = 0;  // exact, without byte stuffing
  ScanTables trellis_tables{};  // what trellis_frame() was given, if it was used

  // The file's exact size but for stuffing, which only coding tells.
  std::size_t bytes_unstuffed() const;
  // With the stuffing to be expected.
  std::size_t bytes_expected() const;
};

// Records the scan in `tokens` as far as there is room.
Candidate measure_candidate(const Frame& frame, double percent, ScanTokens& tokens);

// The same after trellis_frame() into `scratch`, which has the frame's shape. `near` gives the codes'
// lengths: a candidate of nearly the same percent.
Candidate measure_best_candidate(const Frame& frame, double percent, const ScanTables& near, Frame& scratch,
                                 ScanTokens& tokens);

struct RateChoice {
  Candidate candidate;  // the best that was found, or the one at min_quality when none fits
  bool fits = false;
  bool is_recorded = false;  // its scan is in the tokens, whole
};

// With `scratch`, of the frame's shape, candidates are measure_best_candidate()s; what is to be coded is then
// what trellis_frame() gives for the chosen one's tables.
//
// Aims at just under max_bytes by bytes_expected(): at 99.2 % of it or more, 97.5 % when a step of the tables
// is in the way, unless max_quality is reached or the picture so small that single coefficients count. Counts
// a twelfth of the picture about five times and mostly the whole of it once.
RateChoice choose_rate(const Frame& frame, const RateLimits& limits, ScanTokens& tokens,
                       Frame* scratch = nullptr);

}  // namespace netocr::jpeg
