// Base tables, quality scaling, and division by multiplication.
#include "image/jpeg/encode/quant_tables.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "base/math.hpp"
#include "base/simd.hpp"

namespace netocr::jpeg {
namespace {

// The steps at 100 percent in 1 / kBaseUnit, natural order, for Y, Cb and Cr. They start from N. Robidoux's
// table for ImageMagick (mozjpeg's table 3); the shape and level of each component were then fitted on photos
// to the max mean SSIMULACRA2 at a given size.
constexpr double kBaseUnit = 16;
constexpr std::uint16_t kBase[3][kBlockSize] = {
    {205, 256, 256,  283,  360,  482,  658,  898,   //
     256, 269, 309,  395,  464,  513,  626,  806,   //
     256, 309, 360,  437,  558,  733,  977,  1310,  //
     283, 395, 437,  529,  652,  837,  1094, 1459,  //
     360, 464, 558,  652,  794,  1001, 1281, 1684,  //
     482, 513, 733,  837,  1001, 1230, 1549, 1997,  //
     658, 626, 977,  1094, 1281, 1549, 1922, 2435,  //
     898, 806, 1310, 1459, 1684, 1997, 2435, 3029},
    {164,  164, 184,  231,  321,  478,  726,  1106,  //
     164,  183, 237,  347,  438,  517,  687,  975,   //
     184,  237, 303,  399,  556,  804,  1185, 1765,  //
     231,  347, 399,  517,  687,  962,  1383, 2043,  //
     321,  438, 556,  687,  896,  1225, 1712, 2480,  //
     478,  517, 804,  962,  1225, 1620, 2215, 3130,  //
     726,  687, 1185, 1383, 1712, 2215, 2970, 4101,  //
     1106, 975, 1765, 2043, 2480, 3130, 4101, 5528},
    {205,  205,  230,  288,  402,  597,  907,  1383,  //
     205,  229,  296,  434,  548,  646,  858,  1219,  //
     230,  296,  379,  499,  695,  1006, 1482, 2207,  //
     288,  434,  499,  646,  858,  1202, 1728, 2553,  //
     402,  548,  695,  858,  1120, 1531, 2141, 3100,  //
     597,  646,  1006, 1202, 1531, 2025, 2768, 3912,  //
     907,  858,  1482, 1728, 2141, 2768, 3713, 5126,  //
     1383, 1219, 2207, 2553, 3100, 3912, 5126, 6910},
};

// Above kShapedPercent low frequencies grow more slowly than the others, the DC coefficient slowest: its
// exponent is kSlowestGrowth (luma, chroma), and the exponent rises to 1 at the distance
// kFullGrowthFrequency.
constexpr double kShapedPercent = 25;
constexpr double kSlowestGrowth[2] = {0.8, 0.65};
constexpr double kFullGrowthFrequency = 4;

// What is added to an AC coefficient, in steps, before the division: 0.5 would be plain rounding. A little
// less pays, as their values gather at zero.
constexpr double kPlainRounding = 0.5;
constexpr double kRoundingLuma = 0.484;
constexpr double kRoundingChroma = 0.42;

// Where 0 ends and 1 begins, in steps: luma, chroma. Plain rounding would say kPlainRounding everywhere.
struct ZeroRule {
  double nearest;    // threshold at the lowest frequency, right after another coefficient
  double per_index;  // increase per zigzag position
  double per_zero;   // increase per preceding zero
};
constexpr ZeroRule kZeroRules[2] = {{0.6, 0, 0.016}, {0.6, 0.003125, 0}};

// Stands for 0, which has no logarithm.
constexpr double kFinestPercent = 0.05;
// From here on every step is 1.
constexpr double kAllOnesPercent = 0.28;

// Returns the fraction at which a scaled step rounds up. IJG uses one fraction for all; but most low
// frequencies have the same base step, and when all of them changed from 4 to 3 at once the file grew by 4 %.
// Fractions spread by the golden ratio let them change one after the other, so that every byte budget can be
// met.
double rounding_threshold(std::uint32_t zigzag_index) {
  constexpr double kGoldenRatio = 0.6180339887498949;
  const double position = zigzag_index * kGoldenRatio;
  return 0.5 + 0.5 * (position - std::floor(position) - 0.5);
}

// Returns the exponent with which a step grows with `percent` above kShapedPercent.
double growth(std::uint32_t component, std::uint32_t natural) {
  const std::uint32_t u = natural % 8;
  const std::uint32_t v = natural / 8;
  const double slowest = kSlowestGrowth[component == 0 ? 0 : 1];
  return slowest +
         (1 - slowest) * std::min(1.0, std::sqrt(static_cast<double>(u * u + v * v)) / kFullGrowthFrequency);
}

std::uint8_t scaled(std::uint32_t component, std::uint32_t zigzag_index, double percent) {
  const std::uint32_t natural = kZigzag[zigzag_index];
  double exact = kBase[component][natural] / kBaseUnit * std::min(percent, kShapedPercent) / 100;
  if (percent > kShapedPercent) {
    exact *= rough_exp(growth(component, natural) * rough_log(percent / kShapedPercent));
  }
  return static_cast<std::uint8_t>(
      std::clamp(std::floor(exact + rounding_threshold(zigzag_index)), 1.0, 255.0));
}

QuantTable make_table(std::uint32_t component, double percent) {
  QuantTable table;
  for (std::uint32_t i = 0; i < kBlockSize; ++i) table[i] = scaled(component, i, percent);
  return table;
}

std::uint16_t multiplier(std::uint32_t step, std::uint32_t shift) {
  const std::uint32_t numerator = 1U << (16 + shift);
  return static_cast<std::uint16_t>((numerator + step - 1) / step);
}

}  // namespace

double percent_of_quality(double quality) {
  return std::max(kFinestPercent, quality < 50 ? 5000 / quality : 200 - 2 * quality);
}

double quality_of_percent(double percent) {
  if (percent < kFinestPercent * 1.01) return 100;  // tolerates the rounding of the logarithm
  return percent > 100 ? 5000 / percent : 100 - percent / 2;
}

QuantTables make_quant_tables(double percent) {
  const double left = rough_log(std::max(percent, kFinestPercent) / kFinestPercent) /
                      rough_log(kAllOnesPercent / kFinestPercent);
  return {make_table(0, percent), make_table(1, percent), make_table(2, percent), std::min(left, 1.0)};
}

DeadZone make_dead_zone(const QuantTable& table, std::uint32_t component, double strength) {
  const ZeroRule& rule = kZeroRules[component == 0 ? 0 : 1];
  DeadZone made;
  for (std::uint32_t i = 1; i < kBlockSize; ++i) {
    const double step = static_cast<double>(table[i]) * (DeadZone::kThresholdScale << kCoefficientBits);
    const double beyond = rule.nearest - kPlainRounding + rule.per_index * i;
    made.at[i] = static_cast<std::uint32_t>(step * (kPlainRounding + strength * beyond));
    made.per_zero[i] = static_cast<std::uint32_t>(step * strength * rule.per_zero);
  }
  return made;
}

Quantiser make_rounding_quantiser(const QuantTable& table) {
  Quantiser made;
  for (std::uint32_t group = 0; group < kBlockSize / 8; ++group) {
    const std::uint8_t* const steps = table.data() + group * 8;
    const std::uint32_t smallest = static_cast<std::uint32_t>(*std::min_element(steps, steps + 8))
                                   << kCoefficientBits;
    // The largest shift that keeps the largest multiplier, ceil(2^(16 + shift) / smallest), within 16 bits.
    const auto shift = static_cast<std::uint32_t>(std::bit_width(smallest - 1)) - 1;
    made.shift[group] = static_cast<std::uint8_t>(shift);
    for (std::uint32_t i = group * 8; i < group * 8 + 8; ++i) {
      const std::uint32_t step = static_cast<std::uint32_t>(table[i]) << kCoefficientBits;
      made.multiplier[i] = multiplier(step, shift);
      made.bias[i] = static_cast<std::uint16_t>(step / 2);
    }
  }
  return made;
}

Quantiser make_quantiser(const QuantTable& table, std::uint32_t component, double strength) {
  const double full = component == 0 ? kRoundingLuma : kRoundingChroma;
  const double rounding = kPlainRounding - strength * (kPlainRounding - full);
  const DeadZone dead_zone = make_dead_zone(table, component, strength);
  Quantiser made = make_rounding_quantiser(table);
  for (std::uint32_t i = 1; i < kBlockSize; ++i) {
    made.bias[i] = static_cast<std::uint16_t>(std::lround((table[i] << kCoefficientBits) * rounding));
    made.below[i] = dead_zone.largest_dropped(i);
  }
  return made;
}

namespace detail {

std::uint64_t quantise_block_scalar(const std::int16_t* coefficients, const Quantiser& quantiser,
                                    Levels& levels) {
  std::uint64_t nonzero = 0;
  for (std::uint32_t i = 0; i < kBlockSize; ++i) {
    const auto magnitude = static_cast<std::uint32_t>(std::abs(coefficients[i]));
    const std::uint32_t product = (magnitude + quantiser.bias[i]) * quantiser.multiplier[i];
    const std::uint32_t level = product >> 16 >> quantiser.shift[i / 8];
    levels[i] = magnitude > quantiser.below[i] ? static_cast<std::uint16_t>(level) : std::uint16_t{0};
    nonzero |= static_cast<std::uint64_t>(levels[i] != 0) << i;
  }
  return nonzero;
}

}  // namespace detail

std::uint64_t quantise_block(const std::int16_t* coefficients, const Quantiser& quantiser, Levels& levels) {
  using simd::Vec;
  const auto eight = [&](std::uint32_t i) {
    const Vec magnitude = simd::abs16(simd::load(coefficients + i));
    const Vec sum = simd::add16(magnitude, simd::load(&quantiser.bias[i]));
    const Vec divided =
        simd::shr16(simd::mulhi_u16(sum, simd::load(&quantiser.multiplier[i])), quantiser.shift[i / 8]);
    const Vec level = simd::and_bits(divided, simd::greater16(magnitude, simd::load(&quantiser.below[i])));
    simd::store(&levels[i], level);
    return level;
  };
  std::uint64_t nonzero = 0;
  for (std::uint32_t i = 0; i < kBlockSize; i += 16) {
    const Vec low = eight(i);
    nonzero |= static_cast<std::uint64_t>(simd::nonzero_bytes(simd::narrow16_u8(low, eight(i + 8)))) << i;
  }
  return nonzero;
}

}  // namespace netocr::jpeg
