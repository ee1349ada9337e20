// EXIF orientation: both byte orders, every value, damage of every kind.
#include "image/meta/exif.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cpp/image/meta/exif_maker.hpp"

namespace netocr::testing {
namespace {

TEST(ExifOrientation, EveryValueInBothByteOrders) {
  for (const bool big_endian : {false, true}) {
    for (const std::uint16_t type : {std::uint16_t{3}, std::uint16_t{4}}) {
      for (std::uint32_t value = 0; value <= 300; ++value) {
        ExifSpec spec;
        spec.big_endian = big_endian;
        spec.type = type;
        spec.value = value;
        EXPECT_EQ(exif_orientation(make_exif(spec)), value >= 1 && value <= 8 ? value : 1) << value;
      }
    }
  }
}

TEST(ExifOrientation, TheDirectoryMayBeAnywhere) {
  for (const std::uint32_t directory : {8U, 9U, 100U, 70000U}) {
    ExifSpec spec;
    spec.directory = directory;
    EXPECT_EQ(exif_orientation(make_exif(spec)), 6);
  }
}

TEST(ExifOrientation, WhatIsNotAnOrientationIsUpright) {
  const auto orientation = [](auto change) {
    ExifSpec spec;
    change(spec);
    return exif_orientation(make_exif(spec));
  };
  EXPECT_EQ(orientation([](ExifSpec& s) { s.orientation_tag = 0x0113; }), 1);
  EXPECT_EQ(orientation([](ExifSpec& s) { s.type = 2; }), 1);
  EXPECT_EQ(orientation([](ExifSpec& s) { s.count = 2; }), 1);
  EXPECT_EQ(orientation([](ExifSpec& s) { s.count = 0; }), 1);
}

// Chromium passes over an entry that it cannot read, and takes the first one that it can.
TEST(ExifOrientation, TheFirstEntryThatCanBeReadCounts) {
  const auto orientation = [](auto change) {
    ExifSpec first;
    change(first);
    std::vector<std::uint8_t> bytes = make_exif(first);
    ExifSpec second;
    second.entries_before = 0;
    const std::vector<std::uint8_t> more = make_exif(second);
    bytes[8] += 1;
    bytes.insert(bytes.end() - 4, more.begin() + 10, more.end() - 4);
    return exif_orientation(bytes);
  };
  EXPECT_EQ(orientation([](ExifSpec& s) { s.type = 2; }), 6);
  EXPECT_EQ(orientation([](ExifSpec& s) { s.count = 2; }), 6);
  EXPECT_EQ(orientation([](ExifSpec& s) { s.value = 9; }), 6);
  EXPECT_EQ(orientation([](ExifSpec& s) { s.value = 0; }), 6);
  EXPECT_EQ(orientation([](ExifSpec& s) { s.value = 1; }), 1);
  EXPECT_EQ(orientation([](ExifSpec& s) { s.value = 3; }), 3);
}

// A whole APP1 segment, as it is found in JPEG and, of some writers, in PNG and WebP.
TEST(ExifOrientation, TheNameOfJpegsSegmentMayPrecede) {
  const std::vector<std::uint8_t> tiff = make_exif({});
  const auto named = [&](std::vector<std::uint8_t> name) {
    name.insert(name.end(), tiff.begin(), tiff.end());
    return name;
  };
  for (int pad = 0; pad < 256; ++pad) {
    const auto segment = named({'E', 'x', 'i', 'f', 0, static_cast<std::uint8_t>(pad)});
    EXPECT_EQ(exif_orientation(segment), 6);
    const Bytes found = find_exif(segment);
    EXPECT_TRUE(std::equal(found.begin(), found.end(), tiff.begin(), tiff.end()));
  }
  EXPECT_TRUE(find_exif(tiff).empty());
  for (const auto& other : {named({'E', 'x', 'i', 'f', 1, 0}), named({'E', 'x', 'i', 'g', 0, 0}),
                            named({'E', 'x', 'i', 'f', 0}), named({'E', 'x', 'i', 'f', 0, 0, 0})}) {
    EXPECT_EQ(exif_orientation(other), 1);
    EXPECT_TRUE(find_exif(other).empty());
  }
  // Up to four bytes before it.
  std::vector<std::uint8_t> late = named({'E', 'x', 'i', 'f', 0, 0});
  for (int before = 0; before <= 6; ++before) {
    EXPECT_EQ(exif_orientation(late), before <= 4 ? 6 : 1) << before;
    late.insert(late.begin(), 0xff);
  }
  // Every prefix, in an allocation of its own.
  const std::vector<std::uint8_t> whole = named({'E', 'x', 'i', 'f', 0, 0});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::vector<std::uint8_t> prefix(whole.begin(),
                                           whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(find_exif(prefix).empty(), length < 10) << length;
  }
}

// The second directory describes the thumbnail.
TEST(ExifOrientation, OnlyTheFirstDirectoryCounts) {
  ExifSpec main;
  main.orientation_tag = 0x0110;
  std::vector<std::uint8_t> bytes = make_exif(main);
  const std::uint32_t second = static_cast<std::uint32_t>(bytes.size());
  bytes[bytes.size() - 4] = static_cast<std::uint8_t>(second);
  ExifSpec thumbnail;
  thumbnail.directory = second;
  const std::vector<std::uint8_t> rest = make_exif(thumbnail);
  bytes.insert(bytes.end(), rest.begin() + second, rest.end());
  EXPECT_EQ(exif_orientation(bytes), 1);
}

TEST(ExifOrientation, EveryPrefixIsUprightUntilTheValueIsThere) {
  for (const bool big_endian : {false, true}) {
    ExifSpec spec;
    spec.big_endian = big_endian;
    const std::vector<std::uint8_t> whole = make_exif(spec);
    const std::size_t value_end = 8 + 2 + 3 * 12 - 2;
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      const std::vector<std::uint8_t> prefix(whole.begin(),
                                             whole.begin() + static_cast<std::ptrdiff_t>(length));
      EXPECT_EQ(exif_orientation(prefix), length >= value_end ? 6 : 1) << length;
    }
  }
}

TEST(ExifOrientation, DamagedHeadersAreUpright) {
  const std::vector<std::uint8_t> whole = make_exif({});
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<std::uint8_t> bytes = whole;
    bytes[i] ^= 0xff;
    EXPECT_EQ(exif_orientation(bytes), 1);
  }
  std::vector<std::uint8_t> mixed = whole;
  mixed[1] = 'M';
  EXPECT_EQ(exif_orientation(mixed), 1);
  std::vector<std::uint8_t> beyond = whole;
  beyond[4] = beyond[5] = beyond[6] = beyond[7] = 0xff;
  EXPECT_EQ(exif_orientation(beyond), 1);
}

// 65535 entries are claimed; there are three.
TEST(ExifOrientation, TooManyEntriesEndWithTheBytes) {
  ExifSpec spec;
  spec.orientation_tag = 0x0113;
  std::vector<std::uint8_t> bytes = make_exif(spec);
  bytes[8] = bytes[9] = 0xff;
  EXPECT_EQ(exif_orientation(bytes), 1);
}

TEST(ExifOrientation, AnyChangedByteIsHarmless) {
  const std::vector<std::uint8_t> whole = make_exif({});
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (int value = 0; value < 256; ++value) {
      std::vector<std::uint8_t> bytes = whole;
      bytes[i] = static_cast<std::uint8_t>(value);
      const int got = exif_orientation(bytes);
      EXPECT_TRUE(got >= 1 && got <= 8);
    }
  }
}

}  // namespace
}  // namespace netocr::testing
