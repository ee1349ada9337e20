// Public conformance images, where their folder is: each file is compared with the reference decoder that the
// folder's README names. NETOCR_CORPORA is that folder; default ../shared/corpora beside the repository.
// Without it nothing is compared, and the test says so.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "image_decoding.hpp"

namespace netocr::testing {
namespace {

namespace fs = std::filesystem;

fs::path corpora() {
  const char* given = std::getenv("NETOCR_CORPORA");
  return given != nullptr ? fs::path(given) : fs::path(NETOCR_TESTS_DIR) / "../../shared/corpora";
}

ByteVector read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files_in(const fs::path& folder, const std::vector<std::string>& endings) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::recursive_directory_iterator(folder, failed)) {
    const std::string ending = entry.path().extension().string();
    const bool wanted = std::find(endings.begin(), endings.end(), ending) != endings.end();
    if (entry.is_regular_file() && wanted) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

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
    const Pnm reference = comparison.reference(file, bytes);
    EXPECT_LE(worst_difference(decoded, reference), within) << name;
    ++compared;
  }
  std::printf("corpora: %s: %zu files compared, %zu refused as they should be%s\n", comparison.folder,
              compared, refused, files.empty() ? " (the folder is not there: nothing was checked)" : "");
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
  compare_all({"png", {".png"}, 2.5, as_png, {{"x*", ErrorCode::kCorruptImage, 0, "corrupt on purpose"}}});
}

// The suite has one reference for all files that show the same; names that say which are longer than it.
std::string bmp_reference_name(const std::string& stem) {
  const std::pair<const char*, const char*> exact[] = {
      {"pal8nonsquare", "pal8"},     {"pal1wb", "pal1"},          {"pal4rle", "pal4"},
      {"rgb16faketrns", "rgb16"},    {"rgb32fakealpha", "rgb24"}, {"rgb16bfdef", "rgb16"},
      {"rgb16-565pal", "rgb16-565"}, {"rgba64", "rgba32"},        {"rgb32-7187", "rgb32-7187"},
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
  compare_all({"bmp/q", {".bmp"}, 2.5, bmp_reference, {{"rgb24jpeg.bmp", std::nullopt, 40, "lossy"}}});
}

// Without smoothing of chroma, which is the resampler's work here.
Pnm djpeg_unsmoothed(const fs::path& file, Bytes bytes) {
  const std::string name = file.filename().string();
  // djpeg refuses the one and takes the other's inks the wrong way round; their PNGs were made by a browser.
  if (name == "jpg-size-6x6.jpg" || name == "jpg-cmyk-2.jpg") return png_beside(file, bytes);
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

// opj_decompress knows a file's kind by its name only, and writes to a file only.
Pnm opj_picture(const fs::path& file, Bytes bytes) {
  const std::string out = "/tmp/netocr-corpora-" + std::to_string(getpid()) + ".png";
  return ask(": @; opj_decompress -quiet -upsample -i " + file.string() + " -o " + out +
                 " > /dev/null && pngtopnm -quiet -mix -background rgb:ff/ff/ff " + out +
                 " | pamdepth -quiet 255; rm -f " + out,
             bytes);
}

TEST(Corpora, Jpeg2000) { compare_all({"jp2/conformance", {".jp2", ".j2k", ".j2c"}, 2.5, opj_picture, {}}); }

// Files made to hurt decoders: an outcome for each, whatever it is.
TEST(Corpora, HostileFiles) {
  std::size_t count = 0;
  for (const char* folder : {"jpeg/crashtest", "bmp/b", "tiff/fuzz_images"}) {
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
  }
  std::printf("corpora: %zu hostile files survived\n", count);
}

}  // namespace
}  // namespace netocr::testing
