// Rewriting PNG without loss: the same pixels over white for every kind of file, in files of which a strict
// reader and other programs find nothing amiss; nothing hidden in the input is in the output.
#include "image/png/rewrite.hpp"

#include <gtest/gtest.h>

#include <random>

#include "cpp/image/meta/exif_maker.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/png/reader.hpp"

namespace netocr::png {
namespace {

using namespace netocr::testing;

constexpr std::size_t kNoLimit = 1 << 28;

struct Kind {
  std::uint8_t color_type, depth;
};
constexpr Kind kKinds[] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {2, 8}, {3, 1},
                           {3, 2}, {3, 4}, {3, 8}, {4, 8}, {6, 8}};

// Empty when the file is to be encoded anew.
ByteVector rewritten(const ByteVector& file, std::uint8_t orientation = 1, std::size_t max_bytes = kNoLimit,
                     const Limits& limits = {}) {
  const auto header = read_header(file);
  if (!header.ok()) return {};
  const auto result = rewrite(file, *header, orientation, max_bytes, limits);
  EXPECT_TRUE(result.ok());
  if (!result.ok() || !*result) return {};
  const Bytes bytes = (*result)->bytes.span();
  const ReadPng read = read_written_png(bytes);
  EXPECT_EQ(read.problem, "");
  EXPECT_EQ(read.width, (*result)->width);
  EXPECT_EQ(read.height, (*result)->height);
  EXPECT_LE(bytes.size(), max_bytes);
  return {bytes.begin(), bytes.end()};
}

// Every kind of file that is rewritten.
std::vector<PngSpec> all_specs(std::uint32_t width, std::uint32_t height) {
  std::vector<PngSpec> specs;
  for (const Kind& kind : kKinds) {
    for (const bool interlaced : {false, true}) {
      for (const bool transparent : {false, true}) {
        if (transparent && kind.color_type >= 4) continue;
        PngSpec spec = png_spec(kind.color_type, kind.depth, width, height);
        spec.interlaced = interlaced;
        if (transparent) spec.transparency = some_transparency(spec);
        specs.push_back(spec);
      }
    }
  }
  return specs;
}

std::string name_of(const PngSpec& spec) {
  return "colour type " + std::to_string(spec.color_type) + " depth " + std::to_string(spec.depth) +
         (spec.interlaced ? " interlaced" : "") + (spec.transparency.empty() ? "" : " tRNS");
}

// What is seen on white, rounded; never halfway between two values.
ByteVector shown(const PngSpec& spec) {
  ByteVector rgb;
  for (std::uint32_t y = 0; y < spec.height; ++y) {
    for (std::uint32_t x = 0; x < spec.width; ++x) {
      const Rgb p = png_pixel(spec, x, y);
      for (const double value : {p.r, p.g, p.b}) rgb.push_back(static_cast<std::uint8_t>(std::lround(value)));
    }
  }
  return rgb;
}

TEST(PngRewrite, EveryKindShowsTheSame) {
  for (const auto& [width, height] : {std::pair{37U, 41U}, {32U, 8U}, {1U, 1U}, {3U, 20U}, {9U, 2U}}) {
    for (const PngSpec& spec : all_specs(width, height)) {
      const ByteVector out = rewritten(make_png(spec));
      ASSERT_FALSE(out.empty()) << name_of(spec);
      const ReadPng read = read_written_png(out);
      EXPECT_EQ(read.width, width);
      EXPECT_EQ(read.height, height);
      EXPECT_EQ(read.depth, spec.depth);
      EXPECT_EQ(read.color_type, spec.color_type & 3);  // less the alpha channel
      EXPECT_TRUE(read.rgb == shown(spec)) << name_of(spec);
    }
  }
}

TEST(PngRewrite, ARewrittenFileGivesItself) {
  for (const PngSpec& spec : all_specs(37, 23)) {
    for (const std::uint8_t orientation : {std::uint8_t{1}, std::uint8_t{6}}) {
      const ByteVector once = rewritten(make_png(spec), orientation);
      ASSERT_FALSE(once.empty());
      EXPECT_TRUE(rewritten(once) == once) << name_of(spec);
      EXPECT_TRUE(rewritten(once, 1, once.size()) == once) << name_of(spec);
    }
  }
}

// The command must succeed and print nothing but a picture; "@" stands for the file.
std::string complaint_of(std::string command, const ByteVector& file) {
  const TemporaryFile input(file);
  command.replace(command.find('@'), 1, input.path());
  FILE* pipe = popen((command + " 2>&1 >/dev/null").c_str(), "r");
  std::string printed;
  for (int c = 0; pipe != nullptr && (c = std::fgetc(pipe)) != EOF;) printed += static_cast<char>(c);
  return pipe == nullptr || pclose(pipe) != 0 ? "failed: " + printed : printed;
}

ByteVector rgb_of(const Pnm& pnm) {
  ByteVector rgb;
  for (std::uint32_t y = 0; y < pnm.height; ++y) {
    for (std::uint32_t x = 0; x < pnm.width; ++x) {
      for (std::uint32_t channel = 0; channel < 3; ++channel) rgb.push_back(pnm.at(x, y, channel));
    }
  }
  return rgb;
}

// ImageMagick composes with 16 bits before it rounds to 8: partial transparency is within 1.
void expect_shown_by_magick(const PngSpec& spec, const ByteVector& file, const std::string& turn,
                            const ByteVector& rgb) {
  const ByteVector theirs =
      rgb_of(ask("convert png:@ -background white -flatten " + turn + " -depth 8 ppm:-", file));
  ASSERT_EQ(theirs.size(), rgb.size());
  const int tolerance = spec.color_type >= 4 ? 1 : 0;
  int worst = 0;
  for (std::size_t i = 0; i < rgb.size(); ++i) worst = std::max(worst, std::abs(theirs[i] - rgb[i]));
  EXPECT_LE(worst, tolerance) << name_of(spec) << ' ' << turn;
}

TEST(PngRewrite, OtherProgramsReadItWithoutAWarning) {
  for (const PngSpec& spec : all_specs(45, 29)) {
    const ByteVector out = rewritten(make_png(spec));
    const std::string netpbm = "pngtopnm @";
    const std::string magick = "convert png:@ -depth 8 ppm:-";
    EXPECT_EQ(complaint_of("pngcheck -q @ 1>&2", out), "") << name_of(spec);
    EXPECT_EQ(complaint_of(netpbm, out), "") << name_of(spec);
    EXPECT_EQ(complaint_of(magick, out), "") << name_of(spec);
    EXPECT_TRUE(rgb_of(ask(netpbm + " | ppmtoppm | pamdepth 255", out)) == shown(spec)) << name_of(spec);
    EXPECT_TRUE(rgb_of(ask(magick, out)) == shown(spec)) << name_of(spec);
    // ... and see in it what they see in the file that it was made of.
    expect_shown_by_magick(spec, make_png(spec), "", shown(spec));
  }
}

TEST(PngRewrite, EveryOrientationIsTurnedUpright) {
  constexpr const char* kTurns[] = {"",           "-flop",      "-rotate 180", "-flip",
                                    "-transpose", "-rotate 90", "-transverse", "-rotate 270"};
  for (const Kind& kind : {Kind{0, 1}, Kind{2, 8}, Kind{3, 4}, Kind{6, 8}}) {
    for (const bool interlaced : {false, true}) {
      PngSpec spec = png_spec(kind.color_type, kind.depth, 29, 18);
      spec.interlaced = interlaced;
      const ByteVector file = make_png(spec);
      for (std::uint8_t orientation = 1; orientation <= 8; ++orientation) {
        const ReadPng read = read_written_png(rewritten(file, orientation));
        EXPECT_EQ(read.width, orientation > 4 ? spec.height : spec.width);
        EXPECT_EQ(read.height, orientation > 4 ? spec.width : spec.height);
        expect_shown_by_magick(spec, file, kTurns[orientation - 1], read.rgb);
      }
    }
  }
}

TEST(PngRewrite, SixteenBitsAreEncodedAnew) {
  for (const std::uint8_t color_type : ByteVector{0, 2, 4, 6})
    EXPECT_TRUE(rewritten(make_png(png_spec(color_type, 16, 20, 20))).empty());
}

TEST(PngRewrite, WhatShowsTheSameGivesTheSameBytes) {
  PngSpec spec = png_spec(2, 8, 40, 30);
  const ByteVector once = rewritten(make_png(spec));
  spec.interlaced = true;
  spec.data_chunk = 7;
  EXPECT_TRUE(rewritten(make_png(spec)) == once) << "interlaced, in small chunks";
  spec.interlaced = false;
  ByteVector rows(once.size());
  for (int level : {0, 1, 6}) {
    rows = png_rows(spec);
    EXPECT_TRUE(rewritten(make_png_with_data(spec, png_maker::deflate(rows, level))) == once) << level;
  }
  PngSpec with_alpha = spec;
  with_alpha.color_type = 6;
  with_alpha.sample = [&](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    return channel == 3 ? 255 : spec.sample(x, y, channel);
  };
  EXPECT_TRUE(rewritten(make_png(with_alpha)) == once) << "with an opaque alpha channel";
}

// --- What must not go out.

const std::string kNeedle = "x7-NEEDLE-ab43!q";

ByteVector needle() { return {kNeedle.begin(), kNeedle.end()}; }

bool has_needle(const ByteVector& bytes) {
  return std::search(bytes.begin(), bytes.end(), kNeedle.begin(), kNeedle.end()) != bytes.end();
}

// Rewritten, it is what the file without the needle is rewritten to, and has it neither packed nor unpacked.
void expect_needle_dropped(const ByteVector& file, const ByteVector& clean, const std::string& name) {
  const ByteVector out = rewritten(file);
  ASSERT_FALSE(out.empty()) << name;
  EXPECT_TRUE(out == rewritten(clean)) << name;
  const ReadPng read = read_written_png(out);
  EXPECT_FALSE(has_needle(out) || has_needle(read.rows) || has_needle(read.plain) || has_needle(read.rgb))
      << name;
}

ByteVector text_of(std::string_view text) { return {text.begin(), text.end()}; }

// Data of a chunk of this type with the needle in it, well-formed where that is easy.
ByteVector chunk_data(const std::string& type) {
  using namespace std::string_view_literals;
  ByteVector data;
  if (type == "tEXt") data = text_of("Comment\0"sv);
  if (type == "iTXt") data = text_of("Comment\0\0\0en\0\0"sv);
  if (type == "sPLT") data = text_of("name\0\x08"sv);
  if (type == "eXIf") data = make_exif({.orientation_tag = 0x0113});
  if (type == "iCCP" || type == "zTXt") {
    data = text_of("name\0\0"sv);
    append(data, png_maker::deflate(needle()));
  }
  append(data, needle());
  return data;
}

constexpr const char* kAncillary[] = {"tEXt", "zTXt", "iTXt", "eXIf", "iCCP", "tIME", "pHYs", "bKGD", "hIST",
                                      "sPLT", "sBIT", "gAMA", "cHRM", "sRGB", "cICP", "mDCV", "cLLI", "acTL",
                                      "fcTL", "fdAT", "oFFs", "sTER", "vpAg", "prVt", "caBX"};

// `chunk` behind the chunk number `index` of the file.
ByteVector with_chunk(const ByteVector& file, std::size_t index, const ByteVector& chunk) {
  ByteReader reader(file, 8);
  for (std::size_t i = 0; i <= index; ++i) reader.skip(std::uint64_t{reader.u32be()} + 8);
  EXPECT_TRUE(reader.ok());
  ByteVector made = file;
  made.insert(made.begin() + static_cast<std::ptrdiff_t>(reader.position()), chunk.begin(), chunk.end());
  return made;
}

TEST(PngRewrite, NoOtherChunkGoesOut) {
  for (const Kind& kind : {Kind{2, 8}, Kind{3, 4}}) {
    PngSpec spec = png_spec(kind.color_type, kind.depth, 30, 30);
    spec.data_chunk = 100;
    const ByteVector file = make_png(spec);
    std::size_t chunks = 0;
    for (ByteReader reader(file, 8); reader.remaining() > 0; ++chunks)
      reader.skip(std::uint64_t{reader.u32be()} + 8);
    ASSERT_GT(chunks, 5U);
    for (const std::string type : kAncillary) {
      const ByteVector chunk = png_chunk(type, chunk_data(type));
      // Behind the header, PLTE or a first IDAT, between others, behind the last one, behind IEND.
      for (const std::size_t index : {std::size_t{0}, std::size_t{1}, std::size_t{2}, chunks - 2, chunks - 1})
        expect_needle_dropped(with_chunk(file, index, chunk), file, type + ' ' + std::to_string(index));
    }
  }
}

TEST(PngRewrite, BytesBehindTheEndDoNotGoOut) {
  const ByteVector file = make_png(png_spec(2, 8, 30, 30));
  ByteVector longer = file;
  append(longer, needle());
  expect_needle_dropped(longer, file, "the needle alone");
  append(longer, file);
  expect_needle_dropped(longer, file, "another file");
}

TEST(PngRewrite, DataBehindTheStreamIsDamage) {
  for (const bool interlaced : {false, true}) {
    for (const std::size_t data_chunk : {std::size_t{1} << 20, std::size_t{50}}) {
      PngSpec spec = png_spec(2, 8, 30, 30);
      spec.interlaced = interlaced;
      spec.data_chunk = data_chunk;
      const ByteVector whole = png_data(spec);
      for (std::size_t size = 1; size <= 100; size = size * 2 + 1) {
        ByteVector data = whole;
        while (data.size() < whole.size() + size) data.push_back(needle()[data.size() % 16]);
        EXPECT_TRUE(rewritten(make_png_with_data(spec, data)).empty()) << size;
      }
      ByteVector apart = make_png(spec);
      const ByteVector end = png_chunk("IDAT", needle());
      apart.insert(apart.end() - 12, end.begin(), end.end());
      EXPECT_TRUE(rewritten(apart).empty());
      // An empty chunk adds nothing.
      ByteVector empty = make_png(spec);
      const ByteVector nothing = png_chunk("IDAT", {});
      empty.insert(empty.end() - 12, nothing.begin(), nothing.end());
      EXPECT_TRUE(rewritten(empty) == rewritten(make_png(spec)));
    }
  }
}

TEST(PngRewrite, RowsBehindTheLastAreDamage) {
  for (const bool interlaced : {false, true}) {
    PngSpec spec = png_spec(2, 8, 30, 30);
    spec.interlaced = interlaced;
    for (const std::size_t size : std::vector<std::size_t>{1, 16, 91, 100'000}) {
      ByteVector rows = png_rows(spec);
      for (std::size_t i = 0; i < size; ++i) rows.push_back(needle()[i % 16]);
      EXPECT_TRUE(rewritten(make_png_with_data(spec, png_maker::deflate(rows))).empty()) << size;
    }
  }
}

TEST(PngRewrite, UnusedEntriesOfThePaletteDoNotGoOut) {
  PngSpec spec = png_spec(3, 8, 30, 30);
  spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t) { return (x * 7 + y * 3) % 100; };
  ByteVector clean = make_png(spec);
  ByteVector bytes = needle();
  std::copy(bytes.begin(), bytes.end(), spec.palette.begin() + 3 * 120);
  expect_needle_dropped(make_png(spec), clean, "PLTE");
  spec.transparency = ByteVector(256, 255);
  std::copy(bytes.begin(), bytes.end(), spec.transparency.begin() + 130);
  expect_needle_dropped(make_png(spec), clean, "tRNS");
  // Between those that are used.
  spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t) { return (x * 7 + y * 3) % 100 + 140; };
  spec.transparency.clear();
  clean = make_png(spec);
  std::copy(bytes.begin(), bytes.end(), spec.palette.begin() + 3 * 20);
  expect_needle_dropped(make_png(spec), clean, "PLTE before");
}

// The order of a palette and the choice among entries of one colour could tell something, too.
TEST(PngRewrite, ThePaletteHasOneOrder) {
  PngSpec spec = png_spec(3, 8, 40, 40);
  spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t) { return (x * y + x) % 60; };
  const ByteVector once = rewritten(make_png(spec));
  PngSpec turned = spec;
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel)
      turned.palette[3 * i + channel] = spec.palette[3 * (255 - i) + channel];
  }
  turned.sample = [&](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    return 255 - spec.sample(x, y, channel);
  };
  EXPECT_TRUE(rewritten(make_png(turned)) == once);
  PngSpec doubled = spec;
  std::copy(spec.palette.begin(), spec.palette.begin() + 180, doubled.palette.begin() + 180);
  doubled.sample = [&](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    return spec.sample(x, y, channel) + (x * 5 + y * 3 & 8) / 8 * 60;
  };
  EXPECT_TRUE(rewritten(make_png(doubled)) == once);
}

// One pixel in the highest bit of a row's only byte, the needle bit by bit in the seven others.
TEST(PngRewrite, PaddingBitsDoNotGoOut) {
  for (const std::uint8_t color_type : ByteVector{0, 3}) {
    PngSpec spec = png_spec(color_type, 1, 1, 128);
    ByteVector clean, rows;
    for (std::uint32_t y = 0; y < 128; ++y) {
      const auto pixel = static_cast<std::uint8_t>(y % 3 == 0 ? 128 : 0);
      append(clean, {0, pixel});
      append(rows, {0, static_cast<std::uint8_t>(pixel | (needle()[y / 8] >> 1))});
    }
    expect_needle_dropped(make_png_with_data(spec, png_maker::deflate(rows)),
                          make_png_with_data(spec, png_maker::deflate(clean)), "padding");
  }
}

TEST(PngRewrite, ColoursUnderTransparencyDoNotGoOut) {
  const ByteVector bytes = needle();
  for (const std::uint8_t color_type : ByteVector{4, 6}) {
    const std::uint32_t alpha = color_type == 4 ? 1 : 3;
    PngSpec spec = png_spec(color_type, 8, 30, 30);
    const auto visible = spec.sample;
    const auto make = [&](bool has_secret) {
      spec.sample = [=, &bytes](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
        if (y % 10 != 4) return visible(x, y, channel);
        return channel == alpha ? 0U : has_secret ? bytes[(alpha * x + channel) % 16] : 0U;
      };
      return make_png(spec);
    };
    expect_needle_dropped(make(true), make(false), "colour type " + std::to_string(color_type));
  }
  // Entries 10 to 15 of a palette, drawn but not seen.
  PngSpec spec = png_spec(3, 4, 30, 30);
  spec.transparency = ByteVector(16, 0);
  std::fill_n(spec.transparency.begin(), 10, std::uint8_t{255});
  std::fill_n(spec.palette.begin() + 30, 18, std::uint8_t{0});
  const ByteVector clean = make_png(spec);
  std::copy(bytes.begin(), bytes.end(), spec.palette.begin() + 30);
  expect_needle_dropped(make_png(spec), clean, "palette");
}

// --- Damage and limits.

TEST(PngRewrite, NoPrefixIsRewritten) {
  for (const bool interlaced : {false, true}) {
    for (const Kind& kind : {Kind{2, 8}, Kind{3, 4}, Kind{4, 8}}) {
      PngSpec spec = png_spec(kind.color_type, kind.depth, 24, 24);
      spec.interlaced = interlaced;
      spec.data_chunk = 300;
      spec.after_data = png_chunk("tEXt", needle());
      const ByteVector file = make_png(spec);
      for (std::size_t length = 0; length < file.size(); ++length) {
        // An own allocation of just this size, so that a read past the end is seen.
        const ByteVector prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
        ASSERT_TRUE(rewritten(prefix).empty()) << length;
      }
    }
  }
}

// But in the name of a tRNS: by another it is some chunk that is passed over.
TEST(PngRewrite, AWrongBitIsFound) {
  constexpr std::string_view kName = "tRNS";
  for (const bool interlaced : {false, true}) {
    PngSpec spec = png_spec(3, 2, 24, 24);
    spec.interlaced = interlaced;
    spec.transparency = {0, 128};
    spec.data_chunk = 60;
    const ByteVector file = make_png(spec);
    ASSERT_FALSE(rewritten(file).empty());
    const auto name = std::search(file.begin(), file.end(), kName.begin(), kName.end()) - file.begin();
    for (std::size_t at = 0; at < file.size(); ++at) {
      ByteVector damaged = file;
      damaged[at] ^= static_cast<std::uint8_t>(1U << at % 8);
      const bool is_in_name = at - static_cast<std::size_t>(name) < kName.size();
      EXPECT_EQ(rewritten(damaged).empty(), !is_in_name) << at;
    }
  }
}

TEST(PngRewrite, DataWhoseChecksumIsWrongIsDamage) {
  const PngSpec spec = png_spec(2, 8, 24, 24);
  ByteVector data = png_data(spec);
  data.back() ^= 1;
  EXPECT_TRUE(rewritten(make_png_with_data(spec, data)).empty());
}

TEST(PngRewrite, ColoursThatDoNotFitAreDamage) {
  PngSpec beyond = png_spec(3, 8, 20, 20);
  beyond.palette.resize(3 * 200);
  beyond.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t) { return x == 7 && y == 9 ? 200U : x; };
  EXPECT_TRUE(rewritten(make_png(beyond)).empty());
  beyond.palette.resize(3 * 201);
  EXPECT_FALSE(rewritten(make_png(beyond)).empty());
  PngSpec without = png_spec(3, 8, 20, 20);
  without.palette.clear();
  EXPECT_TRUE(rewritten(make_png(without)).empty());
  for (const Kind& kind : {Kind{0, 8}, Kind{2, 8}, Kind{3, 2}}) {
    PngSpec spec = png_spec(kind.color_type, kind.depth, 20, 20);
    spec.transparency = ByteVector(5, 0);
    EXPECT_TRUE(rewritten(make_png(spec)).empty());
    // Behind the data it does not count, but who put it there meant something.
    spec.transparency.clear();
    spec.after_data = png_chunk("tRNS", some_transparency(spec));
    EXPECT_TRUE(rewritten(make_png(spec)).empty());
  }
}

TEST(PngRewrite, AFilterThatThereIsNotIsDamage) {
  const PngSpec spec = png_spec(2, 8, 24, 24);
  ByteVector rows = png_rows(spec);
  rows[73 * 20] = 5;
  EXPECT_TRUE(rewritten(make_png_with_data(spec, png_maker::deflate(rows))).empty());
}

TEST(PngRewrite, TheBudgetIsKeptToTheByte) {
  for (const PngSpec& spec : all_specs(33, 25)) {
    const ByteVector file = make_png(spec);
    const ByteVector out = rewritten(file);
    EXPECT_TRUE(rewritten(file, 1, out.size()) == out) << name_of(spec);
    EXPECT_TRUE(rewritten(file, 1, out.size() - 1).empty()) << name_of(spec);
  }
  const ByteVector file = make_png(png_spec(3, 8, 20, 20));
  for (const std::size_t max_bytes : std::vector<std::size_t>{0, 1, 12, 57, 70, 300})
    EXPECT_TRUE(rewritten(file, 1, max_bytes).empty());
}

TEST(PngRewrite, LimitsAreKept) {
  const ByteVector file = make_png(png_spec(2, 8, 40, 30));
  Limits limits;
  limits.max_pixels = 1200;
  limits.max_dimension = 40;
  limits.max_decoder_bytes = 3600;
  EXPECT_FALSE(rewritten(file, 1, kNoLimit, limits).empty());
  Limits fewer = limits;
  fewer.max_pixels = 1199;
  EXPECT_TRUE(rewritten(file, 1, kNoLimit, fewer).empty());
  fewer = limits;
  fewer.max_dimension = 39;
  EXPECT_TRUE(rewritten(file, 1, kNoLimit, fewer).empty());
  fewer = limits;
  fewer.max_decoder_bytes = 3599;
  EXPECT_TRUE(rewritten(file, 1, kNoLimit, fewer).empty());
}

// 67,117,056 pixels of one bit, 7 KiB of data.
TEST(PngRewrite, PicturesOfOver64MebibytesAreEncodedAnew) {
  PngSpec spec = png_spec(0, 1, 8192, 8193);
  const ByteVector data = png_maker::deflate(ByteVector(std::size_t{1025} * 8193, 0));
  EXPECT_TRUE(rewritten(make_png_with_data(spec, data)).empty());
}

// A hasty encoder's file fits when it is done better; of one that stored its rows nothing can be told; of one
// that compressed them to far more than the budget it is known.
TEST(PngRewrite, FilesOverTheBudgetMayFit) {
  PngSpec spec = png_spec(2, 8, 200, 150);
  spec.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    return (x / 3 + y / 5 * (channel + 1) + (x * x + y * y) / 900) & 255;
  };
  const ByteVector rows = png_rows(spec);
  const std::size_t size = rewritten(make_png(spec)).size();
  const ByteVector stored = make_png_with_data(spec, png_maker::deflate(rows, 0));
  ASSERT_GT(stored.size(), 10 * size);
  EXPECT_EQ(rewritten(stored, 1, size).size(), size);
  // Filters at random: data of about two thirds of the rows.
  PngSpec noise = png_spec(2, 8, 64, 64);
  std::mt19937 random(1);
  noise.sample = [&](std::uint32_t, std::uint32_t, std::uint32_t) { return random() & 127; };
  EXPECT_TRUE(rewritten(make_png(noise), 1, 2000).empty());
}

// As small as libpng makes it at its best, filtered and not.
TEST(PngRewrite, FilesAreSmall) {
  PngSpec smooth = png_spec(2, 8, 240, 180);
  std::mt19937 random(7);
  std::normal_distribution<double> noise(0, 1.5);
  ByteVector samples(std::size_t{240} * 180 * 3);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double x = static_cast<double>(i / 3 % 240), y = static_cast<double>(i / 720);
    samples[i] = static_cast<std::uint8_t>(std::clamp(
        128 + 70 * std::sin(x / 40 + static_cast<double>(i % 3)) + 40 * std::cos(y / 31) + noise(random), 0.0,
        255.0));
  }
  smooth.sample = [&](std::uint32_t x, std::uint32_t y, std::uint32_t channel) -> std::uint32_t {
    return samples[(std::size_t{y} * 240 + x) * 3 + channel];
  };
  PngSpec glyphs = png_spec(2, 8, 300, 200);
  glyphs.sample = [](std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    const std::uint32_t glyph = (x / 10 * 7 + y / 14 * 13) % 26;
    return ((x % 10 * glyph + y % 14 * (glyph + 3)) % 11 < 4 ? 30 + 10 * channel : 245) & 255;
  };
  for (const PngSpec& spec : {smooth, glyphs}) {
    const ByteVector file = make_png(spec);
    for (const char* filter : {"0", "5"}) {
      const TemporaryFile input(file);
      const std::string command = std::string("convert png:") + input.path() +
                                  " -define png:color-type=2 -define png:compression-level=9"
                                  " -define png:exclude-chunks=all -define png:compression-filter=" +
                                  filter + " png:- | wc -c";
      FILE* pipe = popen(command.c_str(), "r");
      std::size_t size = 0;
      ASSERT_EQ(std::fscanf(pipe, "%zu", &size), 1);
      pclose(pipe);
      EXPECT_GT(size, 1000U);
      EXPECT_LT(rewritten(file).size(), size + size / 40) << filter;
    }
  }
}

}  // namespace
}  // namespace netocr::png
