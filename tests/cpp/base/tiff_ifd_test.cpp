// TIFF directories in both byte orders and both sizes of offsets, from files that the tests put together.
#include "base/tiff_ifd.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

namespace netocr {
namespace {

struct Kind {
  bool big_endian;
  bool big_tiff;
};
constexpr Kind kKinds[] = {{false, false}, {true, false}, {false, true}, {true, true}};

// A TIFF under construction.
class Maker {
 public:
  explicit Maker(Kind kind) : kind_(kind) {
    bytes.assign(2, kind.big_endian ? 'M' : 'I');
    put(kind.big_tiff ? 43 : 42, 2);
    if (kind.big_tiff) put(8, 2).put(0, 2);
  }
  Maker& put(std::uint64_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const unsigned shift = 8 * (kind_.big_endian ? count - 1 - i : i);
      bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    }
    return *this;
  }
  // An offset, or the number of values of an entry.
  Maker& word(std::uint64_t value) { return put(value, word_bytes()); }
  // How many entries the directory has.
  Maker& entries(std::uint64_t count) { return put(count, kind_.big_tiff ? 8 : 2); }
  Maker& tag(std::uint16_t id, std::uint16_t type, std::uint64_t count) {
    return put(id, 2).put(type, 2).word(count);
  }
  // Zeroes up to the end of the value field, which begins at `field`.
  Maker& fill(std::size_t field) {
    bytes.resize(field + word_bytes(), 0);
    return *this;
  }
  unsigned word_bytes() const { return kind_.big_tiff ? 8 : 4; }

  std::vector<std::uint8_t> bytes;

 private:
  Kind kind_;
};

// One entry with the values in it or behind the directory, as `count` numbers of `size` bytes.
Maker one_entry(Kind kind, std::uint16_t type, unsigned size, const std::vector<std::uint64_t>& values) {
  Maker maker(kind);
  maker.word(maker.bytes.size() + maker.word_bytes()).entries(1).tag(300, type, values.size());
  const std::size_t field = maker.bytes.size();
  const bool is_inline = values.size() * size <= maker.word_bytes();
  if (!is_inline) maker.word(field + 2 * maker.word_bytes()).word(77);
  for (const std::uint64_t value : values) {
    if (size == 8 && (type == 5 || type == 10)) {  // two numbers
      maker.put(value >> 32, 4).put(value & 0xffff'ffff, 4);
    } else {
      maker.put(value, size);
    }
  }
  if (is_inline) maker.fill(field).word(77);
  return maker;
}

TEST(TiffIfdTest, ReadsTheHeader) {
  for (const Kind kind : kKinds) {
    Maker maker(kind);
    maker.word(1234);
    const Result<TiffStart> start = read_tiff_start(maker.bytes);
    ASSERT_TRUE(start.ok());
    EXPECT_EQ(start->file.big_endian, kind.big_endian);
    EXPECT_EQ(start->file.big_tiff, kind.big_tiff);
    EXPECT_EQ(start->directory, 1234U);
  }
  for (const std::string_view other : {"", "I", "IM*", "GIF89a", "MI\0*"}) {
    const Result<TiffStart> start = read_tiff_start(as_bytes(other));
    ASSERT_FALSE(start.ok()) << other;
    EXPECT_EQ(start.error().code, ErrorCode::kCorruptImage);
  }
}

struct TypeCase {
  std::uint16_t type;
  unsigned size;
  std::uint64_t stored;
  double expected;
};
constexpr std::uint64_t fraction(std::uint32_t numerator, std::uint32_t denominator) {
  return std::uint64_t{numerator} << 32 | denominator;
}
// TIFF 6.0 section 2, "Types"; 13 is IFD, 16 to 18 are those of BigTIFF.
const TypeCase kTypes[] = {
    {1, 1, 200, 200},
    {2, 1, 'x', 'x'},
    {3, 2, 0xfedc, 0xfedc},
    {4, 4, 0xfedc'ba98, 0xfedc'ba98},
    {5, 8, fraction(3, 4), 0.75},
    {5, 8, fraction(3, 0), 0},
    {6, 1, 0x80, -128},
    {7, 1, 9, 9},
    {8, 2, 0x8000, -32768},
    {9, 4, 0x8000'0000, -2147483648.0},
    {10, 8, fraction(static_cast<std::uint32_t>(-1), 2), -0.5},
    {11, 4, std::bit_cast<std::uint32_t>(1.5F), 1.5},
    {12, 8, std::bit_cast<std::uint64_t>(-2.25), -2.25},
    {13, 4, 4321, 4321},
    {16, 8, std::uint64_t{1} << 40, 1099511627776.0},
    {17, 8, ~std::uint64_t{0}, -1},
    {18, 8, 99, 99},
};

TEST(TiffIfdTest, ReadsEveryTypeInsideTheEntryAndElsewhere) {
  for (const Kind kind : kKinds) {
    for (const TypeCase& type : kTypes) {
      for (const std::size_t count : {1U, 2U, 9U}) {
        const std::vector<std::uint64_t> values(count, type.stored);
        const Maker maker = one_entry(kind, type.type, type.size, values);
        const Result<TiffStart> start = read_tiff_start(maker.bytes);
        ASSERT_TRUE(start.ok());
        TiffEntries entries(start->file, start->directory);
        EXPECT_EQ(entries.count(), 1U);
        TiffEntry entry;
        ASSERT_TRUE(entries.next(entry));
        EXPECT_EQ(entry.count, count);
        const TiffField field = read_tiff_field(start->file, entry);
        EXPECT_EQ(field.tag, 300U);
        EXPECT_EQ(field.type, type.type);
        ASSERT_EQ(field.values(), count) << type.type;
        for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(field.real(i), type.expected) << type.type;
        EXPECT_EQ(field.real(count), 0);
        EXPECT_FALSE(entries.next(entry));
        EXPECT_EQ(entries.following(), 77U);
        EXPECT_TRUE(entries.ok());
      }
    }
  }
}

TEST(TiffIfdTest, SaturatesWholeNumbers) {
  const auto field_of = [](const Maker& maker) {
    TiffEntry entry;
    const Result<TiffStart> start = read_tiff_start(maker.bytes);
    TiffEntries entries(start->file, start->directory);
    EXPECT_TRUE(entries.next(entry));
    return read_tiff_field(start->file, entry);
  };
  const Maker large = one_entry({true, true}, 16, 8, {~std::uint64_t{0}});
  EXPECT_EQ(field_of(large).offset(), std::uint64_t{1} << 53);
  EXPECT_EQ(field_of(large).number(), 0xffff'ffffU);
  EXPECT_EQ(field_of(large).small_number(), 0xffffU);
  const Maker negative = one_entry({false, false}, 9, 4, {0xffff'fffe});
  EXPECT_EQ(field_of(negative).offset(), 0U);
  EXPECT_EQ(field_of(negative).small_number(), 0U);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(field_of(one_entry({false, false}, 12, 8, {std::bit_cast<std::uint64_t>(nan)})).offset(), 0U);
}

// Unknown types, and values that are not in the file: the entry is there, without values.
TEST(TiffIfdTest, GivesEntriesWithoutValues) {
  for (const Kind kind : kKinds) {
    for (const int unknown : {0, 14, 15, 19, 65535}) {
      const auto type = static_cast<std::uint16_t>(unknown);
      const Maker maker = one_entry(kind, type, 1, {1});
      const Result<TiffStart> start = read_tiff_start(maker.bytes);
      TiffEntries entries(start->file, start->directory);
      TiffEntry entry;
      ASSERT_TRUE(entries.next(entry));
      const TiffField field = read_tiff_field(start->file, entry);
      EXPECT_EQ(field.values(), 0U) << type;
      EXPECT_EQ(field.number(), 0U) << type;
      EXPECT_EQ(entries.following(), 77U) << type;
    }
    for (const std::uint64_t count : {std::uint64_t{1} << 31, ~std::uint64_t{0}}) {
      Maker maker(kind);
      maker.word(maker.bytes.size() + maker.word_bytes()).entries(1).tag(300, 12, count).word(0).word(77);
      const Result<TiffStart> start = read_tiff_start(maker.bytes);
      TiffEntries entries(start->file, start->directory);
      TiffEntry entry;
      ASSERT_TRUE(entries.next(entry));
      EXPECT_EQ(read_tiff_field(start->file, entry).values(), 0U);
      EXPECT_EQ(entries.following(), 77U);
    }
  }
}

TEST(TiffIfdTest, EndsWithTheBytesWhereverTheyAreCutOff) {
  for (const Kind kind : kKinds) {
    Maker maker(kind);
    maker.word(maker.bytes.size() + maker.word_bytes()).entries(2);
    const std::size_t first = maker.bytes.size();
    for (int i = 0; i < 2; ++i) {
      maker.tag(300, kTiffShort, 1);
      const std::size_t field = maker.bytes.size();
      maker.put(7, 2).fill(field);
    }
    const std::size_t entry_bytes = (maker.bytes.size() - first) / 2;
    maker.word(77);
    for (std::size_t length = 2; length < maker.bytes.size(); ++length) {
      const std::vector<std::uint8_t> prefix(maker.bytes.begin(),
                                             maker.bytes.begin() + static_cast<std::ptrdiff_t>(length));
      const Result<TiffStart> start = read_tiff_start(prefix);
      ASSERT_TRUE(start.ok());
      TiffEntries entries(start->file, start->directory);
      std::size_t whole = 0;
      TiffEntry entry;
      while (entries.next(entry) && entries.ok())
        whole += read_tiff_field(start->file, entry).number() == 7 ? 1 : 0;
      const std::size_t behind = length < first ? 0 : length - first;
      if (length >= first) {
        EXPECT_EQ(whole, std::min<std::size_t>(behind / entry_bytes, 2)) << length;
        EXPECT_EQ(entries.ok(), behind >= 2 * entry_bytes) << length;
      }
      EXPECT_EQ(entries.following(), 0U) << length;
      EXPECT_FALSE(entries.ok()) << length;
    }
  }
}

// EXIF that some writers cut off behind the value.
TEST(TiffIfdTest, GivesTheValueOfAnEntryThatIsNotWhole) {
  Maker maker({true, false});
  maker.word(8).entries(1).tag(274, kTiffShort, 1).put(6, 2);
  const Result<TiffStart> start = read_tiff_start(maker.bytes);
  TiffEntries entries(start->file, start->directory);
  TiffEntry entry;
  ASSERT_TRUE(entries.next(entry));
  EXPECT_EQ(read_tiff_field(start->file, entry).number(), 6U);
  EXPECT_FALSE(entries.ok());
  EXPECT_FALSE(entries.next(entry));
}

// However many entries are claimed, no more are given than there are bytes for.
TEST(TiffIfdTest, AlwaysMovesOn) {
  for (const Kind kind : kKinds) {
    Maker maker(kind);
    maker.word(maker.bytes.size() + maker.word_bytes()).entries(~std::uint64_t{0});
    maker.bytes.resize(10'000, 0);
    const Result<TiffStart> start = read_tiff_start(maker.bytes);
    TiffEntries entries(start->file, start->directory);
    TiffEntry entry;
    std::size_t given = 0;
    while (entries.next(entry)) ++given;
    EXPECT_LE(given, 10'000 / 12);
    EXPECT_FALSE(entries.ok());
  }
}

TEST(TiffIfdTest, HasNoDirectoryOutsideTheFile) {
  for (const Kind kind : kKinds) {
    Maker maker(kind);
    maker.word(kind.big_tiff ? ~std::uint64_t{0} : 0xffff'ffff);
    const Result<TiffStart> start = read_tiff_start(maker.bytes);
    TiffEntries entries(start->file, start->directory);
    TiffEntry entry;
    EXPECT_FALSE(entries.ok());
    EXPECT_EQ(entries.count(), 0U);
    EXPECT_FALSE(entries.next(entry));
  }
}

}  // namespace
}  // namespace netocr
