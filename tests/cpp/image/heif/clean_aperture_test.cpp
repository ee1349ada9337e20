// place_clean_aperture against the pixels that the boxes leave, one by one.
#include <gtest/gtest.h>

#include <utility>

#include "cpp/image/heif/coded_maker.hpp"
#include "image/heif/tiles.hpp"

namespace netocr::testing {
namespace {

struct Fraction {
  std::int32_t numerator;
  std::uint32_t denominator;
};
ByteVector aperture(std::uint32_t width, std::uint32_t height, Fraction right, Fraction down) {
  ByteVector contents;
  for (const std::uint64_t value :
       {std::uint64_t{width}, std::uint64_t{1}, std::uint64_t{height}, std::uint64_t{1},
        std::uint64_t{static_cast<std::uint32_t>(right.numerator)}, std::uint64_t{right.denominator},
        std::uint64_t{static_cast<std::uint32_t>(down.numerator)}, std::uint64_t{down.denominator}}) {
    heif_maker::put(contents, value, 4);
  }
  return box("clap", contents);
}

heif::Rectangle shown_of(const std::vector<ByteVector>& chain, std::uint32_t width, std::uint32_t height) {
  CodedFile spec;
  std::vector<ByteVector> properties = tile_properties(width, height);
  properties.insert(properties.end(), chain.begin(), chain.end());
  spec.items.push_back({"avc1", {1}, properties});
  const ByteVector file = make_coded_heif(spec);
  const auto picture = heif::read_coded_picture(file, {});
  EXPECT_TRUE(picture.ok()) << picture.error().detail;
  return picture->shown;
}

// Where each pixel of what is left stood: the boxes carried out on coordinates (ISO/IEC 23008-12, 6.5.9 to
// 6.5.12).
struct Traced {
  std::uint32_t width, height;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> from;

  std::pair<std::uint32_t, std::uint32_t> at(std::uint32_t x, std::uint32_t y) const {
    return from[std::size_t{y} * width + x];
  }
};
template <typename From>
Traced traced(std::uint32_t width, std::uint32_t height, From from) {
  Traced picture{width, height, {}};
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) picture.from.push_back(from(x, y));
  }
  return picture;
}
Traced turned_left(const Traced& p) {
  return traced(p.height, p.width, [&](auto x, auto y) { return p.at(p.width - 1 - y, x); });
}
Traced left_to_right(const Traced& p) {
  return traced(p.width, p.height, [&](auto x, auto y) { return p.at(p.width - 1 - x, y); });
}
Traced top_to_bottom(const Traced& p) {
  return traced(p.width, p.height, [&](auto x, auto y) { return p.at(x, p.height - 1 - y); });
}

TEST(CleanAperture, IsWhereTheTurnsBeforeItPutIt) {
  // Off the centre in both directions.
  const auto cropped = [](const Traced& p, std::uint32_t left, std::uint32_t top) {
    return traced(6, 4, [&](auto x, auto y) { return p.at(x + left, y + top); });
  };
  for (std::uint8_t turns = 0; turns < 4; ++turns) {
    for (const int mirror : {-1, 0, 1}) {
      for (const bool mirror_first : {false, true}) {
        Traced picture = traced(20, 16, [](auto x, auto y) { return std::pair(x, y); });
        std::vector<ByteVector> chain;
        const auto flip = [&] {
          if (mirror < 0) return;
          chain.push_back(mirrored(static_cast<std::uint8_t>(mirror)));
          picture = mirror == 1 ? left_to_right(picture) : top_to_bottom(picture);
        };
        if (mirror_first) flip();
        chain.push_back(rotated(turns));
        for (int i = 0; i < turns; ++i) picture = turned_left(picture);
        if (!mirror_first) flip();
        chain.push_back(aperture(6, 4, {-3, 1}, {2, 1}));
        chain.push_back(rotated(1));  // changes nothing about the place
        const Traced expected = cropped(picture, (picture.width - 6) / 2 - 3, (picture.height - 4) / 2 + 2);
        const heif::Rectangle shown = shown_of(chain, 20, 16);
        std::uint32_t left = 99, top = 99;
        for (const auto& [x, y] : expected.from) {
          left = std::min(left, x);
          top = std::min(top, y);
        }
        EXPECT_EQ(std::pair(shown.x, shown.y), std::pair(left, top)) << int{turns} << mirror << mirror_first;
        EXPECT_EQ(shown.width, turns % 2 == 0 ? 6U : 4U);
        EXPECT_EQ(shown.height, turns % 2 == 0 ? 4U : 6U);
      }
    }
  }
}

TEST(CleanAperture, RoundsDownAndStaysInside) {
  struct Case {
    Fraction right;
    std::uint32_t left;
  };
  const Case cases[] = {
      {{0, 1}, 5},
      {{1, 2}, 5},
      {{2, 2}, 6},
      {{-1, 2}, 4},
      {{-500, 1}, 0},
      {{500, 1}, 10},
      {{1, 0}, 5},
      {{2'147'483'647, 1}, 10},
      {{-2'147'483'647, 4'294'967'295U}, 4},
  };
  for (const Case& c : cases) {
    const heif::Rectangle shown = shown_of({aperture(10, 16, c.right, {0, 1})}, 20, 16);
    EXPECT_EQ(shown.x, c.left) << c.right.numerator << "/" << c.right.denominator;
    EXPECT_EQ(shown.y, 0U);
  }
  EXPECT_EQ(shown_of({}, 20, 16).width, 20U);
  EXPECT_EQ(shown_of({aperture(400, 400, {3, 1}, {3, 1})}, 20, 16).width, 20U);
}

}  // namespace
}  // namespace netocr::testing
