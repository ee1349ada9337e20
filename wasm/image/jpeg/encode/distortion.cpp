// Errors are summed up over coefficients: the transform is orthonormal, so they are those of the samples.
#include "image/jpeg/encode/distortion.hpp"

#include <array>
#include <cmath>
#include <cstdlib>

namespace netocr::jpeg {
namespace {

constexpr std::uint32_t kSide = 8;
using Weights = std::array<float, kBlockSize>;  // of squared coefficients, zigzag order

// What halving an axis and a decoder's interpolation by 3/4 and 1/4 do to a frequency of the full plane,
// 0..7: `kept` of its amplitude is left, `mirrored` appears at another one.
struct Response {
  double kept;
  double mirrored;
  double energy() const { return kept * kept + mirrored * mirrored; }
};
constexpr std::array<Response, kSide> kHalved = {
    {{1, 0}, {0.943, 0.007}, {0.789, 0.056}, {0.575, 0.171}, {0.177, 0.177}, {0, 0}, {0, 0}, {0, 0}}};
constexpr Response kWhole{1, 0};
// Of the noise of a halved axis' coefficients, so much is left after the interpolation.
constexpr std::array<double, kSide> kNoiseLeft = {1, 0.97, 0.89, 0.77, 0.66, 0.54, 0.43, 0.34};

Response response(std::uint32_t frequency, bool is_halved) { return is_halved ? kHalved[frequency] : kWhole; }

template <typename Weight>
Weights make_weights(Weight weight) {
  Weights made;
  for (std::uint32_t i = 0; i < kBlockSize; ++i) {
    made[i] = static_cast<float>(weight(kZigzag[i] % kSide, kZigzag[i] / kSide));
  }
  return made;
}

// The part of a full plane's energy that is lost.
Weights lost_by(Sampling halved) {
  return make_weights([&](std::uint32_t u, std::uint32_t v) {
    const Response x = response(u, halved.h == 2);
    const Response y = response(v, halved.v == 2);
    return 1 - 2 * x.kept * y.kept + x.energy() * y.energy();
  });
}

Weights noise_left_by(Sampling halved) {
  return make_weights([&](std::uint32_t u, std::uint32_t v) {
    return (halved.h == 2 ? kNoiseLeft[u] : 1) * (halved.v == 2 ? kNoiseLeft[v] : 1);
  });
}

// Of a luma sample, and again of red, green and blue.
constexpr double kDecoderRounding = 0.12;

constexpr double kBlue = 0.2;
constexpr double kRed = 1.3;

constexpr double kPerSample = 1.0 / (kBlockSize << (2 * kCoefficientBits));

// Partial sums, so that the compiler may add them side by side.
constexpr std::uint32_t kSums = 8;

// Calls visit(squared error of a sample, mean over a block).
template <typename Error, typename Visit>
void for_each_error(const CoefficientPlane& plane, const Weights& weights, Error error, Visit visit) {
  for (std::size_t at = 0; at < plane.values.size(); at += kBlockSize) {
    std::array<float, kSums> sums{};
    error(plane.values.data() + at);
    for (std::uint32_t i = 0; i < kBlockSize; i += kSums) {
      for (std::uint32_t k = 0; k < kSums; ++k) {
        const float value = error.of(i + k);
        sums[k] += weights[i + k] * value * value;
      }
    }
    float sum = 0;
    for (const float part : sums) sum += part;
    visit(static_cast<double>(sum) * kPerSample);
  }
}

class QuantisationError {
 public:
  QuantisationError(const QuantTable& table, std::uint32_t component, double dead_zone)
      : table_(table), quantiser_(make_quantiser(table, component, dead_zone)) {}

  void operator()(const std::int16_t* block) {
    block_ = block;
    quantise_block(block, quantiser_, levels_);
  }
  float of(std::uint32_t i) const {
    return static_cast<float>(std::abs(block_[i]) - ((levels_[i] * table_[i]) << kCoefficientBits));
  }

 private:
  const QuantTable& table_;
  Quantiser quantiser_;
  alignas(16) Levels levels_{};
  const std::int16_t* block_ = nullptr;
};

struct WholeCoefficient {
  const std::int16_t* block = nullptr;
  void operator()(const std::int16_t* at) { block = at; }
  float of(std::uint32_t i) const { return block[i]; }
};

template <typename Error>
double mean_square(const CoefficientPlane& plane, const Weights& weights, Error error) {
  double sum = 0;
  for_each_error(plane, weights, error, [&](double square) { sum += square; });
  return sum * kBlockSize / static_cast<double>(plane.values.size());
}

}  // namespace

double distortion(const Frame& frame, const QuantTables& tables, const Frame& full) {
  const Sampling halved = frame.sampling[0];
  double luma = 0;
  for_each_error(frame.components[0], noise_left_by({1, 1}),
                 QuantisationError(tables.luma, 0, tables.dead_zone),
                 [&](double square) { luma += (square + kDecoderRounding) * (square + kDecoderRounding); });
  const double blocks = static_cast<double>(frame.components[0].values.size()) / kBlockSize;
  double chroma[2];
  for (std::uint32_t c = 1; c < 3; ++c) {
    const bool is_full = halved.h == 1 && halved.v == 1;
    const double lost = is_full ? 0 : mean_square(full.components[c], lost_by(halved), WholeCoefficient{});
    const double noise = mean_square(frame.components[c], noise_left_by(halved),
                                     QuantisationError(tables.of(c), c, tables.dead_zone));
    chroma[c - 1] = std::sqrt(lost + noise);
  }
  return std::sqrt(std::sqrt(3 * luma / blocks)) + kBlue * chroma[0] + kRed * chroma[1];
}

}  // namespace netocr::jpeg
