// That a file's header is read once: it is spoilt after the file was opened.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "cpp/image/decoding.hpp"

namespace netocr::testing {

// Opens a file and overwrites its bytes `first` to `last`; its rewrite and its rows must stay those of the
// file as it was. With kAfterRewriting they are overwritten after a first rewrite: for what is read when it
// is first asked for. The rows outlive the OpenImage.
enum class Spoil : std::uint8_t { kAfterOpening, kAfterRewriting };
inline void expect_header_is_read_once(const ByteVector& file, std::size_t first, std::size_t last,
                                       Spoil when = Spoil::kAfterOpening) {
  ByteVector spoilt = file;
  const auto whole = open_image(file, Limits{});
  auto opened = open_image(spoilt, Limits{});
  ASSERT_TRUE(whole.ok() && opened.ok());
  ASSERT_LT(first, last);
  ASSERT_LT(last, file.size());
  const auto spoil = [&] {
    std::fill(spoilt.begin() + static_cast<std::ptrdiff_t>(first),
              spoilt.begin() + static_cast<std::ptrdiff_t>(last), std::uint8_t{0xEE});
  };
  if (when == Spoil::kAfterOpening) spoil();

  const auto expected_rewrite = (*whole)->lossless(file.size() * 2);
  for (int round = 0; round < 2; ++round) {
    const auto rewrite = (*opened)->lossless(file.size() * 2);
    ASSERT_TRUE(expected_rewrite.ok() && rewrite.ok());
    ASSERT_EQ(rewrite->has_value(), expected_rewrite->has_value());
    if (rewrite->has_value())
      EXPECT_TRUE(std::ranges::equal((*rewrite)->bytes.span(), (*expected_rewrite)->bytes.span()));
    if (when == Spoil::kAfterOpening) break;
    spoil();
  }

  const Decoded expected = decode(file);
  auto rows = (*opened)->rows(kFullSize);
  opened->reset();
  const Decoded decoded = read_to_end(std::move(rows));
  ASSERT_TRUE(expected.ok() && decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, expected.warnings);
  EXPECT_EQ(decoded.decoded_rows, expected.decoded_rows);
  ASSERT_EQ(decoded.planes.size(), expected.planes.size());
  for (std::size_t i = 0; i < expected.planes.size(); ++i)
    EXPECT_EQ(decoded.planes[i].samples, expected.planes[i].samples);
}

// Where `text` begins in a file.
inline std::size_t text_offset(const ByteVector& file, std::string_view text) {
  return std::string_view(reinterpret_cast<const char*>(file.data()), file.size()).find(text);
}

}  // namespace netocr::testing
