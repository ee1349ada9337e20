// Files that are cut off: what RowSource::decoded_rows() says of them, and what prepare() makes of that.
#pragma once

#include <algorithm>
#include <span>

#include "cpp/image/decoding.hpp"
#include "image/prepare.hpp"

namespace netocr::testing {

struct TruncationSpec {
  std::size_t header_bytes = 0;  // nothing is decoded of a file that has no more than these
  std::size_t step = 1;          // between the lengths that are tried
  double within = 0;             // levels that rows which are claimed may differ from those of the whole file
  bool bottom_up = false;        // rows are counted from the bottom
};

// Of so many lengths one is prepared: it takes longer than decoding.
inline constexpr std::size_t kPreparedStep = 9;

struct TruncationOutcome {
  std::size_t lengths = 0;
  std::size_t refused = 0;
  std::size_t partial = 0;  // some rows, but not all
};

// Of every plane the samples of those of the first `rows` rows of plane 0 that the plane has whole.
inline double worst_of_rows(const Decoded& decoded, const Decoded& whole, std::uint32_t rows,
                            bool bottom_up) {
  double worst = 0;
  for (std::size_t i = 0; i < whole.planes.size(); ++i) {
    const PlaneGeometry& plane = whole.planes[i].geometry;
    const std::uint32_t own =
        static_cast<std::uint32_t>(std::uint64_t{rows} * plane.height / whole.planes[0].geometry.height);
    const std::size_t count = std::size_t{own} * plane.width;
    const std::size_t first = bottom_up ? whole.planes[i].samples.size() - count : 0;
    for (std::size_t at = first; at < first + count; ++at) {
      worst = std::max(worst, std::abs(1.0 * decoded.planes[i].samples[at] - whole.planes[i].samples[at]));
    }
  }
  return worst;
}

// prepare() has the same number, and no picture without a row.
inline void expect_prepared_rows(Bytes file, std::uint32_t rows, std::uint32_t height, std::size_t length) {
  PrepareOptions options;
  options.allow_truncated = true;
  const auto allowed = prepare_image(file, options);
  ASSERT_EQ(allowed.ok(), rows > 0) << length;
  if (allowed.ok()) EXPECT_EQ(allowed->decoded_rows, rows) << length;
  if (!allowed.ok()) {
    EXPECT_NE(error_code_info(allowed.error().code).stage, "prepare") << length;
  }
  const auto strict = prepare_image(file, PrepareOptions{});
  EXPECT_EQ(strict.ok(), 2 * rows >= height) << length;
  if (!strict.ok() && rows > 0) EXPECT_EQ(strict.error().code, ErrorCode::kCorruptImage) << length;
}

// Cuts a file, which is whole, at many lengths: the rows that are there never become fewer as it grows, there
// are none in a header, all in the whole file, and each is that of the whole file.
inline TruncationOutcome expect_rows_grow(const ByteVector& file, const TruncationSpec& spec) {
  TruncationOutcome outcome;
  const Decoded whole = decode(file);
  EXPECT_TRUE(whole.ok()) << whole.detail;
  if (!whole.ok()) return outcome;
  const std::uint32_t height = whole.planes[0].geometry.height;
  EXPECT_EQ(whole.decoded_rows, height);
  EXPECT_EQ(whole.warnings & kWarnTruncated, 0U);
  std::uint32_t last = 0;
  for (std::size_t length = 1; length <= file.size(); length += spec.step) {
    // An own allocation of just this size, so that a read past the end is seen.
    const ByteVector prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    const Decoded decoded = decode(prefix);
    const std::uint32_t rows = decoded.ok() ? decoded.decoded_rows : 0;
    EXPECT_GE(rows, last) << length;
    EXPECT_LE(rows, height) << length;
    if (length <= spec.header_bytes) EXPECT_EQ(rows, 0U) << length;
    if (rows < height && decoded.ok()) EXPECT_NE(decoded.warnings & kWarnTruncated, 0U) << length;
    if (rows > 0) EXPECT_LE(worst_of_rows(decoded, whole, rows, spec.bottom_up), spec.within) << length;
    if (outcome.lengths++ % kPreparedStep == 0) expect_prepared_rows(prefix, rows, height, length);
    if (!decoded.ok()) ++outcome.refused;
    if (rows > 0 && rows < height) ++outcome.partial;
    last = rows;
  }
  return outcome;
}

}  // namespace netocr::testing
