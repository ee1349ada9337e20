// InflateInput: the bits and bytes of a stream in their order, in whatever pieces it comes; where it ends,
// and what is behind it.
#include "image/png/inflate_input.hpp"

#include "cpp/image/png/inflating.hpp"

namespace netocr::png {
namespace {

using namespace testing;

// The bits of all pieces, 0 behind the end.
std::uint32_t bits_at(const Bytes8& bytes, std::size_t at, unsigned count) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < count; ++i, ++at) {
    if (at / 8 < bytes.size()) value |= (bytes[at / 8] >> at % 8 & 1U) << i;
  }
  return value;
}

TEST(InflateInput, BitsComeInTheirOrder) {
  const Bytes8 bytes = noise(2000, 256);
  for (const auto& sizes : kPieces) {
    std::mt19937 random(19);
    Pieces pieces(bytes, sizes);
    auto input = InflateInput::create(pieces);
    ASSERT_TRUE(input.ok());
    for (std::size_t at = 0; at < 8 * bytes.size();) {
      input->refill();
      ASSERT_GE(input->bits().count, 56U);
      for (unsigned left = 56; left > 0;) {
        const unsigned count = std::min<unsigned>(left, 1 + random() % 32);
        ASSERT_EQ(input->take_bits(count), bits_at(bytes, at, count)) << at << ' ' << sizes[0];
        at += count;
        left -= count;
        ASSERT_EQ(input->is_overrun(), at > 8 * bytes.size()) << at << ' ' << sizes[0];
      }
    }
  }
}

TEST(InflateInput, ZeroesFollowTheEnd) {
  for (std::size_t size = 0; size <= 40; ++size) {
    const Bytes8 bytes(size, 0xFF);
    Pieces pieces(bytes, {7});
    auto input = InflateInput::create(pieces);
    for (std::size_t i = 0; i < 10 * size + 1000; ++i) {
      input->refill();
      ASSERT_EQ(input->take_bits(8), i < size ? 0xFFU : 0U) << size << ' ' << i;
      ASSERT_EQ(input->is_overrun(), i >= size) << size << ' ' << i;
    }
  }
}

// Bits, then whole bytes, in turns.
TEST(InflateInput, BytesComeBehindTheBits) {
  const Bytes8 bytes = noise(3000, 256);
  for (const auto& sizes : kPieces) {
    Pieces pieces(bytes, sizes);
    auto input = InflateInput::create(pieces);
    Bytes8 taken;
    for (std::size_t round = 1; taken.size() < bytes.size(); ++round) {
      input->refill();
      input->take_bits(round % 8);
      input->skip_to_byte();
      if (round % 8 != 0) taken.push_back(bytes[taken.size()]);
      while (input->bits().count != 0) {
        const auto byte = static_cast<std::uint8_t>(input->take_bits(8));
        if (!input->is_overrun()) taken.push_back(byte);
      }
      for (std::size_t left = round * 13 % 400; left > 0;) {
        const Bytes run = input->take_bytes(left);
        if (run.empty()) break;
        ASSERT_LE(run.size(), left);
        taken.insert(taken.end(), run.begin(), run.end());
        left -= run.size();
      }
    }
    ASSERT_TRUE(taken == bytes) << sizes[0];
    EXPECT_TRUE(input->take_bytes(1).empty());
  }
}

TEST(InflateInput, AllIsUsedOnlyWhenTheSourceHasNoMore) {
  for (const std::size_t piece : {1U, 5U, 24U, 256U, 1000U}) {
    for (const std::size_t size : {1U, 23U, 24U, 255U, 256U, 257U, 700U}) {
      const Bytes8 bytes(size, 1);
      for (const std::size_t left : {0U, 1U, 2U}) {
        if (left > size) continue;
        Pieces pieces(bytes, {piece});
        auto input = InflateInput::create(pieces);
        for (std::size_t i = left; i < size; ++i) {
          input->refill();
          input->take_bits(8);
        }
        EXPECT_EQ(input->is_all_used(), left == 0) << piece << ' ' << size << ' ' << left;
      }
    }
  }
}

TEST(Inflater, BytesBehindTheStreamAreNotDecoded) {
  const Bytes8 data = noise(5000, 9);
  Bytes8 stream = deflated(data, 9, Z_DEFAULT_STRATEGY);
  stream.resize(stream.size() + 3000, 0x5A);
  const Inflated inflated = inflate(stream, {700}, 1000);
  EXPECT_EQ(inflated.state, Inflater::State::kEnded);
  EXPECT_TRUE(inflated.bytes == data);
}

// In pieces of every small size and with tails around what is read ahead and staged.
TEST(Inflater, BytesBehindTheStreamAreSeen) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{700}, std::size_t{40'000}}) {
    for (const int level : {0, 9}) {
      const Bytes8 whole = deflated(differences(size), level, Z_DEFAULT_STRATEGY);
      for (std::size_t piece = 1; piece <= 40; ++piece) {
        for (const std::size_t tail : std::vector<std::size_t>{0, 1, 2, 7, 8, 9, 24, 255, 256, 300}) {
          Bytes8 stream = whole;
          stream.resize(stream.size() + tail, 0);
          // The stream ends in a piece of its own, and in one with what is behind it.
          for (const std::size_t first : {whole.size(), std::max<std::size_t>(whole.size() / 2, 1)}) {
            Pieces pieces(stream, {first, piece});
            auto inflater = Inflater::create(pieces, 50'000);
            ASSERT_TRUE(inflater.ok());
            EXPECT_EQ(inflater->need(50'000).size(), size);
            ASSERT_EQ(inflater->state(), Inflater::State::kEnded);
            ASSERT_EQ(inflater->is_all_input_used(), tail == 0) << size << ' ' << piece << ' ' << tail;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace netocr::png
