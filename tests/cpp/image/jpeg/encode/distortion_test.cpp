// The estimated error beside that of the picture which djpeg decodes.
#include "image/jpeg/encode/distortion.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "cpp/image/pictures.hpp"
#include "cpp/image/tools.hpp"
#include "image/jpeg/encode/encoder.hpp"
#include "image/jpeg/encode/quant_tables.hpp"
#include "image/scale/resample.hpp"

namespace netocr::jpeg {
namespace {

// Detail of every size in all three planes.
PlanarImage detailed_picture() {
  PlanarImage image = testing::must_make_image(320, 240, 3, k444);
  for (std::uint32_t i = 0; i < 3; ++i) testing::fill_photo(image.planes[i], 40 + i, i == 0 ? 1.5 : 0.8);
  return image;
}

PlanarImage subsampled(const PlanarImage& image, ChromaSubsampling chroma) {
  PlanarImage made = testing::must_make_image(image.width(), image.height(), 3, chroma);
  for (std::size_t i = 0; i < 3; ++i) {
    auto plane = subsample(image.planes[i], i == 0 ? k444 : chroma);
    made.planes[i] = std::move(*plane);
  }
  return made;
}

// As distortion() weighs them, from the planes that djpeg gives (-rgb would be rounded once more).
double measured(const PlanarImage& image, const PlanarImage& coded, int quality) {
  const auto same = static_cast<std::uint8_t>(quality);
  const auto attempt = encode(coded, {10'000'000, same, same});
  EXPECT_TRUE(attempt.ok() && attempt->file.has_value());
  const testing::Pnm pnm =
      testing::parse_pnm(testing::run_tool("djpeg -dct int", attempt->file->bytes.span()));
  double luma = 0, cb = 0, cr = 0;
  for (std::uint32_t y = 0; y < image.height(); ++y) {
    for (std::uint32_t x = 0; x < image.width(); ++x) {
      const std::uint8_t* const rgb = &pnm.samples[3 * (std::size_t{y} * image.width() + x)];
      const double decoded = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
      const auto squared = [](double value) { return value * value; };
      luma += squared(squared(decoded - image.planes[0].row(y)[x]));
      cb += squared((rgb[2] - decoded) / 1.772 + 128 - image.planes[1].row(y)[x]);
      cr += squared((rgb[0] - decoded) / 1.402 + 128 - image.planes[2].row(y)[x]);
    }
  }
  const double pixels = 1.0 * image.width() * image.height();
  return std::sqrt(std::sqrt(luma / pixels)) + 0.2 * std::sqrt(cb / pixels) + 1.3 * std::sqrt(cr / pixels);
}

TEST(Distortion, IsTheErrorOfWhatIsDecoded) {
  PlanarImage image = detailed_picture();
  // Within what RGB has: djpeg clips.
  for (Plane& plane : image.planes) {
    testing::fill(plane, [&](std::uint32_t x, std::uint32_t y) { return 128 + (plane.row(y)[x] - 128) / 3; });
  }
  const auto full = make_frame(image);
  ASSERT_TRUE(full.ok());
  for (const ChromaSubsampling chroma : {k444, k422, k420}) {
    const PlanarImage coded = subsampled(image, chroma);
    const auto frame = make_frame(coded);
    ASSERT_TRUE(frame.ok());
    for (const int quality : {50, 80, 90, 96}) {
      const double estimated = distortion(*frame, make_quant_tables(percent_of_quality(quality)), *full);
      const double exact = measured(image, coded, quality);
      EXPECT_NEAR(estimated / exact, 1, 0.15) << int{chroma.x} << int{chroma.y} << " at " << quality;
    }
  }
}

TEST(Distortion, GrowsWithTheStepsAndWithTheSubsampling) {
  const PlanarImage image = detailed_picture();
  const auto full = make_frame(image);
  ASSERT_TRUE(full.ok());
  double coarser_chroma = 0;
  for (const ChromaSubsampling chroma : {k444, k422, k420}) {
    const auto frame = make_frame(subsampled(image, chroma));
    ASSERT_TRUE(frame.ok());
    double before = 0;
    for (const double percent : {0.05, 1.0, 5.0, 20.0, 80.0}) {
      const double now = distortion(*frame, make_quant_tables(percent), *full);
      EXPECT_GT(now, before) << percent;
      before = now;
    }
    const double lost = distortion(*frame, make_quant_tables(0.05), *full);
    EXPECT_GT(lost, coarser_chroma);
    coarser_chroma = lost;
  }
}

}  // namespace
}  // namespace netocr::jpeg
