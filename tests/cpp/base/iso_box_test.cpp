// Box headers of every size, whole and cut off, against boxes that the tests put together.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/iso_box.hpp"

namespace netocr {
namespace {

using std::string_literals::operator""s;

// `count` bytes of a number, the highest first.
std::string be(unsigned count, std::uint64_t value) {
  std::string bytes;
  while (count-- > 0) bytes += static_cast<char>(value >> (8 * count));
  return bytes;
}

// A copy of its own size: the sanitizer sees any overrun.
std::vector<std::uint8_t> copy_of(const std::string& text) { return {text.begin(), text.end()}; }

struct Seen {
  std::string type;
  std::string payload;
  bool is_whole;
  bool operator==(const Seen&) const = default;
};
void PrintTo(const Seen& seen, std::ostream* out) {
  *out << seen.type << ": " << seen.payload << (seen.is_whole ? "" : " (cut off)");
}

// All boxes up to the end, or to the first that is damaged.
std::vector<Seen> boxes_of(const std::string& file) {
  const std::vector<std::uint8_t> bytes = copy_of(file);
  std::vector<Seen> seen;
  ByteReader reader(bytes);
  while (reader.remaining() > 0) {
    const Result<IsoBox> box = read_iso_box(reader, ErrorCode::kCorruptImage);
    if (!box.ok()) break;
    std::string type = be(4, box->type);
    seen.push_back({type, std::string(as_text(box->payload.rest())), box->is_whole});
  }
  return seen;
}

// The error at a box that stands behind `before`.
Error error_of(const std::string& before, const std::string& box, ErrorCode code) {
  const std::vector<std::uint8_t> bytes = copy_of(before + box);
  ByteReader reader(bytes, before.size());
  const Result<IsoBox> read = read_iso_box(reader, code);
  EXPECT_FALSE(read.ok());
  return read.ok() ? Error{} : read.error();
}

TEST(IsoBoxTest, ReadsSizesOf32And64Bits) {
  const std::string file =
      be(4, 11) + "ftypabc"s + be(4, 8) + "free"s + be(4, 1) + "mdat"s + be(8, 18) + "xy"s;
  EXPECT_EQ(boxes_of(file),
            (std::vector<Seen>{{"ftyp", "abc", true}, {"free", "", true}, {"mdat", "xy", true}}));
}

TEST(IsoBoxTest, ReachesToTheEndWithSizeZero) {
  EXPECT_EQ(boxes_of(be(4, 9) + "freex"s + be(4, 0) + "mdatrest of the file"s).back(),
            (Seen{"mdat", "rest of the file", true}));
  EXPECT_EQ(boxes_of(be(4, 0) + "mdat"s), (std::vector<Seen>{{"mdat", "", true}}));
}

TEST(IsoBoxTest, GivesWhatIsThereOfABoxThatIsCutOff) {
  EXPECT_EQ(boxes_of(be(4, 100) + "mdatabc"s), (std::vector<Seen>{{"mdat", "abc", false}}));
  for (const std::uint64_t size : {std::uint64_t{20}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
    EXPECT_EQ(boxes_of(be(4, 1) + "mdat"s + be(8, size) + "abc"s),
              (std::vector<Seen>{{"mdat", "abc", false}}))
        << size;
  }
}

TEST(IsoBoxTest, EndsWithTheBoxAroundIt) {
  const std::vector<std::uint8_t> bytes = copy_of(be(4, 16) + "moov"s + be(4, 0) + "trak"s + "behind"s);
  ByteReader file(bytes);
  const Result<IsoBox> outer = read_iso_box(file, ErrorCode::kCorruptVideo);
  ASSERT_TRUE(outer.ok());
  EXPECT_EQ(file.position(), 16U);
  ByteReader contents = outer->payload;
  EXPECT_EQ(contents.position(), 8U) << "positions are those in the file";
  const Result<IsoBox> inner = read_iso_box(contents, ErrorCode::kCorruptVideo);
  ASSERT_TRUE(inner.ok());
  EXPECT_EQ(inner->type, fourcc("trak"));
  EXPECT_EQ(inner->payload.position(), 16U);
  EXPECT_EQ(inner->payload.remaining(), 0U);
}

TEST(IsoBoxTest, RefusesSizesBelowTheHeader) {
  for (std::uint32_t size = 2; size < 8; ++size) {
    const Error error = error_of("before", be(4, size) + "freeabcdefgh", ErrorCode::kCorruptImage);
    EXPECT_EQ(error.code, ErrorCode::kCorruptImage) << size;
    EXPECT_EQ(error.position, 6U) << size;
  }
  for (std::uint32_t size = 0; size < 16; ++size) {
    const Error error =
        error_of("before", be(4, 1) + "free" + be(8, size) + "abcdefgh", ErrorCode::kCorruptVideo);
    EXPECT_EQ(error.code, ErrorCode::kCorruptVideo) << size;
    EXPECT_EQ(error.position, 6U) << size;
  }
}

TEST(IsoBoxTest, RefusesHeadersThatAreCutOff) {
  for (const std::string& whole : {be(4, 8) + "free"s, be(4, 0) + "free"s, be(4, 1) + "free"s + be(8, 16)}) {
    ASSERT_EQ(boxes_of(whole).size(), 1U);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_EQ(error_of("before", whole.substr(0, length), ErrorCode::kCorruptImage).position, 6U) << length;
    }
  }
}

// However the bytes are made, each box takes at least its header: the number of boxes is bounded by the file.
TEST(IsoBoxTest, AlwaysMovesOn) {
  std::string bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 4096; ++i) {
    state = state * 1664525 + 1013904223;
    // Small numbers are frequent, so that many sizes make sense.
    bytes += static_cast<char>((state >> 28) < 12 ? 0 : state >> 24 & 31);
  }
  for (std::size_t start = 0; start < bytes.size(); ++start) {
    EXPECT_LE(boxes_of(bytes.substr(start)).size(), (bytes.size() - start) / 8);
  }
}

}  // namespace
}  // namespace netocr
