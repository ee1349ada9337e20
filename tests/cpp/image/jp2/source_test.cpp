// JPEG 2000 decoding: codestreams of opj_compress against the samples that they were made from, colour boxes
// of every kind, damage, and headers that ask for too much.
#include "image/jp2/source.hpp"

#include <gtest/gtest.h>

#include "cpp/image/jp2/maker.hpp"
#include "cpp/image/meta/icc_maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/read_once.hpp"

namespace netocr::jp2 {
namespace {

using namespace netocr::testing;

// The picture as it should come out: each sample scaled to 0..255.
double expected(const RawPicture& picture, std::size_t component, std::size_t index) {
  const double most = static_cast<double>((1U << picture.depth) - 1);
  const double offset = picture.is_signed ? static_cast<double>(1U << (picture.depth - 1)) : 0;
  return (picture.planes[component][index] + offset) * 255 / most;
}

void expect_grey(const RawPicture& picture, const ByteVector& file, double tolerance) {
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  ASSERT_EQ(decoded.planes.size(), 1U);
  EXPECT_EQ(decoded.warnings, 0U);
  double worst = 0;
  for (std::size_t i = 0; i < picture.planes[0].size(); ++i) {
    worst = std::max(worst, std::abs(decoded.planes[0].samples[i] - expected(picture, 0, i)));
  }
  EXPECT_LE(worst, tolerance);
}

void expect_rgb(const RawPicture& picture, const Decoded& decoded, double tolerance) {
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  ASSERT_EQ(decoded.planes.size(), 3U);
  double worst = 0;
  for (std::size_t i = 0; i < picture.planes[0].size(); ++i) {
    const Ycc want = ycc_of({expected(picture, 0, i), expected(picture, 1, i), expected(picture, 2, i)});
    worst = std::max({worst, std::abs(decoded.planes[0].samples[i] - want.y),
                      std::abs(decoded.planes[1].samples[i] - want.cb),
                      std::abs(decoded.planes[2].samples[i] - want.cr)});
  }
  EXPECT_LE(worst, tolerance);
}

void expect_planes(const RawPicture& picture, const Decoded& decoded) {
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  ASSERT_EQ(decoded.planes.size(), picture.planes.size());
  for (std::size_t plane = 0; plane < picture.planes.size(); ++plane) {
    ASSERT_EQ(decoded.planes[plane].samples.size(), picture.planes[plane].size());
    for (std::size_t i = 0; i < picture.planes[plane].size(); ++i) {
      ASSERT_EQ(decoded.planes[plane].samples[i], picture.planes[plane][i]) << plane << ' ' << i;
    }
  }
}

TEST(Jp2Source, LosslessStructuresAreExact) {
  const RawPicture grey = raw_picture(83, 61, 1, plain_sample);
  const RawPicture rgb = raw_picture(83, 61, 3, plain_sample);
  for (const char* options : {"",
                              "-n 1",
                              "-n 3",
                              "-t 32,32",
                              "-n 3 -t 25,17",
                              "-n 2 -t 83,7",
                              "-d 5,3",
                              "-d 5,3 -t 32,32",
                              "-d 9,7 -T 4,2 -n 3 -t 30,20",
                              "-SOP -EPH",
                              "-p RLCP",
                              "-p RPCL",
                              "-p PCRL",
                              "-p CPRL",
                              "-b 4,4",
                              "-b 64,16",
                              "-c [32,32],[16,16]",
                              "-r 20,5,1",
                              "-t 32,32 -TP R",
                              "-t 32,32 -TP L -r 9,3,1",
                              "-M 1",
                              "-M 4",
                              "-M 8",
                              "-M 32",
                              "-M 63",
                              "-PLT",
                              "-TLM -n 3 -t 16,16"}) {
    SCOPED_TRACE(options);
    expect_grey(grey, opj_compress(grey, options), 0);
    const ByteVector color = opj_compress(rgb, options);
    expect_rgb(rgb, decode(color), 1);
    expect_rgb(rgb, decode(make_jp2(color, {enumerated_color(16)})), 1);
  }
}

TEST(Jp2Source, SmallSizesAreDecoded) {
  for (std::uint32_t width = 1; width <= 6; ++width) {
    for (std::uint32_t height = 1; height <= 6; ++height) {
      const RawPicture picture = raw_picture(width, height, 1, plain_sample);
      SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
      expect_grey(picture, opj_compress(picture, std::min(width, height) > 1 ? "-n 2" : "-n 1"), 0);
      expect_grey(picture, opj_compress(picture, "-n 1 -t 2,3"), 0);
    }
  }
}

TEST(Jp2Source, EveryDepthIsScaledToBytes) {
  for (const std::uint32_t depth : {1U, 2U, 4U, 7U, 8U, 10U, 12U, 15U, 16U}) {
    for (const bool is_signed : {false, true}) {
      const std::uint32_t most = (1U << depth) - 1;
      const auto offset = static_cast<std::int32_t>(is_signed ? 1U << (depth - 1) : 0);
      RawPicture picture = raw_picture(40, 30, 1, [&](std::uint32_t x, std::uint32_t y, std::uint32_t) {
        return static_cast<std::int32_t>((x * 977 + y * 31) % (most + 1)) - offset;
      });
      picture.depth = depth;
      picture.is_signed = is_signed;
      SCOPED_TRACE(std::to_string(depth) + (is_signed ? " signed" : ""));
      const ByteVector file = opj_compress(picture);
      expect_grey(picture, file, 0.51);
      EXPECT_EQ(inspect_image(file, Limits{})->bits_per_sample, depth);
    }
  }
}

TEST(Jp2Source, LossyFilesAreWhatTheReferenceDecoderMakesOfThem) {
  const RawPicture rgb = raw_picture(120, 90, 3, plain_sample);
  const ByteVector file = opj_compress(rgb, "-I -r 12 -t 64,64");
  const std::string in = temporary_file("lossy.j2k");
  const std::string out = temporary_file("lossy.ppm");
  write_file(in, file);
  ASSERT_EQ(std::system(("opj_decompress -i " + in + " -o " + out + " > /dev/null 2>&1").c_str()), 0);
  const ByteVector reference = testing::read_file(out);
  const Pnm pnm = ask("LC_ALL=C sed '2{/^#/d}' @", reference);
  // Rounding to Y, Cb, Cr and back.
  EXPECT_LE(worst_difference(decode(file), pnm), 2.0);
  std::remove(in.c_str());
  std::remove(out.c_str());
}

TEST(Jp2Source, NothingIsDecodedLargerThanNeeded) {
  const RawPicture rgb = raw_picture(200, 120, 3, plain_sample);
  const ByteVector file = opj_compress(rgb, "-n 4 -t 70,50");
  struct Case {
    WantedSize wanted;
    std::uint32_t width, height;
  };
  for (const Case& test :
       {Case{{200, 120}, 200, 120}, Case{{101, 60}, 200, 120}, Case{{100, 60}, 100, 60},
        Case{{100, 61}, 200, 120}, Case{{50, 30}, 50, 30}, Case{{26, 10}, 50, 30}, Case{{1, 1}, 25, 15}}) {
    const Decoded decoded = decode(file, test.wanted);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    const PlaneGeometry& plane = decoded.planes[0].geometry;
    EXPECT_EQ(plane.width, test.width);
    EXPECT_EQ(plane.height, test.height);
    EXPECT_DOUBLE_EQ(plane.extent_width, 200.0 * test.width / 200);
    EXPECT_EQ(decoded.warnings, 0U);
  }
}

// The mean of a reduced picture is that of the whole.
TEST(Jp2Source, ReducedTilesLieWhereTheyShould) {
  const auto halves = [](std::uint32_t x, std::uint32_t, std::uint32_t) { return x < 64 ? 40 : 200; };
  const RawPicture grey = raw_picture(128, 96, 1, halves);
  const Decoded decoded = decode(opj_compress(grey, "-n 3 -t 32,32"), WantedSize{32, 24});
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  ASSERT_EQ(decoded.planes[0].geometry.width, 32U);
  for (std::uint32_t y = 0; y < 24; ++y) {
    for (std::uint32_t x = 0; x < 32; ++x) EXPECT_NEAR(decoded.planes[0].at(x, y), x < 16 ? 40 : 200, 1) << x;
  }
}

TEST(Jp2Source, SubsampledChromaComesAsItsOwnPlanes) {
  RawPicture picture = raw_picture(40, 30, 3, plain_sample);
  picture.sampling = "1x1:2x2:2x2";
  for (std::size_t i = 1; i < 3; ++i) picture.planes[i].resize(20 * 15);
  const ByteVector file = opj_compress(picture, "-n 3");
  const Decoded raw = decode(file);
  expect_planes(picture, raw);
  EXPECT_EQ(raw.planes[1].geometry.width, 20U);
  EXPECT_DOUBLE_EQ(raw.planes[1].geometry.extent_width, 20);
  const ByteVector boxed = make_jp2(file, {enumerated_color(18)});
  expect_planes(picture, decode(boxed));
  EXPECT_EQ(inspect_image(boxed, Limits{})->color_model, ColorModel::kYcbcr);
  // The same as RGB: enlarged by repetition.
  const Decoded rgb = decode(make_jp2(file, {enumerated_color(16)}));
  ASSERT_TRUE(rgb.ok()) << rgb.detail;
  const Ycc want = ycc_of({static_cast<double>(picture.planes[0][10 * 40 + 20]),
                           static_cast<double>(picture.planes[1][5 * 20 + 10]),
                           static_cast<double>(picture.planes[2][5 * 20 + 10])});
  EXPECT_NEAR(rgb.planes[0].at(20, 10), want.y, 1);
  EXPECT_NEAR(rgb.planes[1].at(20, 10), want.cb, 1);
}

TEST(Jp2Source, AllComponentsSubsampledIsASmallerPicture) {
  RawPicture picture = raw_picture(40, 30, 1, plain_sample);
  picture.sampling = "2x2";
  picture.planes[0].resize(20 * 15);
  const ByteVector file = opj_compress(picture, "-n 2");
  EXPECT_EQ(inspect_image(file, Limits{})->width, 20U);
  EXPECT_EQ(inspect_image(file, Limits{})->height, 15U);
  expect_planes(picture, decode(file));
}

TEST(Jp2Source, FullSizeYccIsHandedOut) {
  const RawPicture picture = raw_picture(33, 20, 3, plain_sample);
  expect_planes(picture, decode(make_jp2(opj_compress(picture, "-mct 0"), {enumerated_color(18)})));
}

TEST(Jp2Source, DefinitionsOrderTheColours) {
  const RawPicture picture = raw_picture(33, 20, 3, plain_sample);
  const RawPicture swapped{33, 20, 8, false, {}, {picture.planes[2], picture.planes[0], picture.planes[1]}};
  const ByteVector definitions = channel_definitions({{0, 0, 3}, {1, 0, 1}, {2, 0, 2}});
  expect_rgb(picture, decode(make_jp2(opj_compress(swapped), {enumerated_color(16), definitions})), 1);
}

double over(double value, double alpha) { return over_white(value, alpha); }

TEST(Jp2Source, AlphaIsLaidOverWhite) {
  const RawPicture rgba = raw_picture(33, 20, 4, plain_sample);
  const ByteVector file = opj_compress(rgba);
  for (const std::uint16_t type : {std::uint16_t{1}, std::uint16_t{2}}) {
    const ByteVector definitions = channel_definitions({{0, 0, 1}, {1, 0, 2}, {2, 0, 3}, {3, type, 0}});
    const ByteVector boxed = make_jp2(file, {enumerated_color(16), definitions});
    EXPECT_TRUE(inspect_image(boxed, Limits{})->has_alpha);
    const Decoded decoded = decode(boxed);
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    double worst = 0;
    for (std::size_t i = 0; i < rgba.planes[0].size(); ++i) {
      const double alpha = rgba.planes[3][i];
      double color[3];
      for (std::size_t c = 0; c < 3; ++c) {
        const double value = rgba.planes[c][i];
        color[c] = type == 1 ? over(value, alpha) : std::min(255.0, value + 255 - alpha);
      }
      const Ycc want = ycc_of({color[0], color[1], color[2]});
      worst = std::max({worst, std::abs(decoded.planes[0].samples[i] - want.y),
                        std::abs(decoded.planes[1].samples[i] - want.cb)});
    }
    EXPECT_LE(worst, 1.6) << type;
  }
}

TEST(Jp2Source, GreyWithAlphaNeedsADefinition) {
  const RawPicture picture = raw_picture(33, 20, 2, plain_sample);
  const ByteVector file = opj_compress(picture);
  const Decoded plain = decode(make_jp2(file, {enumerated_color(17)}));
  ASSERT_TRUE(plain.ok()) << plain.detail;
  const Decoded defined =
      decode(make_jp2(file, {enumerated_color(17), channel_definitions({{0, 0, 1}, {1, 1, 0}})}));
  const Decoded premultiplied =
      decode(make_jp2(file, {enumerated_color(17), channel_definitions({{0, 0, 1}, {1, 2, 0}})}));
  ASSERT_TRUE(defined.ok() && premultiplied.ok());
  ASSERT_EQ(defined.planes.size(), 1U);
  for (std::size_t i = 0; i < picture.planes[0].size(); ++i) {
    const double value = picture.planes[0][i];
    const double alpha = picture.planes[1][i];
    EXPECT_EQ(plain.planes[0].samples[i], value);
    EXPECT_NEAR(defined.planes[0].samples[i], over(value, alpha), 0.6);
    EXPECT_EQ(premultiplied.planes[0].samples[i], std::min(255.0, value + 255 - alpha));
  }
}

TEST(Jp2Source, YccWithAlphaIsLaidOverWhite) {
  const RawPicture picture = raw_picture(33, 20, 4, plain_sample);
  const ByteVector definitions = channel_definitions({{0, 0, 1}, {1, 0, 2}, {2, 0, 3}, {3, 1, 0}});
  const Decoded decoded =
      decode(make_jp2(opj_compress(picture, "-mct 0"), {enumerated_color(18), definitions}));
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  for (std::size_t i = 0; i < picture.planes[0].size(); ++i) {
    const double alpha = picture.planes[3][i];
    EXPECT_NEAR(decoded.planes[0].samples[i], over(picture.planes[0][i], alpha), 0.6);
    EXPECT_NEAR(decoded.planes[1].samples[i], 128 + (picture.planes[1][i] - 128) * alpha / 255, 0.6);
  }
}

TEST(Jp2Source, CmykIsConverted) {
  const RawPicture picture = raw_picture(33, 20, 4, plain_sample);
  const ByteVector file = make_jp2(opj_compress(picture, "-mct 0"), {enumerated_color(12)});
  EXPECT_EQ(inspect_image(file, Limits{})->color_model, ColorModel::kCmyk);
  EXPECT_EQ(inspect_image(file, Limits{})->warnings, kWarnProfileIgnored);
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  double worst = 0;
  for (std::size_t i = 0; i < picture.planes[0].size(); ++i) {
    double color[3];
    for (std::size_t c = 0; c < 3; ++c)
      color[c] = (255.0 - picture.planes[c][i]) * (255.0 - picture.planes[3][i]) / 255;
    worst =
        std::max(worst, std::abs(decoded.planes[0].samples[i] - ycc_of({color[0], color[1], color[2]}).y));
  }
  EXPECT_LE(worst, 1.6);
}

ByteVector palette_box(std::uint8_t depth_field, const std::vector<std::vector<std::uint32_t>>& entries) {
  ByteVector contents;
  put_big(contents, entries.size(), 2);
  contents.push_back(static_cast<std::uint8_t>(entries[0].size()));
  for (std::size_t i = 0; i < entries[0].size(); ++i) contents.push_back(depth_field);
  for (const auto& entry : entries) {
    for (const std::uint32_t value : entry) put_big(contents, value, depth_field % 128 > 7 ? 2 : 1);
  }
  return box("pclr", contents);
}

TEST(Jp2Source, PalettesAreLookedUp) {
  // Index 3 is beyond the last entry and takes it.
  const RawPicture indices = raw_picture(33, 20, 1, [](std::uint32_t x, std::uint32_t y, std::uint32_t) {
    return static_cast<std::int32_t>((x / 4 + y) % 4);
  });
  const ByteVector mapping = box("cmap", {0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 2});
  struct Case {
    std::uint8_t depth_field;
    std::vector<std::vector<std::uint32_t>> entries;
    std::uint32_t most;
  };
  for (const Case& test : {Case{7, {{255, 0, 10}, {20, 200, 30}, {0, 0, 255}}, 255},
                           Case{11, {{4095, 0, 10}, {20, 2000, 30}, {0, 77, 4095}}, 4095}}) {
    const ByteVector file =
        make_jp2(opj_compress(indices, "-n 3"),
                 {enumerated_color(16), palette_box(test.depth_field, test.entries), mapping});
    EXPECT_EQ(inspect_image(file, Limits{})->color_model, ColorModel::kPalette);
    // Indices are never scaled, however small the picture is wanted.
    const Decoded decoded = decode(file, WantedSize{1, 1});
    ASSERT_TRUE(decoded.ok()) << decoded.detail;
    ASSERT_EQ(decoded.planes[0].geometry.width, 33U);
    double worst = 0;
    for (std::size_t i = 0; i < indices.planes[0].size(); ++i) {
      const auto& entry =
          test.entries[std::min<std::size_t>(2, static_cast<std::size_t>(indices.planes[0][i]))];
      const auto byte = [&](std::size_t c) { return entry[c] * 255.0 / test.most; };
      worst = std::max(worst, std::abs(decoded.planes[0].samples[i] - ycc_of({byte(0), byte(1), byte(2)}).y));
    }
    EXPECT_LE(worst, 1.6);
  }
}

TEST(Jp2Source, ProfilesAreReportedAndFound) {
  const RawPicture picture = raw_picture(20, 20, 3, plain_sample);
  const ByteVector codestream = opj_compress(picture);
  struct Case {
    ByteVector profile;
    ProfileUse use;
  };
  for (const Case& test :
       {Case{srgb_profile(), ProfileUse::kSrgb}, Case{p3_profile(), ProfileUse::kConverted},
        Case{make_icc({"YCbr", kP3Colorants, srgb_curve()}), ProfileUse::kIgnored}}) {
    const ByteVector file = make_jp2(codestream, {profile_color(test.profile)});
    const auto info = inspect_image(file, Limits{});
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->profile, test.use);
    EXPECT_EQ(info->warnings, test.use == ProfileUse::kIgnored ? kWarnProfileIgnored : 0U);
    EXPECT_TRUE(info->has_metadata);
    EXPECT_TRUE(decode(file).ok());
    const Bytes profile = read_file(file, true)->channels.profile;
    EXPECT_TRUE(std::equal(profile.begin(), profile.end(), test.profile.begin(), test.profile.end()));
    EXPECT_GE(profile.data(), file.data());
  }
  const ByteVector without = make_jp2(codestream, {enumerated_color(16)});
  EXPECT_TRUE(read_file(without, true)->channels.profile.empty());
}

TEST(Jp2Source, ColourSpacesThatWouldLookWrongAreRefused) {
  const ByteVector codestream = opj_compress(raw_picture(20, 20, 3, plain_sample));
  for (const std::uint32_t space : {9U, 11U, 13U, 14U, 19U}) {
    const ByteVector file = make_jp2(codestream, {enumerated_color(space)});
    EXPECT_EQ(decode(file).error, ErrorCode::kUnsupportedFeature) << space;
    EXPECT_FALSE(inspect_image(file, Limits{})->decodable);
  }
  // Others count by their components.
  const Decoded unknown = decode(make_jp2(codestream, {enumerated_color(99)}));
  ASSERT_TRUE(unknown.ok());
  EXPECT_EQ(unknown.planes.size(), 3U);
  EXPECT_EQ(unknown.warnings, kWarnProfileIgnored);
}

TEST(Jp2Source, BoxLengthsOfEveryForm) {
  const RawPicture picture = raw_picture(20, 20, 3, plain_sample);
  const ByteVector codestream = opj_compress(picture);
  ByteVector file =
      joined({jp2_start(), box("jp2h", joined({image_header_box(20, 20, 3), enumerated_color(16)}))});
  ByteVector to_end = file;
  put_bytes(to_end, {0, 0, 0, 0, 'j', 'p', '2', 'c'});
  put_bytes(to_end, codestream);
  expect_rgb(picture, decode(to_end), 1);
  ByteVector wide = file;
  put_bytes(wide, {0, 0, 0, 1, 'j', 'p', '2', 'c'});
  put_big(wide, codestream.size() + 16, 8);
  put_bytes(wide, codestream);
  put_bytes(wide, box("xml ", {'<', 'a', '/', '>'}));
  expect_rgb(picture, decode(wide), 1);
  EXPECT_TRUE(inspect_image(wide, Limits{})->has_metadata);
  for (std::uint8_t length = 2; length < 8; ++length) {
    ByteVector bad = file;
    put_bytes(bad, {0, 0, 0, length, 'j', 'p', '2', 'c'});
    put_bytes(bad, codestream);
    EXPECT_EQ(decode(bad).error, ErrorCode::kCorruptImage) << int{length};
  }
  ByteVector short_wide = file;
  put_bytes(short_wide, {0, 0, 0, 1, 'j', 'p', '2', 'c'});
  put_big(short_wide, 15, 8);
  put_bytes(short_wide, codestream);
  EXPECT_EQ(decode(short_wide).error, ErrorCode::kCorruptImage);
}

TEST(Jp2Source, ChannelsAndColumnsThatAreNotThereAreRefused) {
  const ByteVector grey = opj_compress(raw_picture(20, 20, 1, plain_sample));
  const ByteVector rgb = opj_compress(raw_picture(20, 20, 3, plain_sample));
  const ByteVector palette = palette_box(7, {{1, 2, 3}, {4, 5, 6}});
  for (const ByteVector& file :
       {make_jp2(rgb, {enumerated_color(16), channel_definitions({{0, 0, 1}, {1, 0, 2}, {9, 0, 3}})}),
        make_jp2(rgb,
                 {enumerated_color(16), channel_definitions({{0, 0, 1}, {1, 0, 2}, {2, 0, 3}, {7, 1, 0}})}),
        make_jp2(grey, {enumerated_color(16), palette, box("cmap", {0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 3})}),
        make_jp2(grey, {enumerated_color(16), palette, box("cmap", {0, 5, 1, 0, 0, 5, 1, 1, 0, 5, 1, 2})}),
        make_jp2(grey, {enumerated_color(16), palette}),
        make_jp2(grey, {enumerated_color(16), box("pclr", {0, 0, 3, 7, 7, 7})}),
        make_jp2(grey, {enumerated_color(16), box("pclr", {0, 9, 3, 7, 7, 7, 1, 2, 3})}),
        make_jp2(grey, {box("colr", {1, 0, 0})}), make_jp2(grey, {box("cdef", {0, 9, 0})}),
        joined({jp2_start(), box("jp2h", image_header_box(1, 1, 1))})}) {
    EXPECT_EQ(decode(file).error, ErrorCode::kCorruptImage);
    EXPECT_FALSE(inspect_image(file, Limits{}).ok());
  }
}

TEST(Jp2Source, EveryPrefixIsRefusedOrWarnedOf) {
  const RawPicture picture = raw_picture(60, 40, 3, plain_sample);
  for (const char* options : {"-r 8", "-r 8 -t 32,32", "-r 20,8 -p LRCP -SOP"}) {
    const ByteVector file = make_jp2(opj_compress(picture, options), {enumerated_color(16)});
    const PrefixOutcomes outcomes = decode_every_prefix(file);
    EXPECT_GT(outcomes.warned, file.size() / 4) << options;
    EXPECT_EQ(outcomes.clean, 0U) << options;
  }
}

TEST(Jp2Source, TruncatedFilesKeepWhatIsThere) {
  const RawPicture picture = raw_picture(96, 64, 1, [](std::uint32_t x, std::uint32_t y, std::uint32_t) {
    return static_cast<std::int32_t>((x * 7 + y * 13) % 256);
  });
  ByteVector file = opj_compress(picture, "-t 32,64");
  file.resize(file.size() / 2);
  const Decoded decoded = decode(file);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, kWarnTruncated);
  EXPECT_EQ(inspect_image(file, Limits{})->warnings, kWarnTruncated);
  EXPECT_EQ(decoded.planes[0].at(5, 5), picture.planes[0][5 * 96 + 5]);  // the first tile is whole
  EXPECT_EQ(decoded.planes[0].at(90, 60), 255);                          // the last one is missing: white
}

TEST(Jp2Source, DamageIsSurvived) {
  const RawPicture picture = raw_picture(60, 40, 3, plain_sample);
  for (const char* options : {"", "-t 32,32 -I -r 6", "-M 63 -SOP -EPH -p RPCL -c [16,16]"}) {
    decode_with_damage(make_jp2(opj_compress(picture, options), {enumerated_color(16)}), 300, 7);
  }
}

std::size_t position_of(const ByteVector& file, const ByteVector& bytes) {
  const auto found = std::search(file.begin(), file.end(), bytes.begin(), bytes.end());
  EXPECT_NE(found, file.end());
  return static_cast<std::size_t>(found - file.begin());
}

// Scod allows SOP markers, it does not ask for them.
TEST(Jp2Source, SopMarkersMayBeLeftOut) {
  const RawPicture grey = raw_picture(83, 61, 1, plain_sample);
  ByteVector file = opj_compress(grey);
  file[position_of(file, {0xFF, 0x52}) + 4] |= 2;
  expect_grey(grey, file, 0);
}

// The last bytes of the tile are missing, and all lengths say that this is right.
TEST(Jp2Source, CodeBlocksThatAreTooShortAreWarnedOf) {
  const RawPicture grey = raw_picture(83, 61, 1, plain_sample);
  for (const char* options : {"", "-SOP", "-SOP -EPH", "-p PCRL -c [16,16]"}) {
    ByteVector file = opj_compress(grey, options);
    const std::size_t part = position_of(file, {0xFF, 0x90, 0, 10});
    file.erase(file.end() - 302, file.end() - 2);
    const std::size_t length = file.size() - 2 - part;
    for (std::size_t i = 0; i < 4; ++i)
      file[part + 6 + i] = static_cast<std::uint8_t>(length >> (24 - 8 * i));
    EXPECT_EQ(inspect_image(file, Limits{})->warnings, 0U) << options;
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << options << ": " << decoded.detail;
    EXPECT_EQ(decoded.warnings, kWarnTruncated) << options;
  }
}

TEST(Jp2Source, LimitsAreKept) {
  const ByteVector file = opj_compress(raw_picture(64, 64, 3, plain_sample));
  Limits limits;
  limits.max_pixels = 64 * 63;
  EXPECT_EQ(decode(file, kFullSize, limits).error, ErrorCode::kImageTooLarge);
  limits = {};
  limits.max_decoder_bytes = 64 * 64 * 3 * 4;
  EXPECT_EQ(decode(file, kFullSize, limits).error, ErrorCode::kImageTooLarge);
}

TEST(Jp2Source, InspectReadsTheHeader) {
  const ByteVector codestream = opj_compress(raw_picture(70, 50, 3, plain_sample), "-C made-by-a-test");
  for (const ByteVector& file : {codestream, make_jp2(codestream, {enumerated_color(16)})}) {
    const auto info = inspect_image(file, Limits{});
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->width, 70U);
    EXPECT_EQ(info->height, 50U);
    EXPECT_EQ(info->bits_per_sample, 8);
    EXPECT_EQ(info->color_model, ColorModel::kRgb);
    EXPECT_TRUE(info->has_metadata);
    EXPECT_TRUE(info->decodable);
    EXPECT_EQ(info->warnings, 0U);
  }
}

TEST(Jp2Source, TheHeaderIsReadOnce) {
  const ByteVector file =
      make_jp2(opj_compress(raw_picture(37, 21, 3, plain_sample)), {profile_color(p3_profile())});
  expect_header_is_read_once(file, 0, text_offset(file, "jp2c"));
}

}  // namespace
}  // namespace netocr::jp2
