// Base tables, quality scaling, and division by multiplication.
#include "image/quant_tables.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "image/simd.hpp"

namespace netocr {
namespace {

// N. Robidoux's table for ImageMagick, which mozjpeg uses by default (its table 3), in natural order, for
// luma and chroma alike. Against Annex K of T.81 at 200 KB on three photos of 1600 px it gave 0.3 to 1.0 dB
// more RGB PSNR and less butteraugli (3-norm 0.86 for 0.86, 0.70 for 0.72, 1.67 for 1.73); one table for both
// also saves 65 bytes.
constexpr std::uint16_t kBase[kBlockSize] = {16, 16, 16,  18,  25,  37,  56,  85,   //
                                             16, 17, 20,  27,  34,  40,  53,  75,   //
                                             16, 20, 24,  31,  43,  62,  91,  135,  //
                                             18, 27, 31,  40,  53,  74,  106, 156,  //
                                             25, 34, 43,  53,  69,  94,  131, 189,  //
                                             37, 40, 62,  74,  94,  124, 169, 238,  //
                                             56, 53, 91,  106, 131, 169, 226, 311,  //
                                             85, 75, 135, 156, 189, 238, 311, 418};

// Levels change at these fractions of a step: 0.5 would be plain rounding. A little less pays for AC
// coefficients, whose values gather at zero: at equal bytes the finer table that the saved bits buy gains
// more than is lost (0.2 to 0.4 dB of 0.5 against 0.42 on the same photos; flat between 0.38 and 0.42).
constexpr double kRoundingDc = 0.5;
constexpr double kRoundingAc = 0.4;

// Stands for 0, which has no logarithm: every step is 1 already.
constexpr double kFinestPercent = 0.05;

// Where between two whole steps a scaled step changes. IJG rounds all alike; but most low frequencies have
// the same base step, and when all of them went from 4 to 3 at once the file grew by 4 %. Spread by the
// golden ratio they change one after the other, and every byte budget can be met.
double rounding_threshold(std::uint32_t zigzag_index) {
  constexpr double kGoldenRatio = 0.6180339887498949;
  const double position = zigzag_index * kGoldenRatio;
  return 0.5 + 0.5 * (position - std::floor(position) - 0.5);
}

std::uint8_t scaled(std::uint32_t zigzag_index, double percent) {
  const double exact = kBase[kZigzag[zigzag_index]] * percent / 100;
  return static_cast<std::uint8_t>(
      std::clamp(std::floor(exact + rounding_threshold(zigzag_index)), 1.0, 255.0));
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
  if (percent < kFinestPercent * 1.01) return 100;  // the way through a logarithm may have cost a bit
  return percent > 100 ? 5000 / percent : 100 - percent / 2;
}

QuantTables make_quant_tables(double percent) {
  QuantTables tables;
  for (std::uint32_t i = 0; i < kBlockSize; ++i) {
    tables.luma[i] = scaled(i, percent);
    tables.chroma[i] = tables.luma[i];
  }
  return tables;
}

Quantiser make_quantiser(const QuantTable& table) {
  Quantiser made;
  for (std::uint32_t group = 0; group < kBlockSize / 8; ++group) {
    const std::uint8_t* const steps = table.data() + group * 8;
    const std::uint32_t smallest = static_cast<std::uint32_t>(*std::min_element(steps, steps + 8))
                                   << kCoefficientBits;
    // The most that keeps the largest multiplier, ceil(2^(16 + shift) / smallest), within 16 bits.
    const auto shift = static_cast<std::uint32_t>(std::bit_width(smallest - 1)) - 1;
    made.shift[group] = static_cast<std::uint8_t>(shift);
    for (std::uint32_t i = group * 8; i < group * 8 + 8; ++i) {
      const std::uint32_t step = static_cast<std::uint32_t>(table[i]) << kCoefficientBits;
      made.multiplier[i] = multiplier(step, shift);
      made.bias[i] = static_cast<std::uint16_t>(std::lround(step * (i == 0 ? kRoundingDc : kRoundingAc)));
    }
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
    levels[i] = static_cast<std::uint16_t>(product >> 16 >> quantiser.shift[i / 8]);
    nonzero |= static_cast<std::uint64_t>(levels[i] != 0) << i;
  }
  return nonzero;
}

}  // namespace detail

std::uint64_t quantise_block(const std::int16_t* coefficients, const Quantiser& quantiser, Levels& levels) {
#if NETOCR_SIMD
  using simd::Vec;
  const auto eight = [&](std::uint32_t i) {
    const Vec sum = simd::add16(simd::abs16(simd::load(coefficients + i)), simd::load(&quantiser.bias[i]));
    const Vec level =
        simd::shr16(simd::mulhi_u16(sum, simd::load(&quantiser.multiplier[i])), quantiser.shift[i / 8]);
    simd::store(&levels[i], level);
    return level;
  };
  std::uint64_t nonzero = 0;
  for (std::uint32_t i = 0; i < kBlockSize; i += 16) {
    const Vec low = eight(i);
    nonzero |= static_cast<std::uint64_t>(simd::nonzero_bytes(simd::narrow16_u8(low, eight(i + 8)))) << i;
  }
  return nonzero;
#else
  return detail::quantise_block_scalar(coefficients, quantiser, levels);
#endif
}

}  // namespace netocr
