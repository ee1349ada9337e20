// The codes of a block's header: the fixed ones as tables; those in the stream with their runs, damage and
// waste.
#include "image/png/inflate_codes.hpp"

#include "cpp/image/png/inflating.hpp"

namespace netocr::png {
namespace {

using namespace testing;

// What of a header follows the counts, in `bits`; each read of it starts anew.
bool reads(const BitList& bits, const CodeCounts& counts, InflateTables& tables) {
  Pieces pieces(bits.bytes(), {100});
  auto input = InflateInput::create(pieces);
  return read_dynamic_codes(*input, counts, tables);
}

TEST(InflateCodes, CountsAreTheLowestOnes) {
  const BitList bits = BitList({}).put(29, 5).put(30, 5).put(15, 4);
  Pieces pieces(bits.bytes(), {100});
  auto input = InflateInput::create(pieces);
  input->refill();
  const CodeCounts counts = read_code_counts(*input);
  EXPECT_EQ(counts.lengths, 286U);
  EXPECT_EQ(counts.distances, 31U);
  EXPECT_EQ(counts.code_lengths, 19U);
  EXPECT_FALSE(counts.are_possible());
  EXPECT_FALSE((CodeCounts{287, 1, 4}).are_possible());
  EXPECT_TRUE((CodeCounts{286, 30, 19}).are_possible());
}

// Lengths of codes in their order (16, 17, 18, 0, ...): 16, 17, 18 and 0 take 3 bits, 8, 7, 9 and 6 as well.
// Their codes in the order of the symbols: 0, 6, 7, 8, 9, 16, 17, 18; the first bit of each is the highest.
class LengthList {
 public:
  LengthList() {
    for (int i = 0; i < 8; ++i) bits_.put(3, 3);
  }
  LengthList& length(unsigned bits) { return code(bits == 0 ? 0 : bits - 5); }
  LengthList& repeat(unsigned count) { return code(5, count - 3, 2); }
  LengthList& zeroes(unsigned count) { return count <= 10 ? code(6, count - 3, 3) : code(7, count - 11, 7); }
  const BitList& bits() const { return bits_; }

 private:
  LengthList& code(unsigned code, unsigned extra = 0, unsigned extra_bits = 0) {
    bits_.put(code >> 2 & 1, 1).put(code >> 1 & 1, 1).put(code & 1, 1).put(extra, extra_bits);
    return *this;
  }
  BitList bits_{{}};
};
constexpr CodeCounts kEightLengths = {257, 1, 8};

// 127 codes of 7 bits, the end in 8 bits and another one: a distance alone has one bit, which these cannot
// say.
LengthList complete_lengths() {
  LengthList list;
  list.length(7);
  for (int i = 0; i < 21; ++i) list.repeat(6);
  return list.zeroes(128).length(8);
}

TEST(InflateCodes, RunsRepeatTheLastLengthOrZero) {
  InflateTables tables;
  LengthList list = complete_lengths();
  // 127 codes of 7 bits are there, then 128 zeroes, a code of 8 bits at 255 and one for the end, no distance.
  ASSERT_TRUE(reads(list.length(8).length(0).bits(), kEightLengths, tables));
  EXPECT_EQ(tables.lengths[0].value() & 255, 0U);
  EXPECT_EQ(tables.lengths[0].bits(), 7U);
  EXPECT_EQ(tables.lengths[0x7F].word, InflateEntry::of(255, 8, 0, InflateEntry::kOneLiteral).word);
  EXPECT_EQ(tables.lengths[0xFF].word, InflateEntry::of(0, 8, 0, InflateEntry::kEndOfBlock).word);
  EXPECT_EQ(tables.distances[0].word, InflateEntry::no_code().word);
}

TEST(InflateCodes, DamagedRunsAreRefused) {
  InflateTables tables;
  EXPECT_FALSE(reads(LengthList().repeat(3).bits(), kEightLengths, tables)) << "repeats no length";
  LengthList list = complete_lengths();
  EXPECT_FALSE(reads(list.length(8).zeroes(3).bits(), kEightLengths, tables))
      << "goes beyond the last length";
  EXPECT_FALSE(reads(complete_lengths().bits(), kEightLengths, tables)) << "ends too early";
  EXPECT_FALSE(reads(LengthList().zeroes(138).zeroes(120).bits(), kEightLengths, tables)) << "has no end";
  EXPECT_FALSE(reads(BitList({}), kEightLengths, tables)) << "is empty";
}

TEST(InflateCodes, FixedCodesAreTheirs) {
  InflateTables tables;
  make_fixed_codes(tables);
  // 0 is 00110000, 143 10111111, 144 110010000, 256 0000000, 280 11000000; distance 1 is 00001.
  EXPECT_EQ(tables.lengths[0x0C].value() & 255, 0U);
  EXPECT_EQ(tables.lengths[0x0C].bits(), 8U);
  EXPECT_EQ(tables.lengths[0xFD].value() & 255, 143U);
  EXPECT_EQ(tables.lengths[0x13].value() & 255, 144U);
  EXPECT_EQ(tables.lengths[0x13].bits(), 9U);
  EXPECT_EQ(tables.lengths[0].word, InflateEntry::of(0, 7, 0, InflateEntry::kEndOfBlock).word);
  EXPECT_EQ(tables.lengths[3].word, InflateEntry::of(115, 8, 4).word);
  EXPECT_EQ(tables.distances[16].word, InflateEntry::of(2, 5, 0).word);
  EXPECT_EQ(tables.distances[31].word, InflateEntry::of(0, 5, 0, InflateEntry::kInvalid).word);
}

// Where the tables of a block are cut off zeroes are read, however full the last pieces are.
TEST(Inflater, TablesThatAreCutOffAreReadNoFurther) {
  const Bytes8 block = deflated(differences(3000), 9, Z_DEFAULT_STRATEGY);
  for (std::size_t stored = 0; stored <= 600; ++stored) {
    Bytes8 stream = {0x78, 0x01, 0, static_cast<std::uint8_t>(stored & 255),
                     static_cast<std::uint8_t>(stored >> 8)};
    stream.push_back(static_cast<std::uint8_t>(~stored & 255));
    stream.push_back(static_cast<std::uint8_t>(~stored >> 8 & 255));
    stream.resize(stream.size() + stored, 1);
    stream.insert(stream.end(), block.begin() + 2,
                  block.begin() + 4 + static_cast<std::ptrdiff_t>(stored % 40));
    expect_as_zlib(stream, kPieces[stored % kPieces.size()], 100);
    if (HasFatalFailure()) FAIL() << stored;
  }
}

// A block of two codes of one bit, the end and one that is not used, which holds nothing.
void put_empty_block(BitList& bits) {
  bits.put(0, 1).put(2, 2).put(0, 5).put(0, 5).put(14, 4);
  // Lengths of the codes of lengths in their order (16, 17, 18, 0, ... 1): 18 has 1 bit, 1 has 1 bit.
  bits.put(0, 6).put(1, 3);
  for (int i = 0; i < 13; ++i) bits.put(0, 3);
  bits.put(0, 3).put(1, 3);
  // 138 zeroes, 118 zeroes, a one for 256, a one for distance 0.
  bits.put(1, 1).put(127, 7).put(1, 1).put(107, 7).put(0, 1).put(0, 1);
  bits.put(0, 1);  // the end of the block
}

TEST(Inflater, EmptyBlocksAreNoDamage) {
  BitList bits;
  for (int i = 0; i < 1000; ++i) put_empty_block(bits);
  // A last one with fixed codes, then the checksum of nothing: 1, its highest byte first.
  bits.put(1, 1).put(1, 2).put(0, 7);
  Bytes8 stream = bits.bytes();
  stream.insert(stream.end(), {0, 0, 0, 1});
  EXPECT_EQ(inflate(stream, {1 << 20}, 100).state, Inflater::State::kEnded);
  EXPECT_EQ(inflate_by_zlib(stream).state, Inflater::State::kEnded);
}

TEST(Inflater, AFloodOfThemIs) {
  BitList bits;
  for (int i = 0; i < 70'000; ++i) put_empty_block(bits);
  EXPECT_EQ(inflate(bits.bytes(), {1 << 20}, 100).state, Inflater::State::kDamaged);
}

}  // namespace
}  // namespace netocr::png
