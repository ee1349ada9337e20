// Photos of many sizes encoded into many budgets.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "cpp/image/pictures.hpp"

namespace netocr::testing {

struct BudgetCases {
  std::uint32_t rounds = 0;
  std::uint32_t width = 0, height = 0;  // above 60, at the most
  std::size_t budget = 0;               // above 2,000 bytes, at the most
  int min_quality = 0;                  // of the encoder
};

// No budget may be exceeded, and one that limits the quality or the size must be used to 97 %. Returns how
// many did. `encode` takes a picture and a budget, and returns a jpeg::Encoded.
template <typename Encode>
std::size_t expect_budgets_met(const BudgetCases& cases, Encode encode) {
  std::size_t limited = 0;
  for (std::uint32_t seed = 0; seed < cases.rounds; ++seed) {
    std::mt19937 random(seed);
    const std::uint32_t width = 60 + random() % cases.width;
    const std::uint32_t height = 60 + random() % cases.height;
    const PlanarImage image = photo(width, height, seed % 4 == 0 ? 1 : 3, seed, 0.5 + random() % 40 / 10.0);
    const std::size_t budget = 2000 + random() % cases.budget;
    const auto encoded = encode(image, budget);
    EXPECT_LE(encoded.bytes.size(), budget);
    const bool is_reduced = encoded.width < width || encoded.height < height;
    if (encoded.quality >= 95 && !is_reduced) continue;
    EXPECT_GE(static_cast<double>(encoded.bytes.size()), 0.97 * static_cast<double>(budget))
        << width << "x" << height << " into " << budget << " at " << int{encoded.quality};
    EXPECT_GE(encoded.quality, cases.min_quality);
    ++limited;
  }
  return limited;
}

}  // namespace netocr::testing
