// Tokens against a plain reading of T.81 F.1.2, and what is coded from them against what is coded from
// blocks.
#include "image/jpeg/encode/scan_tokens.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <vector>

#include "cpp/image/pictures.hpp"
#include "image/jpeg/encode/bit_writer.hpp"
#include "image/jpeg/encode/rate.hpp"

namespace netocr::jpeg {
namespace {

using testing::must_make_image;
using testing::photo;

// What one block's AC coefficients become, by the definitions of Quantiser and DeadZone.
void add_ac(const std::int16_t* block, const QuantTables& tables, std::uint32_t component,
            std::vector<Token>& to) {
  const Quantiser quantiser = make_quantiser(tables.of(component), component, tables.dead_zone);
  const DeadZone dead_zone = make_dead_zone(tables.of(component), component, tables.dead_zone);
  const std::uint32_t base = component == 0 ? kTokenAc : kTokenChroma | kTokenAc;
  Levels levels;
  detail::quantise_block_scalar(block, quantiser, levels);
  std::uint32_t run = 0;
  for (std::uint32_t i = 1; i < kBlockSize; ++i) {
    const auto magnitude = static_cast<std::uint32_t>(std::abs(block[i]));
    if (levels[i] == 0 || dead_zone.drops(i, run, magnitude)) {
      ++run;
      continue;
    }
    for (; run > 15; run -= 16) to.push_back(base | kZeroRun16);
    const auto size = static_cast<std::uint32_t>(std::bit_width(std::uint32_t{levels[i]}));
    const std::uint32_t value = block[i] < 0 ? (1U << size) - 1 - levels[i] : levels[i];
    to.push_back(base | run << 4 | size | value << kTokenIndexBits);
    run = 0;
  }
  if (run > 0) to.push_back(base | kEndOfBlock);
}

void add_dc(std::int32_t difference, std::uint32_t component, std::vector<Token>& to) {
  const auto magnitude = static_cast<std::uint32_t>(std::abs(difference));
  const auto size = static_cast<std::uint32_t>(std::bit_width(magnitude));
  const std::uint32_t value = difference < 0 ? (1U << size) - 1 - magnitude : magnitude;
  to.push_back((component == 0 ? 0 : kTokenChroma) | size | value << kTokenIndexBits);
}

std::int32_t dc_level(std::int16_t coefficient, std::uint8_t step) {
  const int level = (std::abs(coefficient) + step * 4) / (step * 8);
  return coefficient < 0 ? -level : level;
}

std::vector<Token> expected_tokens(const Frame& frame, const QuantTables& tables) {
  std::vector<Token> tokens;
  std::array<std::int32_t, 3> predicted{};
  for (std::uint32_t y = 0; y < frame.mcus_high(); ++y) {
    for (std::uint32_t x = 0; x < frame.mcus_wide(); ++x) {
      for (std::uint32_t c = 0; c < frame.component_count; ++c) {
        const std::uint32_t side = frame.sampling[c].h;
        const CoefficientPlane& plane = frame.components[c];
        for (std::uint32_t i = 0; i < side * side; ++i) {
          const std::uint32_t block_x = x * side + i % side;
          const std::uint32_t block_y = y * side + i / side;
          if (block_x >= plane.blocks_wide || block_y >= plane.blocks_high) {
            add_dc(0, c, tokens);
            tokens.push_back((c == 0 ? kTokenAc : kTokenChroma | kTokenAc) | kEndOfBlock);
            continue;
          }
          const std::int16_t* const block = plane.block(block_x, block_y);
          const std::int32_t dc = dc_level(block[0], tables.of(c)[0]);
          add_dc(dc - predicted[c], c, tokens);
          predicted[c] = dc;
          add_ac(block, tables, c, tokens);
        }
      }
    }
  }
  return tokens;
}

ScanTokens with_room(std::size_t count) {
  ScanTokens tokens;
  auto room = Array<Token>::create(count);
  EXPECT_TRUE(room.ok());
  tokens.room = std::move(*room);
  return tokens;
}

struct Shape {
  std::uint32_t width;
  std::uint32_t height;
  std::uint8_t planes;
  double detail;
};
constexpr Shape kShapes[] = {{1, 1, 1, 1},   {1, 1, 3, 1},    {16, 16, 3, 2},   {8, 8, 1, 2},
                             {17, 33, 3, 3}, {131, 66, 3, 4}, {131, 66, 1, 20}, {200, 120, 3, 20}};

Frame frame_of(const Shape& shape) {
  auto frame = make_frame(photo(shape.width, shape.height, shape.planes, shape.width, shape.detail));
  EXPECT_TRUE(frame.ok());
  return std::move(*frame);
}

TEST(ScanTokens, AreWhatTheDefinitionsSay) {
  for (const Shape& shape : kShapes) {
    const Frame frame = frame_of(shape);
    for (const double percent : {0.05, 0.15, 2.0, 12.0, 40.0, 150.0, 5000.0}) {
      const QuantTables tables = make_quant_tables(percent);
      const std::vector<Token> expected = expected_tokens(frame, tables);
      ScanTokens tokens = with_room(expected.size() + kMaxMcuTokens);
      const ScanSymbols symbols = record_tokens(frame, tables, tokens);
      ASSERT_TRUE(tokens.is_whole);
      ASSERT_EQ(tokens.count, expected.size());
      ASSERT_TRUE(std::equal(expected.begin(), expected.end(), tokens.room.data()));
      ScanSymbols counted;
      for (const Token token : expected) {
        const std::size_t table = (token & kTokenChroma) != 0 ? 1 : 0;
        ++((token & kTokenAc) != 0 ? counted.ac : counted.dc)[table][token & 0xFF];
      }
      EXPECT_EQ(symbols.dc, counted.dc);
      EXPECT_EQ(symbols.ac, counted.ac);
    }
  }
}

// Every level of every step at every position, after every run: runs above 15 and dropped levels among them.
TEST(ScanTokens, NoiseOfEveryStrength) {
  for (const int range : {9, 60, 500, 8200}) {
    PlanarImage image = must_make_image(64, 64, 3);
    auto frame = make_frame(image);
    ASSERT_TRUE(frame.ok());
    std::mt19937 random(static_cast<unsigned>(range));
    for (CoefficientPlane& plane : frame->components) {
      for (std::int16_t& value : plane.values.span()) {
        const bool zero = random() % 8 < 5;
        value = static_cast<std::int16_t>(
            zero ? 0 : static_cast<int>(random() % static_cast<unsigned>(2 * range + 1)) - range);
      }
    }
    for (const double percent : {0.05, 0.15, 8.0, 30.0, 90.0, 5000.0}) {
      const QuantTables tables = make_quant_tables(percent);
      const std::vector<Token> expected = expected_tokens(*frame, tables);
      ScanTokens tokens = with_room(expected.size() + kMaxMcuTokens);
      record_tokens(*frame, tables, tokens);
      ASSERT_TRUE(tokens.is_whole);
      ASSERT_TRUE(std::equal(expected.begin(), expected.end(), tokens.room.data(),
                             tokens.room.data() + tokens.count));
    }
  }
}

TEST(ScanTokens, GiveTheBytesThatBlocksGive) {
  for (const Shape& shape : kShapes) {
    const Frame frame = frame_of(shape);
    for (const double percent : {0.05, 0.15, 12.0, 150.0}) {
      ScanTokens tokens = with_room(200'000);
      const Candidate candidate = measure_candidate(frame, percent, tokens);
      ASSERT_TRUE(tokens.is_whole);
      auto from_tokens = Buffer::create(1'000'000);
      auto from_blocks = Buffer::create(1'000'000);
      const CodedScan one = code_tokens(tokens, candidate.tables, from_tokens->span());
      const CodedScan two = code_scan(frame, candidate.quant, candidate.tables, from_blocks->span());
      ASSERT_TRUE(one.fits && two.fits);
      ASSERT_EQ(one.bytes, two.bytes);
      EXPECT_EQ(one.stuffed, two.stuffed);
      EXPECT_EQ(one.bytes - one.stuffed, (candidate.scan_bits + 7) / 8);
      EXPECT_TRUE(std::equal(from_tokens->data(), from_tokens->data() + one.bytes, from_blocks->data()));
    }
  }
}

TEST(ScanTokens, CountTheSameWhenThereIsNoRoom) {
  const Frame frame = frame_of({131, 66, 3, 4});
  const QuantTables tables = make_quant_tables(10);
  ScanTokens none;
  ScanTokens little = with_room(1000);
  ScanTokens enough = with_room(100'000);
  const ScanSymbols one = record_tokens(frame, tables, none);
  const ScanSymbols two = record_tokens(frame, tables, little);
  const ScanSymbols three = record_tokens(frame, tables, enough);
  EXPECT_FALSE(none.is_whole);
  EXPECT_FALSE(little.is_whole);
  ASSERT_TRUE(enough.is_whole);
  EXPECT_EQ(one.ac, three.ac);
  EXPECT_EQ(two.ac, three.ac);
  EXPECT_EQ(one.dc, three.dc);
  EXPECT_EQ(two.dc, three.dc);
  EXPECT_EQ(count_symbols(frame, tables).ac, three.ac);
}

TEST(ScanTokens, CodingThemStopsWhereTheRoomEnds) {
  const Frame frame = frame_of({200, 120, 3, 20});
  ScanTokens tokens = with_room(200'000);
  const Candidate candidate = measure_candidate(frame, 20, tokens);
  for (const std::size_t room : {BitWriter::kSlack - 1, BitWriter::kSlack, std::size_t{5000}}) {
    auto out = Buffer::create(room);
    const CodedScan scan = code_tokens(tokens, candidate.tables, out->span());
    EXPECT_FALSE(scan.fits);
    EXPECT_LE(scan.bytes, room);
  }
}

}  // namespace
}  // namespace netocr::jpeg
