// Samples of a decoder -> rows: cropping, the order of chroma, matrices and ranges, against double precision.
#include <gtest/gtest.h>

#include "cpp/image/decoding.hpp"
#include "cpp/image/heif/coded_maker.hpp"
#include "image/heif/color_conversion.hpp"
#include "image/heif/planes.hpp"
#include "image/prepare.hpp"

namespace netocr::testing {
namespace {

struct Canvas {
  std::uint32_t width, height;
  heif::CanvasLayout layout;
  ByteVector samples;

  std::size_t chroma_index(std::size_t component, std::size_t x, std::size_t y,
                           heif::ChromaOrder order) const {
    if (order == heif::ChromaOrder::kInterleaved)
      return layout.chroma + 2 * (y * layout.chroma_width + x) + component;
    return (component == 0 ? layout.chroma : layout.second_chroma) + y * layout.chroma_width + x;
  }
};

Canvas noisy_canvas(std::uint32_t width, std::uint32_t height) {
  const auto layout = heif::layout_of({width, height});
  EXPECT_TRUE(layout.ok());
  Canvas canvas{width, height, *layout, ByteVector(layout->size)};
  std::uint32_t state = 7;
  for (std::uint8_t& sample : canvas.samples) {
    state = state * 1'664'525U + 1'013'904'223U;
    sample = static_cast<std::uint8_t>(state >> 24);
  }
  return canvas;
}

ByteVector aperture(std::uint32_t width, std::uint32_t height, std::int32_t right, std::int32_t down) {
  ByteVector contents;
  for (const std::uint32_t value :
       {width, 1U, height, 1U, static_cast<std::uint32_t>(right), 2U, static_cast<std::uint32_t>(down), 2U}) {
    heif_maker::put(contents, value, 4);
  }
  return box("clap", contents);
}

ByteVector file_of(std::uint32_t width, std::uint32_t height, std::vector<ByteVector> more) {
  CodedFile spec;
  std::vector<ByteVector> properties = tile_properties(width, height);
  properties.insert(properties.end(), more.begin(), more.end());
  spec.items.push_back({"avc1", {1}, properties});
  return make_coded_heif(spec);
}

ByteVector nclx(std::uint8_t matrix, bool is_full_range) {
  return box("colr", joined({letters("nclx"),
                             {0, 1, 0, 13, 0, matrix, static_cast<std::uint8_t>(is_full_range ? 128 : 0)}}));
}

Decoded decode_samples(Bytes file, Bytes samples, heif::ChromaOrder order) {
  auto image = heif::open_decoded(file, samples, order, {});
  if (!image.ok()) return failed(image.error());
  EXPECT_TRUE((*image)->info().decodable);
  return read_to_end((*image)->rows(kFullSize));
}

constexpr heif::ChromaOrder kOrders[] = {heif::ChromaOrder::kPlanes, heif::ChromaOrder::kInterleaved};

TEST(HeifPlanes, FullRangeBt601IsHandedOnAsItIs) {
  const Canvas canvas = noisy_canvas(70, 50);
  for (const heif::ChromaOrder order : kOrders) {
    const ByteVector file = file_of(70, 50, {nclx(6, true)});
    const Decoded decoded = decode_samples(file, canvas.samples, order);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    for (std::uint32_t y = 0; y < 50; ++y) {
      for (std::uint32_t x = 0; x < 70; ++x) {
        ASSERT_EQ(decoded.planes[0].at(x, y), canvas.samples[y * 70 + x]);
        for (std::size_t c = 0; c < 2; ++c)
          ASSERT_EQ(decoded.planes[c + 1].at(x / 2, y / 2),
                    canvas.samples[canvas.chroma_index(c, x / 2, y / 2, order)]);
      }
    }
  }
}

// The parameter set of these files does not tell where chroma lies, which means on the left.
TEST(HeifPlanes, ChromaLiesWhereTheFileSays) {
  const Canvas canvas = noisy_canvas(70, 50);
  const ByteVector file = file_of(70, 50, {nclx(6, true)});
  const auto image = heif::open_decoded(file, canvas.samples, heif::ChromaOrder::kPlanes, {});
  ASSERT_TRUE(image.ok());
  const auto rows = (*image)->rows({70, 50});
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ((*rows)->geometry().chroma_shift_x, 0.25);
  EXPECT_EQ((*rows)->geometry().chroma_shift_y, 0);
}

// Chroma of a picture that is cropped at an odd place is that of the pixels' own middle.
TEST(HeifPlanes, CropsAtAnyPlace) {
  const Canvas canvas = noisy_canvas(70, 50);
  struct Case {
    std::uint32_t width, height;
    std::int32_t right, down;  // in halves
    std::uint32_t left, top;
  };
  const Case cases[] = {{20, 10, 0, 0, 25, 20},  {20, 10, 2, 2, 26, 21}, {21, 11, 1, 1, 25, 20},
                        {21, 11, -1, 3, 24, 21}, {69, 49, 1, 1, 1, 1},   {70, 50, 0, 0, 0, 0},
                        {1, 1, 69, 49, 69, 49}};
  for (const Case& c : cases) {
    for (const heif::ChromaOrder order : kOrders) {
      const ByteVector file = file_of(70, 50, {nclx(6, true), aperture(c.width, c.height, c.right, c.down)});
      const Decoded decoded = decode_samples(file, canvas.samples, order);
      ASSERT_TRUE(decoded.ok()) << decoded.detail;
      ASSERT_EQ(decoded.planes[0].geometry.width, c.width);
      ASSERT_EQ(decoded.planes[0].geometry.height, c.height);
      for (std::uint32_t y = 0; y < c.height; ++y) {
        for (std::uint32_t x = 0; x < c.width; ++x)
          ASSERT_EQ(decoded.planes[0].at(x, y), canvas.samples[(y + c.top) * 70 + x + c.left]);
      }
      for (std::size_t component = 0; component < 2; ++component) {
        const DecodedPlane& plane = decoded.planes[component + 1];
        EXPECT_EQ(plane.geometry.extent_width, c.width / 2.0);
        for (std::uint32_t y = 0; y < plane.geometry.height; ++y) {
          for (std::uint32_t x = 0; x < plane.geometry.width; ++x) {
            double sum = 0;
            // The four pixels around the middle of the output sample, each with its own chroma.
            for (std::uint32_t dy = 0; dy < 2; ++dy) {
              for (std::uint32_t dx = 0; dx < 2; ++dx) {
                const std::uint32_t px = std::min(2 * x + dx + c.left, 69U) / 2;
                const std::uint32_t py = std::min(2 * y + dy + c.top, 49U) / 2;
                sum += canvas.samples[canvas.chroma_index(component, px, py, order)];
              }
            }
            ASSERT_NEAR(plane.at(x, y), sum / 4, 0.51) << x << " " << y << " " << c.left << " " << c.top;
          }
        }
      }
    }
  }
}

struct Weights {
  std::uint8_t matrix;
  double red, blue;  // H.273, table 4
};

TEST(HeifPlanes, ConvertsByRgbInDoublePrecision) {
  const Weights kWeights[] = {
      {1, 0.2126, 0.0722}, {2, 0.299, 0.114}, {5, 0.299, 0.114}, {6, 0.299, 0.114}, {9, 0.2627, 0.0593}};
  for (const Weights& w : kWeights) {
    for (const bool is_full : {false, true}) {
      const auto conversion = heif::color_conversion_of({w.matrix, is_full});
      EXPECT_EQ(conversion.is_none(), is_full && w.red == 0.299);
      double worst = 0;
      for (int y = is_full ? 0 : 16; y <= (is_full ? 255 : 235); y += 3) {
        for (int cb = 16; cb <= 240; cb += 7) {
          for (int cr = 16; cr <= 240; cr += 7) {
            const double luma = is_full ? y : (y - 16) * 255.0 / 219;
            const double u = (cb - 128) * (is_full ? 1 : 255.0 / 224);
            const double v = (cr - 128) * (is_full ? 1 : 255.0 / 224);
            const double r = luma + 2 * (1 - w.red) * v;
            const double b = luma + 2 * (1 - w.blue) * u;
            const double g = (luma - w.red * r - w.blue * b) / (1 - w.red - w.blue);
            const Ycc expected = ycc_of({r, g, b});
            std::uint8_t upper = static_cast<std::uint8_t>(y), lower = upper;
            std::uint8_t blueness = static_cast<std::uint8_t>(cb), redness = static_cast<std::uint8_t>(cr);
            heif::convert_color(conversion, &upper, &lower, &blueness, &redness, 1);
            EXPECT_EQ(upper, lower);
            worst = std::max({worst, std::abs(upper - std::clamp(expected.y, 0.0, 255.0)),
                              std::abs(blueness - std::clamp(expected.cb, 0.0, 255.0)),
                              std::abs(redness - std::clamp(expected.cr, 0.0, 255.0))});
          }
        }
      }
      EXPECT_LT(worst, 0.52) << int{w.matrix} << is_full;
    }
  }
}

TEST(HeifPlanes, ConvertsOddSizesAndEveryRow) {
  const Canvas canvas = noisy_canvas(67, 51);
  const auto conversion = heif::color_conversion_of({1, false});
  for (const heif::ChromaOrder order : kOrders) {
    const ByteVector file = file_of(67, 51, {nclx(1, false)});
    const Decoded decoded = decode_samples(file, canvas.samples, order);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    for (std::uint32_t y = 0; y < 51; ++y) {
      for (std::uint32_t x = 0; x < 67; ++x) {
        std::uint8_t luma = canvas.samples[y * 67 + x];
        std::uint8_t cb = canvas.samples[canvas.chroma_index(0, x / 2, y / 2, order)];
        std::uint8_t cr = canvas.samples[canvas.chroma_index(1, x / 2, y / 2, order)];
        heif::convert_color(conversion, &luma, nullptr, &cb, &cr, 1);
        ASSERT_EQ(decoded.planes[0].at(x, y), luma);
        ASSERT_EQ(decoded.planes[1].at(x / 2, y / 2), cb);
        ASSERT_EQ(decoded.planes[2].at(x / 2, y / 2), cr);
      }
    }
  }
}

TEST(HeifPlanes, OtherNumbersOfSamplesAreRefused) {
  const Canvas canvas = noisy_canvas(70, 50);
  const ByteVector file = file_of(70, 50, {});
  for (const std::size_t size : {std::size_t{0}, canvas.samples.size() - 1}) {
    const auto image =
        heif::open_decoded(file, Bytes(canvas.samples).first(size), heif::ChromaOrder::kPlanes, Limits{});
    EXPECT_EQ(image.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(HeifPlanes, APictureIsPreparedUpright) {
  const Canvas canvas = noisy_canvas(70, 50);
  const ByteVector file = file_of(70, 50, {aperture(60, 40, 0, 0), rotated(1), nclx(12, true)});
  const auto image = heif::open_decoded(file, canvas.samples, heif::ChromaOrder::kPlanes, Limits{});
  ASSERT_FALSE(image.ok());  // a matrix that is not known
  const ByteVector good = file_of(70, 50, {aperture(60, 40, 0, 0), rotated(1)});
  const auto opened = heif::open_decoded(good, canvas.samples, heif::ChromaOrder::kPlanes, Limits{});
  ASSERT_TRUE(opened.ok()) << opened.error().detail;
  const auto prepared = prepare_image(**opened, PrepareOptions{});
  ASSERT_TRUE(prepared.ok()) << prepared.error().detail;
  EXPECT_EQ(prepared->width, 40U);
  EXPECT_EQ(prepared->height, 60U);
  EXPECT_EQ(prepared->source.width, 60U);
  EXPECT_EQ(prepared->source.format, ImageFormat::kHeic);
  EXPECT_EQ(prepared->decoded_rows, 40U);
  EXPECT_EQ(prepared->warnings, 0U);
}

}  // namespace
}  // namespace netocr::testing
