// read_coded_picture: the parts of a picture and their bytes, and what is refused before anything is
// allocated.
#include <gtest/gtest.h>

#include <functional>

#include "cpp/image/heif/coded_maker.hpp"
#include "image/heif/tiles.hpp"

namespace netocr::testing {
namespace {

using heif::CodedPicture;

ByteVector bytes_of(const ByteVector& file, const CodedPicture& picture, std::size_t tile) {
  ByteVector bytes;
  for (const heif::Extent& extent : picture.items.extents_of(picture.tiles()[tile])) {
    const auto from = file.begin() + static_cast<std::ptrdiff_t>(extent.offset);
    bytes.insert(bytes.end(), from, from + static_cast<std::ptrdiff_t>(extent.length));
  }
  return bytes;
}

CodedFile single(std::uint32_t width, std::uint32_t height, std::vector<ByteVector> more = {}) {
  std::vector<ByteVector> properties = tile_properties(width, height);
  properties.insert(properties.end(), more.begin(), more.end());
  CodedFile file;
  file.items.push_back({"avc1", {1, 2, 3, 4, 5, 6, 7}, properties});
  return file;
}

// The code of the error; kInternal for none.
ErrorCode error_of(Bytes file, const Limits& limits = {}) {
  const auto picture = heif::read_coded_picture(file, limits);
  return picture.ok() ? ErrorCode::kInternal : picture.error().code;
}

TEST(HeifTiles, OnePictureIsOneTile) {
  for (const std::uint8_t version : std::initializer_list<std::uint8_t>{0, 1, 2}) {
    for (const std::uint8_t size : std::initializer_list<std::uint8_t>{4, 8}) {
      for (const std::size_t pieces : std::initializer_list<std::size_t>{1, 3}) {
        CodedFile spec = single(640, 480);
        spec.location_version = version;
        spec.field_size = size;
        spec.items[0].pieces = pieces;
        const ByteVector file = make_coded_heif(spec);
        const auto picture = heif::read_coded_picture(file, {});
        ASSERT_TRUE(picture.ok()) << picture.error().detail;
        EXPECT_EQ(picture->tiles().size(), 1U);
        EXPECT_EQ(bytes_of(file, *picture, 0), (ByteVector{1, 2, 3, 4, 5, 6, 7}));
        EXPECT_EQ(picture->items.extents_of(picture->tiles()[0]).size(), pieces);
        EXPECT_EQ(picture->tile.width, 640U);
        EXPECT_EQ(picture->tile.height, 480U);
        EXPECT_EQ(picture->columns * picture->rows, 1U);
        EXPECT_STREQ(picture->parameters.codec.text, "avc1.42C00A");
        EXPECT_EQ(ByteVector(picture->configuration.begin(), picture->configuration.end()),
                  kAvcConfiguration);
      }
    }
  }
}

TEST(HeifTiles, AGridHasItsTilesRowByRow) {
  for (const bool is_long : {false, true}) {
    CodedFile spec = grid_file(4, 3, 64, 250, 190);
    spec.items[0].data = grid_contents(4, 3, 250, 190, is_long);
    spec.items[0].in_data_box = !is_long;
    // The order is that of the references, not of the ids.
    std::swap(spec.sources[0], spec.sources[11]);
    const ByteVector file = make_coded_heif(spec);
    const auto picture = heif::read_coded_picture(file, {});
    ASSERT_TRUE(picture.ok()) << picture.error().detail;
    EXPECT_EQ(picture->columns, 4U);
    EXPECT_EQ(picture->rows, 3U);
    EXPECT_EQ(picture->shown.width, 250U);
    EXPECT_EQ(picture->shown.height, 190U);
    EXPECT_EQ(picture->canvas().width, 256U);
    ASSERT_EQ(picture->tiles().size(), 12U);
    for (std::uint8_t i = 0; i < 12; ++i) {
      const std::uint8_t expected = i == 0 ? 11 : i == 11 ? 0 : i;
      EXPECT_EQ(bytes_of(file, *picture, i), ByteVector{expected});
    }
  }
}

TEST(HeifTiles, TheMatrixAndRangeAreThoseOfNclxElseOfTheParameterSet) {
  struct Case {
    std::vector<ByteVector> properties;
    std::uint8_t matrix;
    bool is_full_range;
  };
  const auto nclx = [](std::uint8_t matrix, std::uint8_t range) {
    return box("colr", joined({letters("nclx"), {0, 1, 0, 13, 0, matrix, range}}));
  };
  const Case cases[] = {
      {{}, 6, false},
      {{nclx(1, 0x80)}, 1, true},
      {{nclx(9, 0)}, 9, false},
      {{nclx(2, 0x80)}, 6, true},
      {{color_profile_property({1, 2})}, 6, false},
  };
  for (const Case& c : cases) {
    const ByteVector file = make_coded_heif(single(64, 64, c.properties));
    const auto picture = heif::read_coded_picture(file, {});
    ASSERT_TRUE(picture.ok()) << picture.error().detail;
    EXPECT_EQ(picture->parameters.coding.matrix, c.matrix);
    EXPECT_EQ(picture->parameters.coding.is_full_range, c.is_full_range);
  }
  // RGB, YCgCo, constant luminance.
  for (const std::uint8_t matrix : std::initializer_list<std::uint8_t>{0, 8, 10}) {
    EXPECT_EQ(error_of(make_coded_heif(single(64, 64, {nclx(matrix, 0x80)}))),
              ErrorCode::kUnsupportedFeature);
  }
}

TEST(HeifTiles, WhatIsLeftToOtherDecoders) {
  const auto changed = [](const std::function<void(CodedFile&)>& change) {
    CodedFile spec = grid_file(2, 2, 64, 128, 128);
    change(spec);
    return error_of(make_coded_heif(spec));
  };
  EXPECT_EQ(changed([](CodedFile&) {}), ErrorCode::kInternal);
  const std::function<void(CodedFile&)> kUnsupported[] = {
      [](CodedFile& f) { f.items[0].type = "iovl"; },
      [](CodedFile& f) { f.items[2].type = "hvc1"; },
      [](CodedFile& f) {
        for (std::size_t i = 1; i < 5; ++i) f.items[i].type = "av01";
      },
      [](CodedFile& f) { f.items[3].properties[0] = image_size(64, 128); },
      [](CodedFile& f) { f.items[3].properties[1][20] ^= 1; },
      [](CodedFile& f) { f.items[3].properties.push_back(rotated(1)); },
      [](CodedFile& f) { f.sources[1] = f.sources[0]; },
      [](CodedFile& f) { f.items[0].properties.push_back(full_box("lsel", 0, 0, {0, 1})); },
      [](CodedFile& f) { f.items[2].properties.push_back(box("what", {})); },
      [](CodedFile& f) {
        f.items[2].properties.push_back(full_box("auxC", 0, 0, letters("urn:mpeg:hevc:2015:auxid:1")));
      },
      [](CodedFile& f) { f = grid_file(2, 2, 32, 64, 64); },
      [](CodedFile& f) { f = grid_file(2, 2, 65, 130, 130); },
  };
  for (const auto& change : kUnsupported) {
    EXPECT_EQ(changed(change), ErrorCode::kUnsupportedFeature) << &change - kUnsupported;
  }
}

TEST(HeifTiles, WhatIsDamaged) {
  const auto changed = [](const std::function<void(CodedFile&)>& change) {
    CodedFile spec = grid_file(2, 2, 64, 128, 128);
    change(spec);
    return error_of(make_coded_heif(spec));
  };
  const std::function<void(CodedFile&)> kCorrupt[] = {
      [](CodedFile& f) { f.primary = 9; },
      [](CodedFile& f) { f.items[0].data = grid_contents(3, 2, 128, 128); },
      [](CodedFile& f) { f.sources.pop_back(); },
      [](CodedFile& f) { f.sources.clear(); },
      [](CodedFile& f) { f.sources[2] = 77; },
      [](CodedFile& f) { f.items[0].data.resize(5); },
      [](CodedFile& f) { f.items[0].data = grid_contents(2, 2, 129, 128); },
      [](CodedFile& f) { f.items[0].data = grid_contents(2, 2, 64, 128); },
      [](CodedFile& f) { f.items[0].data = grid_contents(2, 2, 120, 128); },
      [](CodedFile& f) { f.items[0].data = grid_contents(2, 2, 0, 0); },
      [](CodedFile& f) { f.items[2].method = 2; },
      [](CodedFile& f) {
        f.items[2].data.clear();
        f.items[2].pieces = 2;
      },
      [](CodedFile& f) {
        for (std::size_t i = 1; i < 5; ++i) f.items[i].properties.pop_back();
      },
      [](CodedFile& f) {
        for (std::size_t i = 1; i < 5; ++i) f.items[i].properties[1] = box("avcC", {1, 2, 3});
      },
      [](CodedFile& f) { f.items[0].properties.clear(); },
  };
  for (const auto& change : kCorrupt) {
    EXPECT_NE(changed(change), ErrorCode::kInternal) << &change - kCorrupt;
    EXPECT_TRUE(changed(change) == ErrorCode::kCorruptImage ||
                // A tile that is not listed has no type.
                changed(change) == ErrorCode::kUnsupportedFeature)
        << &change - kCorrupt;
  }
}

TEST(HeifTiles, EveryPrefixIsRefusedOrLacksNothing) {
  const ByteVector whole = make_coded_heif(grid_file(2, 2, 64, 128, 128));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const ByteVector prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_NE(error_of(prefix), ErrorCode::kInternal) << length;
  }
}

TEST(HeifTiles, SizesAreWithinTheLimits) {
  const ByteVector file = make_coded_heif(grid_file(2, 2, 64, 100, 100));
  Limits limits;
  limits.max_pixels = 100 * 100;
  limits.max_dimension = 100;
  limits.max_decoder_bytes = 40'000;  // 4 bytes a pixel; the tiles' samples need 128 * 129 + 2 * 64 * 65
  EXPECT_EQ(error_of(file, limits), ErrorCode::kInternal);
  const auto refused = [&](auto change) {
    Limits less = limits;
    change(less);
    return error_of(file, less) == ErrorCode::kImageTooLarge;
  };
  EXPECT_TRUE(refused([](Limits& less) { --less.max_pixels; }));
  EXPECT_TRUE(refused([](Limits& less) { --less.max_dimension; }));
  EXPECT_TRUE(refused([](Limits& less) { --less.max_decoder_bytes; }));
  // Of a picture that is small and its tile that is not.
  CodedFile wide = grid_file(1, 1, 64, 64, 64);
  wide.items[1].properties[0] = image_size(0xffff'fffe, 64);
  EXPECT_EQ(error_of(make_coded_heif(wide)), ErrorCode::kImageTooLarge);
  // Whatever the limits are, what does not fit memory is refused.
  Limits none;
  none.max_pixels = none.max_decoder_bytes = ~std::uint64_t{0};
  none.max_dimension = 0xffff'ffff;
  EXPECT_EQ(error_of(make_coded_heif(single(0xffff'fffe, 0xffff'fffe)), none), ErrorCode::kImageTooLarge);
  EXPECT_EQ(error_of(make_coded_heif(single(60'000, 60'000)), none), ErrorCode::kImageTooLarge);
}

// Sources that each stand for a scan of the whole file.
TEST(HeifTiles, ManyTilesAreRefusedAtOnce) {
  CodedFile spec = grid_file(2, 2, 64, 128, 128);
  spec.sources.assign(0xffff, 2);
  EXPECT_EQ(error_of(make_coded_heif(spec)), ErrorCode::kUnsupportedFeature);
}

TEST(HeifTiles, DamageIsATypedError) {
  const ByteVector whole = make_coded_heif(grid_file(3, 2, 64, 180, 120));
  std::uint32_t state = 20'261'130;
  for (int round = 0; round < 3000; ++round) {
    ByteVector file = whole;
    for (int change = 0; change < 1 + round % 3; ++change) {
      state = state * 1'664'525U + 1'013'904'223U;
      file[(std::uint64_t{state} * file.size()) >> 32] ^= static_cast<std::uint8_t>(1 + (state & 254));
    }
    const ErrorCode code = error_of(file);
    EXPECT_TRUE(code == ErrorCode::kInternal || code == ErrorCode::kCorruptImage ||
                code == ErrorCode::kUnsupportedFeature || code == ErrorCode::kImageTooLarge)
        << error_word(code);
  }
}

}  // namespace
}  // namespace netocr::testing
