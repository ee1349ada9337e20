// Public conformance images: each file of the folder NETOCR_CORPORA is compared with the reference decoder of
// its format. A format whose folder is missing or empty fails. `npm run conformance -- FOLDER` runs this
// program.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "cpp/image/decoding.hpp"
#include "cpp/image/files.hpp"
#include "cpp/image/opening.hpp"
#include "image/jp2/packets.hpp"

namespace netocr::testing {
namespace {

namespace fs = std::filesystem;

fs::path corpora() {
  const char* given = std::getenv("NETOCR_CORPORA");
  return given != nullptr ? fs::path(given) : fs::path();
}

// In the order of their paths. None is a failure: the caller would compare nothing.
std::vector<fs::path> files_in(const fs::path& folder, const std::vector<std::string>& endings) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::recursive_directory_iterator(folder, failed)) {
    const std::string ending = entry.path().extension().string();
    const bool wanted = std::find(endings.begin(), endings.end(), ending) != endings.end();
    if (entry.is_regular_file() && wanted) files.push_back(entry.path());
  }
  EXPECT_FALSE(files.empty()) << folder << " is missing or has no file to compare";
  std::sort(files.begin(), files.end());
  return files;
}

// There is a picture, with a warning, but nothing to compare it with.
constexpr double kOnlyDecoded = -1;

// A file that is not compared by the rule of its folder.
struct Exception {
  const char* name;                // file name, or the beginning of one followed by '*'
  std::optional<ErrorCode> error;  // it ends in this error; else:
  double within = 0;               // it differs by at most this
  const char* why;
};

const Exception* exception_of(const std::string& name, std::span<const Exception> exceptions) {
  for (const Exception& e : exceptions) {
    const std::string pattern = e.name;
    const bool fits =
        pattern.back() == '*' ? name.rfind(pattern.substr(0, pattern.size() - 1), 0) == 0 : name == pattern;
    if (fits) return &e;
  }
  return nullptr;
}

struct Comparison {
  const char* folder;
  std::vector<std::string> endings;
  double within;  // largest difference of any channel of any pixel
  // The reference picture of a file.
  Pnm (*reference)(const fs::path& file, Bytes bytes);
  std::vector<Exception> exceptions;
};

void compare_all(const Comparison& comparison) {
  const std::vector<fs::path> files = files_in(corpora() / comparison.folder, comparison.endings);
  std::size_t compared = 0;
  std::size_t refused = 0;
  for (const fs::path& file : files) {
    const std::string name = file.filename().string();
    const ByteVector bytes = read_file(file);
    const Decoded decoded = decode(bytes);
    const Exception* exception = exception_of(name, comparison.exceptions);
    if (exception != nullptr && exception->error) {
      EXPECT_EQ(decoded.error, exception->error) << name << " (" << exception->why << "): " << decoded.detail;
      ++refused;
      continue;
    }
    EXPECT_TRUE(decoded.ok()) << name << ": " << decoded.detail;
    if (!decoded.ok()) continue;
    const double within = exception != nullptr ? exception->within : comparison.within;
    if (within == kOnlyDecoded) {
      EXPECT_NE(decoded.warnings, 0U) << name;
      continue;
    }
    const Pnm reference = comparison.reference(file, bytes);
    EXPECT_LE(worst_difference(decoded, reference), within) << name;
    ++compared;
  }
  EXPECT_NE(compared, 0U) << comparison.folder;
  std::printf("corpora: %s: %zu files compared, %zu refused as they should be\n", comparison.folder, compared,
              refused);
}

// A PNG as eight-bit samples over white.
Pnm png_picture(Bytes bytes) {
  return ask("pngtopnm -quiet -mix -background rgb:ff/ff/ff @ | pamdepth -quiet 255", bytes);
}

Pnm png_beside(const fs::path& file, Bytes) {
  fs::path png = file;
  return png_picture(read_file(png.replace_extension(".png")));
}

TEST(Corpora, Wsq) { compare_all({"wsq", {".wsq"}, 0, png_beside, {}}); }

Pnm as_png(const fs::path&, Bytes bytes) { return png_picture(bytes); }

// Our planes are Y, Cb and Cr rounded to whole levels: back in RGB that is up to 1.8 levels (0.5 of Y, 0.5 of
// Cb or Cr times 1.77, and 0.5 of the reference); 16 bits made 8 add half a level.
TEST(Corpora, Png) {
  compare_all({"png",
               {".png"},
               2.5,
               as_png,
               {{"xcsn0g01.png", std::nullopt, kOnlyDecoded, "a wrong checksum: no reference shows it"},
                {"xcrn0g04.png", ErrorCode::kUnrecognizedFormat, 0, "its signature is damaged"},
                {"xlfn0g04.png", ErrorCode::kUnrecognizedFormat, 0, "its signature is damaged"},
                {"xs*", ErrorCode::kUnrecognizedFormat, 0, "its signature is damaged"},
                {"x*", ErrorCode::kCorruptImage, 0, "corrupt on purpose"}}});
}

// The suite has one reference for all files that show the same; names that say which are longer than it.
std::string bmp_reference_name(const std::string& stem) {
  const std::pair<const char*, const char*> exact[] = {
      {"pal8nonsquare", "pal8nonsquare-e"}, {"pal1wb", "pal1"},          {"pal4rle", "pal4"},
      {"rgb16faketrns", "rgb16"},           {"rgb32fakealpha", "rgb24"}, {"rgb16bfdef", "rgb16"},
      {"rgb16-565pal", "rgb16-565"},        {"rgba64", "rgba32"},        {"rgb24rle24", "pal8"},
      {"rgb32-7187", "rgb32-7187"},
  };
  for (const auto& [name, reference] : exact) {
    if (stem == name) return reference;
  }
  if (fs::exists(corpora() / "bmp/reference" / (stem + ".png"))) return stem;
  for (const char* beginning : {"pal1", "pal8", "rgb24", "rgba32"}) {
    if (stem.rfind(beginning, 0) == 0) return beginning;
  }
  return stem.rfind("rgb32", 0) == 0 ? "rgb24" : stem;
}

Pnm bmp_reference(const fs::path& file, Bytes) {
  const std::string name = bmp_reference_name(file.stem().string());
  return ask("convert @ -background white -flatten -depth 8 ppm:-",
             read_file(corpora() / "bmp/reference" / (name + ".png")));
}

TEST(Corpora, BmpGood) { compare_all({"bmp/g", {".bmp"}, 2.5, bmp_reference, {}}); }
TEST(Corpora, BmpQuestionable) {
  compare_all(
      {"bmp/q",
       {".bmp"},
       2.5,
       bmp_reference,
       {{"rgb24jpeg.bmp", std::nullopt, 100, "a lossy JPEG of sharp edges"},
        {"rgb24prof2.bmp", std::nullopt, 255, "its profile swaps the colours, which comes after decoding"}}});
}

// Without smoothing of chroma, which is the resampler's work here.
Pnm djpeg_unsmoothed(const fs::path& file, Bytes bytes) {
  const std::string name = file.filename().string();
  // djpeg refuses it; its PNG was made by a browser.
  if (name == "jpg-size-6x6.jpg") return png_beside(file, bytes);
  return ask("djpeg -dct int -nosmooth -ppm @", bytes);
}

TEST(Corpora, Jpeg) {
  const char* lossless = "lossless";
  compare_all({"jpeg/reftest",
               {".jpg", ".jpeg"},
               2.5,
               djpeg_unsmoothed,
               {{"jpeg_lossless*", ErrorCode::kUnsupportedFeature, 0, lossless},
                {"lossless16bit.jpg", ErrorCode::kUnsupportedFeature, 0, lossless},
                {"MR4.jpg", ErrorCode::kUnsupportedFeature, 0, lossless},
                {"XA1.jpg", ErrorCode::kUnsupportedFeature, 0, lossless}}});
}

// One component of a code stream as opj_decompress writes it, made eight bits without rounding.
struct Component {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<double> samples;
};

// PGX: a line of text, then big-endian samples of one, two or four bytes.
Component read_pgx(const ByteVector& file) {
  const std::string head(file.begin(),
                         file.begin() + static_cast<long>(std::min<std::size_t>(file.size(), 60)));
  Component component;
  char sign = 0;
  int bits = 0;
  if (std::sscanf(head.c_str(), "PG ML %c %d %u %u", &sign, &bits, &component.width, &component.height) !=
      4) {
    return {};
  }
  const std::size_t bytes = bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
  const double most = std::exp2(bits) - 1;
  std::size_t at = head.find('\n') + 1;
  while (at + bytes <= file.size()) {
    std::int64_t value = sign == '-' && (file[at] & 0x80) != 0 ? -1 : 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value * 256 + file[at++];
    component.samples.push_back((static_cast<double>(value) + (sign == '-' ? std::exp2(bits - 1) : 0)) * 255 /
                                most);
  }
  return component;
}

// The code stream in a JP2 file; the file itself when it has no boxes.
ByteVector codestream_of(const ByteVector& file) {
  for (std::size_t at = 0; at + 8 <= file.size();) {
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length * 256 + file[at + i];
    if (std::string(file.begin() + static_cast<long>(at) + 4, file.begin() + static_cast<long>(at) + 8) ==
        "jp2c") {
      return {file.begin() + static_cast<long>(at) + 8,
              length == 0 ? file.end() : file.begin() + static_cast<long>(at + length)};
    }
    if (length < 8) break;
    at += length;
  }
  return file;
}

// Asked for a code stream alone, the tool applies no palette, profile or colour space.
std::vector<Component> opj_components(const ByteVector& stream, const std::string& ending) {
  // A folder of its own: a stream of many components gives a file for each.
  const fs::path folder = temporary_file("corpora");
  fs::create_directory(folder);
  const std::string in = folder / ("in" + ending);
  write_file(in, stream);
  EXPECT_EQ(std::system(("opj_decompress -quiet -i " + in + " -o " + (folder / "out.pgx").string() +
                         " > /dev/null 2>&1")
                            .c_str()),
            0);
  std::vector<Component> components;
  for (const char* name : {"out.pgx", "out_0.pgx", "out_1.pgx", "out_2.pgx", "out_3.pgx"}) {
    const Component component = read_pgx(read_file(folder / name));
    if (!component.samples.empty()) components.push_back(component);
  }
  fs::remove_all(folder);
  return components;
}

// The sample that covers (x, y) of a picture of width x height.
double covering(const Component& c, std::uint32_t x, std::uint32_t y, std::uint32_t width,
                std::uint32_t height) {
  const std::uint64_t column = std::uint64_t{x} * c.width / width;
  const std::uint64_t row = std::uint64_t{y} * c.height / height;
  return c.samples[row * c.width + column];
}

double worst_plane_difference(const Decoded& decoded, const std::vector<Component>& components, bool rgb) {
  double worst = 0;
  for (std::size_t i = 0; i < decoded.planes.size(); ++i) {
    const DecodedPlane& plane = decoded.planes[i];
    const std::uint32_t width = plane.geometry.width;
    const std::uint32_t height = plane.geometry.height;
    const Component& own = components[rgb ? 0 : i];
    if (own.width != width || own.height != height) return 1e9;
    for (std::uint32_t y = 0; y < height; ++y) {
      for (std::uint32_t x = 0; x < width; ++x) {
        double expected = own.samples[std::size_t{y} * width + x];
        if (rgb) {
          const auto channel = [&](std::size_t c) { return covering(components[c], x, y, width, height); };
          const Ycc ycc = ycc_of({channel(0), channel(1), channel(2)});
          expected = i == 0 ? ycc.y : i == 1 ? ycc.cb : ycc.cr;
        }
        worst = std::max(worst, std::abs(plane.at(x, y) - expected));
      }
    }
  }
  return worst;
}

double worst_rgb_difference(const Decoded& decoded, const std::vector<Component>& components) {
  const PlaneGeometry& luma = decoded.planes[0].geometry;
  double worst = 0;
  for (std::uint32_t y = 0; y < luma.height; ++y) {
    for (std::uint32_t x = 0; x < luma.width; ++x) {
      const Rgb rgb = rgb_of(pixel(decoded, x, y));
      const double channels[] = {rgb.r, rgb.g, rgb.b};
      for (std::size_t i = 0; i < 3; ++i) {
        worst =
            std::max(worst, std::abs(channels[i] - covering(components[i], x, y, luma.width, luma.height)));
      }
    }
  }
  return worst;
}

TEST(Corpora, Jpeg2000) {
  std::size_t compared = 0;
  for (const fs::path& file : files_in(corpora() / "jp2/conformance", {".jp2", ".j2k", ".j2c"})) {
    const std::string name = file.filename().string();
    if (name == "file9.jp2") continue;  // a palette, whose indices are not the picture
    const ByteVector bytes = read_file(file);
    const Decoded decoded = decode(bytes);
    EXPECT_TRUE(decoded.ok()) << name << ": " << decoded.detail;
    if (!decoded.ok()) continue;
    // Channels in another order than the code stream's: the tool has to see the boxes.
    const bool whole = name == "file2.jp2";
    const std::vector<Component> components =
        opj_components(whole ? bytes : codestream_of(bytes), whole ? ".jp2" : ".j2k");
    ASSERT_GE(components.size(), decoded.planes.size()) << name;
    const ColorModel model = inspect_image(bytes, Limits{})->color_model;
    const bool rgb = decoded.planes.size() == 3 && model == ColorModel::kRgb;
    if (name == "a6_mono_colr.j2c") {
      // Red, green and blue of different sizes: ours are interpolated, the reference's are repeated.
      EXPECT_LE(worst_plane_difference(decoded, components, rgb), 70) << name;
    } else if (name == "file2.jp2" || name == "file3.jp2" || name == "subsampling_1.jp2") {
      // sYCC, which the tool makes RGB even here.
      EXPECT_LE(worst_rgb_difference(decoded, components), 2.5) << name;
    } else {
      EXPECT_LE(worst_plane_difference(decoded, components, rgb), 1) << name;
    }
    ++compared;
  }
  EXPECT_NE(compared, 0U);
  std::printf("corpora: jp2/conformance: %zu files compared\n", compared);
}

// The walk over the packets of cut-off files finds all packets of whole ones, to the last byte.
TEST(Corpora, Jpeg2000Packets) {
  std::size_t walked = 0;
  for (const fs::path& file : files_in(corpora() / "jp2/conformance", {".jp2", ".j2k", ".j2c"})) {
    const std::string name = file.filename().string();
    const ByteVector bytes = codestream_of(read_file(file));
    auto header = jp2::read_header(bytes);
    ASSERT_TRUE(header.ok()) << name;
    const auto tiles = jp2::read_tiles(bytes, *header);
    ASSERT_TRUE(tiles.ok()) << name;
    const std::uint32_t component = 0;
    for (std::uint32_t tile = 0; tile < header->tile_count(); ++tile) {
      std::size_t size = 0;
      for (std::uint32_t part = tiles->first[tile]; part != 0; part = tiles->parts[part - 1].next)
        size += tiles->parts[part - 1].data.size();
      const auto extent = jp2::measure_tile(*header, *tiles, tile, 0, {&component, 1});
      ASSERT_TRUE(extent.ok()) << name;
      EXPECT_TRUE(extent->is_whole) << name << ' ' << tile;
      EXPECT_EQ(extent->bytes, size) << name << ' ' << tile;
      EXPECT_EQ(extent->end, header->tile(tile).y1) << name << ' ' << tile;
      ++walked;
    }
  }
  EXPECT_NE(walked, 0U);
  std::printf("corpora: jp2/conformance: packets of %zu tiles\n", walked);
}

// Of libtiff's own program; no channels where it cannot decode the file (over 16 bits, floats, odd depths),
// which says so on its standard output only.
Pnm tiff2rgba_picture(const fs::path& file) {
  const std::string out = temporary_file("corpora");
  const std::string quiet = " > /dev/null 2>&1";
  Pnm picture;
  if (std::system(("tiff2rgba -c none '" + file.string() + "' " + out + ".tif" + quiet).c_str()) == 0) {
    picture = ask(": @; convert " + out + ".tif[0] -background white -flatten -depth 8 ppm:-", {});
  }
  std::remove((out + ".tif").c_str());
  return picture;
}

// Of signed samples, which the program takes for unsigned ones: the files say it in their names.
bool has_signed_samples(const std::string& name) {
  for (const char* part : {"-i8", "-i16", "-1c-i", "-3c-i"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return name.starts_with("int8") || name.starts_with("int16");
}

TEST(Corpora, Tiff) {
  std::size_t compared = 0;
  std::size_t decoded_only = 0;
  std::size_t refused = 0;
  for (const char* folder : {"tiff/images", "tiff/libtiffpic"}) {
    for (const fs::path& file : files_in(corpora() / folder, {".tif", ".tiff"})) {
      const std::string name = file.filename().string();
      const ByteVector bytes = read_file(file);
      const Decoded decoded = decode(bytes);
      if (!decoded.ok()) {
        // 65,535 is the largest side of a JPEG; other errors name a coding that libtiff has no library for
        // here.
        EXPECT_TRUE(decoded.error == ErrorCode::kUnsupportedFeature ||
                    decoded.error == ErrorCode::kImageTooLarge)
            << file << ": " << decoded.detail;
        ++refused;
        continue;
      }
      const auto info = inspect_image(bytes, Limits{});
      Pnm reference = tiff2rgba_picture(file);
      // The program turns pictures upright; ours are turned after resampling.
      if (reference.channels == 0 || info->orientation != 1) {
        ++decoded_only;
        continue;
      }
      // The program shows no alpha beside inks, and takes an extra sample of no declared meaning for alpha.
      if (name == "cmyk-4c-8b.tiff" || name == "extra_bits_rgb_8b.tiff" || name == "tiled-cmyk-i8.tif") {
        ++decoded_only;
        continue;
      }
      if (has_signed_samples(name)) {
        for (std::uint8_t& sample : reference.samples) sample ^= 0x80;
      }
      // Old-style JPEG: its chroma is enlarged by another filter.
      EXPECT_LE(worst_difference(decoded, reference), name == "zackthecat.tif" ? 4.5 : 3) << file;
      ++compared;
    }
  }
  EXPECT_NE(compared, 0U);
  std::printf(
      "corpora: tiff: %zu files compared, %zu decoded that tiff2rgba does not show as stored, %zu refused\n",
      compared, decoded_only, refused);
}

// Files made to hurt decoders: an outcome for each, whatever it is.
TEST(Corpora, HostileFiles) {
  std::size_t total = 0;
  for (const char* folder : {"jpeg/crashtest", "bmp/b", "tiff/fuzz_images"}) {
    std::size_t count = 0;
    std::error_code absent;
    for (const auto& entry : fs::recursive_directory_iterator(corpora() / folder, absent)) {
      if (!entry.is_regular_file()) continue;
      const ByteVector bytes = read_file(entry.path());
      (void)inspect_image(bytes, Limits{});
      const Decoded decoded = decode(bytes);
      if (!decoded.ok()) {
        EXPECT_EQ(error_code_info(*decoded.error).stage, "input") << entry.path();
      }
      ++count;
    }
    EXPECT_NE(count, 0U) << folder << " is missing or has no file";
    total += count;
  }
  std::printf("corpora: %zu hostile files survived\n", total);
}

}  // namespace
}  // namespace netocr::testing
