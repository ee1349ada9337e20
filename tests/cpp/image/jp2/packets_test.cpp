// The walk over packets against openjpeg's encoder, which writes their lengths (PLT), and against the length
// of whole files of every structure.
#include "image/jp2/packets.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "cpp/image/jp2/maker.hpp"
#include "image/jp2/packet_header.hpp"

namespace netocr::jp2 {
namespace {

using namespace netocr::testing;

struct Opened {
  ByteVector bytes;  // header and tiles point into them
  Header header;
  Tiles tiles;
};

Opened open_codestream(ByteVector bytes) {
  Opened file{std::move(bytes), {}, {}};
  auto header = read_header(file.bytes);
  EXPECT_TRUE(header.ok());
  auto tiles = read_tiles(file.bytes, *header);
  EXPECT_TRUE(tiles.ok());
  file.header = *header;
  file.tiles = std::move(*tiles);
  return file;
}

std::vector<std::uint32_t> all_components(const Header& header) {
  std::vector<std::uint32_t> all(header.component_count);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TileExtent measure(const Opened& file, std::uint32_t tile, std::uint32_t reduce = 0) {
  const auto extent = measure_tile(file.header, file.tiles, tile, reduce, all_components(file.header));
  EXPECT_TRUE(extent.ok());
  return extent.ok() ? *extent : TileExtent{};
}

std::size_t data_bytes(const Tiles& tiles, std::uint32_t tile) {
  std::size_t bytes = 0;
  for (std::uint32_t part = tiles.first[tile]; part != 0; part = tiles.parts[part - 1].next)
    bytes += tiles.parts[part - 1].data.size();
  return bytes;
}

// The lengths of a tile's packets (A.7.3): seven bits a byte, the highest set in all but the last.
std::vector<std::size_t> packet_lengths(const Tiles& tiles, std::uint32_t tile) {
  std::vector<std::size_t> lengths;
  std::size_t length = 0;
  for (std::uint32_t part = tiles.first[tile]; part != 0; part = tiles.parts[part - 1].next) {
    const Bytes segments = tiles.parts[part - 1].segments;
    for (std::size_t position = 0; position < segments.size();) {
      const auto segment = next_segment(segments, position);
      EXPECT_TRUE(segment.ok());
      if (!segment.ok()) break;
      if (segment->marker != 0xFF58) continue;
      for (const std::uint8_t byte : segment->contents.subspan(1)) {
        length = length << 7 | (byte & 127U);
        if (byte >= 128) continue;
        lengths.push_back(length);
        length = 0;
      }
    }
  }
  return lengths;
}

constexpr const char* kStructures[] = {"",
                                       "-n 1",
                                       "-n 6",
                                       "-t 32,32",
                                       "-n 3 -t 25,17",
                                       "-d 9,7 -T 4,2 -n 3 -t 30,20",
                                       "-r 20,10,5,1",
                                       "-p RLCP -r 20,5,1",
                                       "-p RPCL -r 20,5,1 -c [32,32],[16,16]",
                                       "-p PCRL -r 20,5,1 -c [32,32],[16,16],[8,8]",
                                       "-p CPRL -r 20,5,1 -c [16,16]",
                                       "-p PCRL -d 5,3 -c [16,32] -b 4,8",
                                       "-p RPCL -d 13,21 -T 6,5 -t 40,50 -c [16,16],[32,8]",
                                       "-p CPRL -t 50,40 -c [64,64]",
                                       "-b 4,4 -r 30,3,1",
                                       "-M 1 -r 8,1",
                                       "-M 4 -r 8,1",
                                       "-M 5 -r 8,1",
                                       "-M 63 -r 8,4,1",
                                       "-I -r 40,20,10",
                                       "-SOP",
                                       "-EPH",
                                       "-SOP -EPH -r 20,5,1 -p RLCP",
                                       "-TP R -p RLCP -t 50,50",
                                       "-TP L -r 9,3,1",
                                       "-POC T1=0,0,1,2,3,LRCP/T1=2,0,1,3,3,RPCL"};

RawPicture picture_of(std::uint32_t components) { return raw_picture(93, 77, components, plain_sample); }

TEST(Jp2Packets, WholeTilesAreWholeToTheLastByte) {
  for (const std::uint32_t components : {1U, 3U}) {
    for (const char* options : kStructures) {
      if (std::string_view(options).starts_with("-POC") && components == 1) continue;
      SCOPED_TRACE(options);
      const Opened file = open_codestream(opj_compress(picture_of(components), options));
      for (std::uint32_t tile = 0; tile < file.header.tile_count(); ++tile) {
        const TileExtent extent = measure(file, tile);
        EXPECT_TRUE(extent.is_whole) << tile;
        EXPECT_EQ(extent.end, file.header.tile(tile).y1) << tile;
        EXPECT_EQ(extent.bytes, data_bytes(file.tiles, tile)) << tile;
      }
    }
  }
}

// Cut at each packet's end, one byte before and one behind it: those before it are found.
TEST(Jp2Packets, EndWhereTheEncoderSays) {
  for (const char* options : kStructures) {
    SCOPED_TRACE(options);
    Opened file = open_codestream(opj_compress(picture_of(3), std::string(options) + " -PLT"));
    const std::vector<std::size_t> lengths = packet_lengths(file.tiles, 0);
    ASSERT_GT(lengths.size(), 2U);
    const std::uint32_t first = file.tiles.first[0];
    if (file.tiles.parts[first - 1].next != 0) continue;  // the data of one part is cut here
    const Bytes data = file.tiles.parts[first - 1].data;
    ASSERT_EQ(std::accumulate(lengths.begin(), lengths.end(), std::size_t{0}), data.size());
    std::size_t end = 0;
    for (const std::size_t length : lengths) {
      for (const std::size_t cut : {end, end + 1, end + length - 1}) {
        if (cut >= end + length) continue;
        file.tiles.parts[first - 1].data = data.first(cut);
        const TileExtent extent = measure(file, 0);
        EXPECT_EQ(extent.bytes, end) << cut;
        EXPECT_FALSE(extent.is_whole) << cut;
      }
      end += length;
    }
  }
}

// Three of five resolutions, whatever is missing of the others; with a reduction to two, these.
TEST(Jp2Packets, HalfOfTheResolutionsCount) {
  Opened file = open_codestream(opj_compress(picture_of(1), "-n 5 -PLT"));
  const std::vector<std::size_t> lengths = packet_lengths(file.tiles, 0);
  ASSERT_EQ(lengths.size(), 5U);  // one layer, one precinct a resolution
  const Bytes data = file.tiles.parts[0].data;
  std::size_t end = 0;
  for (std::uint32_t there = 0; there <= 5; ++there) {
    file.tiles.parts[0].data = data.first(end);
    EXPECT_EQ(measure(file, 0).end, there >= 3 ? 77U : 0U) << there;
    EXPECT_EQ(measure(file, 0, 2).end, there >= 3 ? 77U : 0U) << there;
    EXPECT_EQ(measure(file, 0, 3).end, there >= 2 ? 77U : 0U) << there;
    EXPECT_EQ(measure(file, 0, 4).end, there >= 1 ? 77U : 0U) << there;
    if (there < 5) end += lengths[there];
  }
}

// By position: from the top, as far as all precincts of the lower resolutions reach.
TEST(Jp2Packets, PrecinctsCountFromTheTop) {
  Opened file =
      open_codestream(opj_compress(raw_picture(64, 128, 1, plain_sample), "-n 2 -p PCRL -c [32,32],[16,16]"));
  const Bytes data = file.tiles.parts[0].data;
  std::uint32_t last = 0;
  std::vector<std::uint32_t> ends;
  for (std::size_t size = 0; size <= data.size(); ++size) {
    file.tiles.parts[0].data = data.first(size);
    const std::uint32_t end = measure(file, 0).end;
    EXPECT_GE(end, last) << size;
    if (ends.empty() || end != ends.back()) ends.push_back(end);
    last = end;
  }
  // Precincts of 16 rows at half of the size.
  EXPECT_EQ(ends, (std::vector<std::uint32_t>{0, 32, 64, 96, 128}));
}

TEST(Jp2Packets, TilesWithoutDataHaveNoRow) {
  Opened file = open_codestream(opj_compress(picture_of(1), "-t 64,64"));
  file.tiles.first[1] = 0;
  const TileExtent extent = measure(file, 1);
  EXPECT_EQ(extent.end, file.header.tile(1).y0);
  EXPECT_FALSE(extent.is_whole);
}

// Bits that no encoder writes: every header of random bytes ends, with a length or without.
TEST(Jp2Packets, HeadersOfRandomBytesEnd) {
  std::uint32_t state = 1;
  std::size_t read = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::array<std::uint8_t, 40> bytes{};
    for (std::uint8_t& byte : bytes) {
      state = state * 1664525U + 1013904223U;
      byte = static_cast<std::uint8_t>(state >> 24);
    }
    bytes[0] |= 0x80;
    std::array<TagNode, 12> inclusion{}, bit_planes{};
    std::array<Block, 8> blocks{};
    ASSERT_EQ(tag_nodes(4, 2), 8U + 2 + 1);
    const BlockGrid grid{4, 2, inclusion.data(), bit_planes.data(), blocks.data()};
    BitReader bits(bytes);
    const auto length = read_packet_header(bits, {&grid, 1}, static_cast<std::uint32_t>(round % 3),
                                           static_cast<std::uint8_t>(round % 128));
    read += length ? 1 : 0;
    EXPECT_EQ(bits.is_behind_end() && length, false);
  }
  EXPECT_GT(read, 100U);
}

}  // namespace
}  // namespace netocr::jp2
