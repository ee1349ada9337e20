// The parameter sets of x264 and x265, whose settings are known, and the strings of the standard's annex E.
#include <gtest/gtest.h>

#include <string>

#include "cpp/image/command_output.hpp"
#include "cpp/image/heif/coded_maker.hpp"
#include "image/heif/bit_reader.hpp"
#include "image/heif/sequence_parameters.hpp"

namespace netocr::testing {
namespace {

// The first NAL unit of an Annex B stream for which `is_wanted` holds.
template <typename Wanted>
ByteVector find_unit(const ByteVector& stream, Wanted is_wanted) {
  for (std::size_t at = 0; at + 4 < stream.size(); ++at) {
    if (!bytes_at(stream, at, std::string_view("\0\0\1", 3)) || !is_wanted(stream[at + 3])) continue;
    std::size_t end = at + 4;
    // Three bytes that a unit does not have.
    while (end < stream.size() && !bytes_at(stream, end, std::string_view("\0\0\1", 3)) &&
           !bytes_at(stream, end, std::string_view("\0\0\0", 3)))
      ++end;
    return {stream.begin() + static_cast<std::ptrdiff_t>(at + 3),
            stream.begin() + static_cast<std::ptrdiff_t>(end)};
  }
  ADD_FAILURE() << "no such unit";
  return {};
}
ByteVector hevc_set(const ByteVector& stream) {
  return find_unit(stream, [](std::uint8_t first) { return (first >> 1 & 63) == 33; });
}
ByteVector avc_set(const ByteVector& stream) {
  return find_unit(stream, [](std::uint8_t first) { return (first & 31) == 7; });
}

struct Case {
  std::string format, settings;
  std::uint32_t chroma, bits;
  std::uint8_t matrix;
  bool is_full_range;
  int chroma_location = 0;
};

ByteVector coded_by(const Case& c, const std::string& encoder, const std::string& option,
                    const std::string& muxer) {
  const std::string settings = c.settings.empty() ? "" : ":" + c.settings;
  return output_of("ffmpeg -v error -f lavfi -i testsrc=size=192x128:rate=5 -frames:v 5 -pix_fmt " +
                   c.format + " -c:v " + encoder + " -preset ultrafast -" + option + " log-level=none" +
                   settings + " -f " + muxer + " - 2>/dev/null");
}

void expect(const std::optional<heif::SequenceParameters>& set, const Case& c) {
  ASSERT_TRUE(set.has_value()) << c.settings;
  EXPECT_EQ(set->chroma_format, c.chroma) << c.settings;
  EXPECT_EQ(set->luma_bits, c.bits) << c.settings;
  EXPECT_EQ(set->chroma_bits, c.bits) << c.settings;
  EXPECT_EQ(set->coding.matrix, c.matrix) << c.settings;
  EXPECT_EQ(set->coding.is_full_range, c.is_full_range) << c.settings;
  EXPECT_EQ(set->coding.chroma_location, c.chroma_location) << c.settings;
}

TEST(SequenceParameters, OfX265) {
  const Case cases[] = {
      {"yuv420p", "range=limited:colormatrix=bt709", 1, 8, 1, false},
      {"yuv420p", "range=full:colormatrix=smpte170m", 1, 8, 6, true},
      {"yuv420p", "range=full:colormatrix=bt2020nc:scaling-list=default:ref=4:bframes=3", 1, 8, 9, true},
      {"yuv420p", "range=full:colormatrix=bt470bg:sar=5:overscan=show:amp=1:rect=1", 1, 8, 5, true},
      {"yuv420p10le", "range=limited:colormatrix=bt2020nc", 1, 10, 9, false},
      {"yuv444p", "range=full:colormatrix=bt709:keyint=1", 3, 8, 1, true},
      {"yuv422p", "range=limited:colormatrix=bt709", 2, 8, 1, false},
      {"gray", "range=full:colormatrix=bt470bg", 0, 8, 5, true},
      {"yuv420p", "range=full:colormatrix=bt709:chromaloc=1", 1, 8, 1, true, 1},
      {"yuv420p", "range=full:chromaloc=5", 1, 8, 2, true, 5},
  };
  for (const Case& c : cases) {
    expect(heif::read_hevc_parameters(hevc_set(coded_by(c, "libx265", "x265-params", "hevc"))), c);
  }
}

TEST(SequenceParameters, OfX264) {
  const Case cases[] = {
      {"yuv420p", "fullrange=off:colormatrix=bt709", 1, 8, 1, false},
      {"yuv420p", "fullrange=on:colormatrix=smpte170m:keyint=1", 1, 8, 6, true},
      {"yuv420p", "fullrange=on:colormatrix=bt2020nc:8x8dct=1:cqm=jvt:bframes=3:ref=4", 1, 8, 9, true},
      {"yuv420p", "fullrange=on:colormatrix=bt470bg:sar=40/33:overscan=show", 1, 8, 5, true},
      {"yuv420p10le", "fullrange=off:colormatrix=bt2020nc", 1, 10, 9, false},
      {"yuv444p", "fullrange=on:colormatrix=bt709:cqm=jvt", 3, 8, 1, true},
      {"yuv422p", "fullrange=off:colormatrix=bt709", 2, 8, 1, false},
      {"gray", "fullrange=on", 0, 8, 2, true},
      {"yuv420p", "fullrange=on:colormatrix=bt709:chromaloc=1", 1, 8, 1, true, 1},
      {"yuv420p", "fullrange=off:chromaloc=2", 1, 8, 2, false, 2},
  };
  for (const Case& c : cases) {
    expect(heif::read_avc_parameters(avc_set(coded_by(c, "libx264", "x264-params", "h264"))), c);
  }
}

TEST(SequenceParameters, CutSetsAreNone) {
  const Case c{"yuv420p", "range=full:colormatrix=bt709:scaling-list=default", 1, 8, 1, true};
  const ByteVector hevc = hevc_set(coded_by(c, "libx265", "x265-params", "hevc"));
  const Case d{"yuv420p", "fullrange=on:colormatrix=bt709:8x8dct=1:cqm=jvt", 1, 8, 1, true};
  const ByteVector avc = avc_set(coded_by(d, "libx264", "x264-params", "h264"));
  // The colours stand near the end; behind them, a cut is not seen.
  for (std::size_t length = 0; length < hevc.size() / 2; ++length)
    EXPECT_FALSE(heif::read_hevc_parameters(Bytes(hevc).first(length)).has_value()) << length;
  for (std::size_t length = 0; length < avc.size() / 2; ++length)
    EXPECT_FALSE(heif::read_avc_parameters(Bytes(avc).first(length)).has_value()) << length;
}

TEST(BitReader, ReadsCodes) {
  // 1 | 010 | 011 | 00100 | 00101 (se: 4 -> -2) and a byte of emulation prevention between zeroes.
  const std::uint8_t bytes[] = {0b1010'0110, 0b0100'0010, 0b1000'0000};
  heif::BitReader reader(bytes);
  EXPECT_EQ(reader.unsigned_code(), 0U);
  EXPECT_EQ(reader.unsigned_code(), 1U);
  EXPECT_EQ(reader.unsigned_code(), 2U);
  EXPECT_EQ(reader.unsigned_code(), 3U);
  EXPECT_EQ(reader.signed_code(), -2);
  EXPECT_TRUE(reader.ok());
  const std::uint8_t prevented[] = {0, 0, 3, 1, 0, 0, 3};
  heif::BitReader plain(prevented);
  EXPECT_EQ(plain.bits(24), 1U);
  EXPECT_EQ(plain.bits(16), 0U);
  EXPECT_TRUE(plain.ok());
  EXPECT_EQ(plain.bits(1), 0U);
  EXPECT_FALSE(plain.ok());
  const std::uint8_t zeroes[16] = {};
  heif::BitReader endless(zeroes);
  EXPECT_EQ(endless.unsigned_code(), 0U);
  EXPECT_FALSE(endless.ok());
}

struct StringCase {
  ByteVector profile;  // the 12 bytes behind the version
  const char *exact, *usual;
};

TEST(CodecString, OfHevc) {
  const Case c{"yuv420p", "range=full:colormatrix=bt709", 1, 8, 1, true};
  const ByteVector set = hevc_set(coded_by(c, "libx265", "x265-params", "hevc"));
  const StringCase cases[] = {
      {{0x01, 0x60, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 93}, "hvc1.1.6.L93.B0", "hvc1.1.6.L93.B0"},
      {{0x22, 0x20, 0, 0, 0, 0x90, 0, 0x12, 0, 0, 0, 153}, "hvc1.2.4.H153.90.0.12", "hvc1.2.4.H153.90.0.12"},
      {{0x03, 0x70, 0, 0, 0, 0, 0, 0, 0, 0, 0, 90}, "hvc1.3.E.L90", "hvc1.1.E.L90"},
      {{0xc4, 0x08, 0, 0, 1, 0x9e, 0x08, 0, 0, 0, 1, 30},
       "hvc1.C4.80000010.L30.9E.8.0.0.0.1",
       "hvc1.C4.80000010.L30.9E.8.0.0.0.1"},
  };
  for (const StringCase& s : cases) {
    const ByteVector configuration =
        joined({{1}, s.profile, ByteVector(9, 0), {1, 0x80 | 33, 0, 1}, big_endian(set.size(), 2), set});
    const auto parameters = heif::read_parameters(heif::Codec::kHevc, configuration);
    ASSERT_TRUE(parameters.ok()) << parameters.error().detail;
    EXPECT_STREQ(parameters->codec.text, s.exact);
    EXPECT_STREQ(parameters->usual_codec.text, s.usual);
    EXPECT_TRUE(parameters->coding.is_full_range);
  }
}

TEST(CodecString, OthersThan420In8BitsAreLeft) {
  const Case deep{"yuv420p10le", "range=full", 1, 10, 2, true};
  const ByteVector set = hevc_set(coded_by(deep, "libx265", "x265-params", "hevc"));
  const ByteVector configuration =
      joined({{1}, ByteVector(12, 0), ByteVector(9, 0), {1, 33, 0, 1}, big_endian(set.size(), 2), set});
  EXPECT_EQ(heif::read_parameters(heif::Codec::kHevc, configuration).error().code,
            ErrorCode::kUnsupportedFeature);
  for (const heif::Codec codec : {heif::Codec::kHevc, heif::Codec::kAvc}) {
    EXPECT_EQ(heif::read_parameters(codec, {}).error().code, ErrorCode::kCorruptImage);
  }
}

}  // namespace
}  // namespace netocr::testing
