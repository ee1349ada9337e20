// Resampling against a double-precision reference, its invariants, and its SIMD against its scalar form.
#include "image/scale/resample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "cpp/image/pictures.hpp"
#include "image/scale/resample_kernels.hpp"

namespace netocr {
namespace {

using testing::fill;
using testing::fill_noise;
using testing::fill_photo;
using testing::must_make_plane;
using testing::same_samples;

AxisGeometry axis(std::uint32_t source, std::uint32_t count) {
  return {source, static_cast<double>(source), count, static_cast<double>(count), 0};
}

// Rows of `plane` in batches of `batch`.
Plane resample(const Plane& plane, const AxisGeometry& x, const AxisGeometry& y, std::uint32_t batch) {
  auto resampler = PlaneResampler::create(x, y);
  EXPECT_TRUE(resampler.ok());
  Plane out = must_make_plane(x.count, y.count);
  for (std::uint32_t row = 0; row < plane.height; row += batch) {
    resampler->push({plane.row(row), plane.stride, std::min(batch, plane.height - row)}, out);
  }
  EXPECT_TRUE(resampler->is_complete());
  return out;
}

double lanczos3(double x) {
  if (x == 0) return 1;
  if (std::abs(x) >= 3) return 0;
  const double a = std::numbers::pi * x;
  return 3 * std::sin(a) * std::sin(a / 3) / (a * a);
}

// Dense weights of one axis, [destination][source], in doubles: a second opinion on FilterTable too.
std::vector<std::vector<double>> dense_weights(const AxisGeometry& g) {
  std::vector<std::vector<double>> weights(g.count, std::vector<double>(g.source_count));
  const double step = g.source_extent / g.extent;
  for (std::uint32_t i = 0; i < g.count; ++i) {
    double sum = 0;
    for (std::uint32_t s = 0; s < g.source_count; ++s) {
      weights[i][s] = lanczos3((s + 0.5 - (i + g.offset + 0.5) * step) / std::max(1.0, step));
      sum += weights[i][s];
    }
    for (double& weight : weights[i]) weight /= sum;
  }
  return weights;
}

std::vector<double> reference(const Plane& plane, const AxisGeometry& x, const AxisGeometry& y) {
  const auto across = dense_weights(x);
  const auto down = dense_weights(y);
  std::vector<double> wide(static_cast<std::size_t>(x.count) * plane.height);
  for (std::uint32_t row = 0; row < plane.height; ++row) {
    for (std::uint32_t i = 0; i < x.count; ++i) {
      for (std::uint32_t s = 0; s < plane.width; ++s)
        wide[row * x.count + i] += across[i][s] * plane.row(row)[s];
    }
  }
  std::vector<double> out(static_cast<std::size_t>(x.count) * y.count);
  for (std::uint32_t j = 0; j < y.count; ++j) {
    for (std::uint32_t row = 0; row < plane.height; ++row) {
      for (std::uint32_t i = 0; i < x.count; ++i)
        out[j * x.count + i] += down[j][row] * wide[row * x.count + i];
    }
  }
  return out;
}

struct Case {
  AxisGeometry x;
  AxisGeometry y;
};

const Case kCases[] = {
    {axis(64, 32), axis(48, 24)},
    {axis(101, 80), axis(77, 61)},
    {axis(100, 37), axis(90, 11)},
    {axis(33, 50), axis(21, 40)},  // chroma of a 4:1:1 source is enlarged
    {axis(40, 40), axis(64, 20)},
    {axis(1, 1), axis(90, 7)},
    {axis(90, 7), axis(1, 1)},
    {axis(5, 17), axis(3, 3)},
    {{51, 50.5, 40, 40, 0}, {38, 37.25, 30, 30, 0}},
    {{51, 50.5, 21, 20.5, -0.5}, {39, 38.5, 16, 15.5, 0}},
};

TEST(Resample, IsWithinOneOfTheDoublePrecisionReference) {
  double largest = 0;
  for (const Case& c : kCases) {
    for (const bool noise : {true, false}) {
      Plane plane = must_make_plane(c.x.source_count, c.y.source_count);
      if (noise) fill_noise(plane, 7);
      if (!noise) fill_photo(plane, 7, 1);
      const Plane out = resample(plane, c.x, c.y, 5);
      const std::vector<double> exact = reference(plane, c.x, c.y);
      for (std::uint32_t y = 0; y < c.y.count; ++y) {
        for (std::uint32_t x = 0; x < c.x.count; ++x) {
          const double value = std::clamp(exact[y * c.x.count + x], 0.0, 255.0);
          largest = std::max(largest, std::abs(out.row(y)[x] - value));
        }
      }
    }
  }
  EXPECT_LE(largest, 0.65);  // half a unit of rounding and the weights' own
}

TEST(Resample, FlatStaysFlat) {
  for (const Case& c : kCases) {
    for (const int value : {0, 1, 127, 128, 254, 255}) {
      Plane plane = must_make_plane(c.x.source_count, c.y.source_count);
      fill(plane, [&](auto, auto) { return value; });
      const Plane out = resample(plane, c.x, c.y, 16);
      for (std::uint32_t y = 0; y < out.height; ++y) {
        for (std::uint32_t x = 0; x < out.width; ++x) ASSERT_EQ(out.row(y)[x], value);
      }
    }
  }
}

TEST(Resample, ScaleOneCopies) {
  Plane plane = must_make_plane(61, 43);
  fill_noise(plane, 3);
  EXPECT_TRUE(same_samples(resample(plane, axis(61, 61), axis(43, 43), 8), plane));
  // One identical axis goes through the kernels and is exact too.
  const Plane narrow = resample(plane, axis(61, 30), axis(43, 43), 8);
  const Plane low = resample(narrow, axis(30, 30), axis(43, 43), 8);
  EXPECT_TRUE(same_samples(narrow, low));
}

TEST(Resample, MirroredInputGivesMirroredOutput) {
  for (const auto& [width, count] : {std::pair{64U, 32U}, {101U, 80U}, {63U, 21U}, {90U, 41U}, {40U, 60U}}) {
    Plane plane = must_make_plane(width, 30);
    fill_noise(plane, width);
    const Plane out = resample(plane, axis(width, count), axis(30, 20), 4);
    const Plane twin = resample(testing::mirrored(plane), axis(width, count), axis(30, 20), 4);
    EXPECT_TRUE(same_samples(testing::mirrored(twin), out)) << width << "->" << count;
  }
}

TEST(Resample, BatchesDoNotChangeTheResult) {
  for (const Case& c : kCases) {
    Plane plane = must_make_plane(c.x.source_count, c.y.source_count);
    fill_noise(plane, 11);
    const Plane whole = resample(plane, c.x, c.y, plane.height);
    for (const std::uint32_t batch : {1U, 2U, 7U, 16U})
      EXPECT_TRUE(same_samples(resample(plane, c.x, c.y, batch), whole));
  }
}

// Means of 2 x 2 first, then the reference on what is left.
TEST(Resample, ChromaMayBeHalvedFirst) {
  Plane plane = must_make_plane(410, 262);
  fill_photo(plane, 7, 1);
  Plane half = must_make_plane(205, 131);
  fill(half, [&](std::uint32_t x, std::uint32_t y) {
    const std::uint8_t* const upper = plane.row(2 * y) + 2 * x;
    const std::uint8_t* const lower = plane.row(2 * y + 1) + 2 * x;
    return static_cast<std::uint8_t>((upper[0] + upper[1] + lower[0] + lower[1] + 2) / 4);
  });
  const Plane expected = resample(half, axis(205, 80), axis(131, 60), 131);
  for (const std::uint32_t batch : {1U, 2U, 3U, 16U, 262U}) {
    auto resampler = PlaneResampler::create(axis(410, 80), axis(262, 60), true);
    ASSERT_TRUE(resampler.ok());
    Plane out = must_make_plane(80, 60);
    for (std::uint32_t row = 0; row < plane.height; row += batch) {
      resampler->push({plane.row(row), plane.stride, std::min(batch, plane.height - row)}, out);
    }
    ASSERT_TRUE(resampler->is_complete());
    EXPECT_TRUE(same_samples(out, expected)) << batch;
  }
}

// Odd sizes, planes that are not all picture, and those that become less than four times smaller.
TEST(Resample, OthersAreNotHalved) {
  Plane plane = must_make_plane(410, 262);
  fill_photo(plane, 7, 1);
  const AxisGeometry whole = axis(262, 60);
  const AxisGeometry cut{410, 409.5, 80, 80, 0};
  for (const auto& [x, y] : {std::pair{axis(409, 80), whole}, {cut, whole}, {axis(410, 80), axis(262, 66)}}) {
    auto resampler = PlaneResampler::create(x, y, true);
    ASSERT_TRUE(resampler.ok());
    Plane out = must_make_plane(x.count, y.count);
    resampler->push({plane.row(0), plane.stride, plane.height}, out);
    EXPECT_TRUE(same_samples(out, resample(plane, x, y, 16)));
  }
}

TEST(ResampleKernels, HalvingEqualsItsScalarTwin) {
  Plane plane = must_make_plane(200, 2);
  fill_noise(plane, 3);
  for (std::uint32_t count = 1; count <= 100; ++count) {
    std::vector<std::uint8_t> out(count);
    std::vector<std::uint8_t> expected(count);
    halve_rows(plane.row(0), plane.row(1), count, out.data());
    detail::halve_rows_scalar(plane.row(0), plane.row(1), 0, count, expected.data());
    ASSERT_EQ(out, expected) << count;
  }
}

TEST(ResampleKernels, VerticalEqualsItsScalarTwin) {
  std::mt19937 random(5);
  for (std::uint32_t taps = 1; taps <= 33; taps += taps < 9 ? 1 : 8) {
    const FilterTable table = [&] {  // real weights of about that many taps, and worst-case ones below
      auto made = FilterTable::create(axis(400, std::max(1U, 2400 / taps / 6)));
      return std::move(*made);
    }();
    for (const std::uint32_t width : {1U, 15U, 16U, 17U, 100U}) {
      std::vector<std::vector<std::uint8_t>> rows(table.max_taps(), std::vector<std::uint8_t>(128));
      std::vector<const std::uint8_t*> pointers;
      for (auto& row : rows) {
        for (auto& sample : row) sample = static_cast<std::uint8_t>(random() % 3 == 0 ? 255 : random());
        pointers.push_back(row.data());
      }
      const std::uint32_t i = table.count() / 2;
      std::vector<std::int16_t> simd(128);
      std::vector<std::int16_t> scalar(128);
      filter_vertical(pointers.data(), table.weights(i), table.taps(i), width, simd.data());
      detail::filter_vertical_scalar(pointers.data(), table.weights(i), table.taps(i), width, scalar.data());
      EXPECT_TRUE(std::equal(scalar.begin(), scalar.begin() + width, simd.begin())) << taps << " taps";
    }
  }
}

TEST(ResampleKernels, HorizontalEqualsItsScalarTwin) {
  std::mt19937 random(6);
  for (const auto& [source, count] :
       {std::pair{64U, 64U}, {64U, 50U}, {100U, 45U}, {120U, 33U}, {300U, 9U}, {9U, 8U}}) {
    auto table = FilterTable::create(axis(source, count));
    ASSERT_TRUE(table.ok());
    std::vector<std::int16_t> in(source + table->stride());
    for (std::uint32_t x = 0; x < source; ++x) in[x] = static_cast<std::int16_t>(random() % 26'000 - 5'000);
    std::vector<std::uint8_t> simd(count);
    std::vector<std::uint8_t> scalar(count);
    filter_horizontal(in.data(), *table, simd.data());
    detail::filter_horizontal_scalar(in.data(), *table, 0, scalar.data());
    EXPECT_EQ(simd, scalar) << source << "->" << count;
  }
}

// A full-resolution source of three planes, its rows in one batch.
SourceGeometry full_geometry(std::uint32_t width, std::uint32_t height) {
  SourceGeometry geometry;
  geometry.plane_count = 3;
  for (PlaneGeometry& plane : geometry.planes) {
    plane = {width, height, static_cast<double>(width), static_cast<double>(height)};
  }
  return geometry;
}

PlanarImage resample_planes(const std::array<Plane, 3>& planes, std::uint32_t width, std::uint32_t height,
                            Orientation orientation, ChromaSubsampling chroma = k420) {
  auto resampler = ImageResampler::create(full_geometry(planes[0].width, planes[0].height), width, height,
                                          orientation, chroma);
  EXPECT_TRUE(resampler.ok());
  RowBatch batch;
  for (std::size_t i = 0; i < 3; ++i) batch[i] = {planes[i].row(0), planes[i].stride, planes[i].height};
  resampler->push(batch);
  auto image = resampler->finish();
  EXPECT_TRUE(image.ok());
  return std::move(*image);
}

// The upright source, by the definition of the EXIF orientations, sample by sample.
Plane upright(const Plane& stored, std::uint8_t exif) {
  const bool swap = exif >= 5;
  Plane made = must_make_plane(swap ? stored.height : stored.width, swap ? stored.width : stored.height);
  const std::uint32_t right = stored.width - 1;
  const std::uint32_t bottom = stored.height - 1;
  fill(made, [&](std::uint32_t x, std::uint32_t y) {
    switch (exif) {
      case 2:
        return stored.row(y)[right - x];
      case 3:
        return stored.row(bottom - y)[right - x];
      case 4:
        return stored.row(bottom - y)[x];
      case 5:
        return stored.row(x)[y];
      case 6:
        return stored.row(bottom - x)[y];
      case 7:
        return stored.row(bottom - x)[right - y];
      case 8:
        return stored.row(x)[right - y];
      default:
        return stored.row(y)[x];
    }
  });
  return made;
}

TEST(ImageResampler, TurningAfterResamplingEqualsResamplingTheTurnedPicture) {
  for (const auto& [width, height] : {std::pair{45U, 31U}, {44U, 30U}, {45U, 30U}, {44U, 31U}}) {
    std::array<Plane, 3> stored;
    for (std::size_t i = 0; i < 3; ++i) {
      stored[i] = must_make_plane(97, 66);
      fill_noise(stored[i], static_cast<std::uint32_t>(i) + 20);
    }
    for (std::uint8_t exif = 1; exif <= 8; ++exif) {
      const Orientation orientation = orientation_from_exif(exif);
      auto turned = orient(resample_planes(stored, width, height, orientation), orientation);
      ASSERT_TRUE(turned.ok());
      std::array<Plane, 3> upright_source;
      for (std::size_t i = 0; i < 3; ++i) upright_source[i] = upright(stored[i], exif);
      const bool swap = orientation.swap_axes;
      const PlanarImage expected =
          resample_planes(upright_source, swap ? height : width, swap ? width : height, Orientation{});
      // Luma within 1: the order of the two passes' roundings changes when the axes swap.
      for (std::size_t i = 0; i < 3; ++i) {
        const Plane& a = turned->planes[i];
        const Plane& b = expected.planes[i];
        ASSERT_EQ(a.width, b.width);
        ASSERT_EQ(a.height, b.height);
        for (std::uint32_t y = 0; y < a.height; ++y) {
          for (std::uint32_t x = 0; x < a.width; ++x) {
            ASSERT_NEAR(a.row(y)[x], b.row(y)[x], swap ? 1 : 0) << "EXIF " << int{exif} << " plane " << i;
          }
        }
      }
    }
  }
}

TEST(ImageResampler, FullChromaIsResampledAsLuma) {
  std::array<Plane, 3> planes;
  for (Plane& plane : planes) {
    plane = must_make_plane(97, 66);
    fill_noise(plane, 7);
  }
  const PlanarImage image = resample_planes(planes, 45, 31, Orientation{}, k444);
  EXPECT_EQ(image.chroma, k444);
  EXPECT_TRUE(testing::same_samples(image.planes[1], image.planes[0]));
  auto smaller = shrink(image, 20, 14);
  ASSERT_TRUE(smaller.ok());
  EXPECT_EQ(smaller->chroma, k444);
  EXPECT_TRUE(testing::same_samples(smaller->planes[2], smaller->planes[0]));
}

TEST(Subsample, IsWhatResamplingToThatSubsamplingGives) {
  for (const auto& [width, height] : {std::pair{64U, 48U}, {61U, 47U}, {1U, 1U}, {2U, 33U}}) {
    std::array<Plane, 3> planes;
    for (std::size_t i = 0; i < 3; ++i) {
      planes[i] = must_make_plane(width, height);
      fill_noise(planes[i], static_cast<std::uint32_t>(i) + 1);
    }
    for (const ChromaSubsampling chroma : {k444, k422, k420}) {
      const PlanarImage expected = resample_planes(planes, width, height, Orientation{}, chroma);
      for (std::size_t i = 1; i < 3; ++i) {
        const auto made = subsample(planes[i], chroma);
        ASSERT_TRUE(made.ok());
        EXPECT_TRUE(testing::same_samples(*made, expected.planes[i])) << width << "x" << height;
      }
    }
  }
}

TEST(ImageResampler, ChromaOfASubsampledSourceLiesOverItsLuma) {
  // A horizontal ramp: chroma sample k must carry the luma ramp's value at 2k + 1, whatever the odd sizes.
  constexpr std::uint32_t kWidth = 401;
  constexpr std::uint32_t kHeight = 31;
  SourceGeometry geometry;
  geometry.plane_count = 3;
  geometry.planes[0] = {kWidth, kHeight, kWidth, kHeight};
  geometry.planes[1] =
      geometry.planes[2] = {(kWidth + 1) / 2, (kHeight + 1) / 2, kWidth / 2.0, kHeight / 2.0};
  std::array<Plane, 3> planes;
  for (std::size_t i = 0; i < 3; ++i) {
    planes[i] = must_make_plane(geometry.planes[i].width, geometry.planes[i].height);
    fill(planes[i], [&](std::uint32_t x, std::uint32_t) {
      return testing::to_byte(20 + 0.5 * (i == 0 ? x + 0.5 : 2 * x + 1.0));
    });
  }
  for (const bool mirror : {false, true}) {
    const Orientation orientation{false, mirror, false};
    auto resampler = ImageResampler::create(geometry, 151, 12, orientation);
    ASSERT_TRUE(resampler.ok());
    RowBatch batch;
    for (std::size_t i = 0; i < 3; ++i) batch[i] = {planes[i].row(0), planes[i].stride, planes[i].height};
    resampler->push(batch);
    auto stored = resampler->finish();
    ASSERT_TRUE(stored.ok());
    auto image = orient(std::move(*stored), orientation);
    ASSERT_TRUE(image.ok());
    for (std::uint32_t k = 3; k + 4 < image->planes[1].width; ++k) {
      const double luma = (image->planes[0].row(5)[2 * k] + image->planes[0].row(5)[2 * k + 1]) / 2.0;
      EXPECT_NEAR(image->planes[1].row(3)[k], luma, 1.01) << k;
    }
  }
}

// 98,305 rows of 2^20 under the vertical kernel, and a small picture of 2^32 samples.
TEST(ImageResampler, MoreThanMemoryIsRefused) {
  SourceGeometry geometry;
  geometry.plane_count = 1;
  geometry.planes[0] = {1U << 20, 1U << 18, 1U << 20, 1U << 18};
  auto resampler = ImageResampler::create(geometry, 16, 16, Orientation{});
  ASSERT_FALSE(resampler.ok());
  EXPECT_EQ(resampler.error().code, ErrorCode::kImageTooLarge);
  const auto image = make_planar_image(65'536, 65'536, 1);
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, ErrorCode::kImageTooLarge);
}

TEST(ImageResampler, MissingRowsAreCorruptImage) {
  Plane plane = must_make_plane(20, 19);
  fill_noise(plane, 1);
  SourceGeometry geometry;
  geometry.plane_count = 1;
  geometry.planes[0] = {20, 20, 20, 20};
  auto resampler = ImageResampler::create(geometry, 10, 10, Orientation{});
  ASSERT_TRUE(resampler.ok());
  resampler->push({PlaneRows{plane.row(0), plane.stride, 19}, {}, {}});
  const auto image = resampler->finish();
  ASSERT_FALSE(image.ok());
  EXPECT_EQ(image.error().code, ErrorCode::kCorruptImage);
}

TEST(Shrink, KeepsFlatPlanesAndHalvesChroma) {
  PlanarImage image = testing::must_make_image(33, 21, 3);
  for (std::size_t i = 0; i < 3; ++i) fill(image.planes[i], [&](auto, auto) { return 50 + 60 * i; });
  const auto small = shrink(image, 15, 9);
  ASSERT_TRUE(small.ok());
  EXPECT_EQ(small->width(), 15U);
  EXPECT_EQ(small->planes[2].width, 8U);
  EXPECT_EQ(small->planes[2].height, 5U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(small->planes[i].row(4)[7], 50 + 60 * i);
}

// Chroma that rises by 2 with each luma sample to the right and with each one down, sampled at `x` and
// `y` of a pair of luma samples, where 0.5 is the middle.
Plane ramp(std::uint32_t width, std::uint32_t height, double x, double y) {
  Plane plane = must_make_plane(width / 2, height / 2);
  fill(plane,
       [&](std::uint32_t i, std::uint32_t k) { return testing::to_byte(2 * (2 * i + x) + 2 * (2 * k + y)); });
  return plane;
}

TEST(ImageResampler, ChromaIsMovedToTheMiddleOfItsArea) {
  constexpr std::uint32_t kWidth = 64;
  constexpr std::uint32_t kHeight = 56;
  SourceGeometry source;
  source.plane_count = 3;
  source.planes[0] = {kWidth, kHeight, kWidth, kHeight};
  struct {
    double x, y, shift_x, shift_y;
  } const cases[] = {{0.5, 0.5, 0, 0}, {0, 0.5, 0.25, 0}, {0, 0, 0.25, 0.25}, {0.5, 1, 0, -0.25}};
  const PlanarImage photo = testing::photo(kWidth, kHeight, 1, 1);
  const Plane& luma = photo.planes[0];
  for (const auto& c : cases) {
    const Plane chroma = ramp(kWidth, kHeight, c.x, c.y);
    for (std::size_t i = 1; i < 3; ++i) {
      source.planes[i] = {kWidth / 2, kHeight / 2, kWidth / 2.0, kHeight / 2.0};
    }
    source.chroma_shift_x = c.shift_x;
    source.chroma_shift_y = c.shift_y;
    for (const std::uint32_t divisor : {1U, 2U, 4U}) {
      auto resampler = ImageResampler::create(source, kWidth / divisor, kHeight / divisor, Orientation{});
      ASSERT_TRUE(resampler.ok());
      const PlaneRows rows{chroma.row(0), chroma.stride, chroma.height};
      resampler->push({PlaneRows{luma.row(0), luma.stride, luma.height}, rows, rows});
      const auto image = resampler->finish();
      ASSERT_TRUE(image.ok());
      const Plane& out = image->planes[1];
      const std::uint32_t edge = 3;
      for (std::uint32_t y = edge; y + edge < out.height; ++y) {
        for (std::uint32_t x = edge; x + edge < out.width; ++x) {
          // The middle of the sample's area, in luma samples of the source.
          const double at_x = 2.0 * divisor * (x + 0.5) - 0.5;
          const double at_y = 2.0 * divisor * (y + 0.5) - 0.5;
          ASSERT_NEAR(out.row(y)[x], 2 * (at_x + at_y), 0.7) << c.x << ' ' << c.y << " 1/" << divisor;
        }
      }
    }
  }
}

}  // namespace
}  // namespace netocr
