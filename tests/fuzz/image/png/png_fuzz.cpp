// Fuzzes png: PNG files are prepared and rewritten.
#include <algorithm>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "fuzz/image/png/repair.hpp"
#include "fuzz/image/png/rewrite_check.hpp"
#include "fuzz/image/prepare_check.hpp"

namespace netocr::fuzz {

// Runs the file once as it is, once with repaired checksums, as otherwise no mutation passes a chunk's
// header, and once with whole rows, as only those are rewritten.
bool run_png(Bytes bytes) {
  if (!prepare_if(bytes, {ImageFormat::kPng})) return false;
  check_png_rewriting(bytes);
  const std::vector<std::uint8_t> repaired = with_good_check_sums(bytes);
  if (!std::equal(repaired.begin(), repaired.end(), bytes.begin(), bytes.end())) {
    check_preparing(repaired);
    check_png_rewriting(repaired);
  }
  const std::vector<std::uint8_t> whole = with_whole_rows(bytes);
  if (!whole.empty()) check_png_rewriting(whole);
  return true;
}

}  // namespace netocr::fuzz
