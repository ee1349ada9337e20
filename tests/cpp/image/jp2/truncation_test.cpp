// JPEG 2000 files that are cut off: which rows count, in all progressions, and what is decoded of them.
#include <gtest/gtest.h>

#include "cpp/image/jp2/maker.hpp"
#include "cpp/image/truncation.hpp"

namespace netocr::testing {
namespace {

constexpr std::uint32_t kWidth = 90;
constexpr std::uint32_t kHeight = 70;

RawPicture picture_of(std::uint32_t components) {
  return raw_picture(kWidth, kHeight, components, plain_sample);
}

std::size_t header_bytes(const ByteVector& file) {
  constexpr std::uint8_t kSot[] = {0xFF, 0x90, 0, 10};
  const auto found = std::search(file.begin(), file.end(), std::begin(kSot), std::end(kSot));
  return static_cast<std::size_t>(found - file.begin()) + 14;  // with SOT and SOD
}

struct Structure {
  const char* options;
  bool rows_come_apart = true;  // some lengths have a part of the rows
};

// Rows are those of the lower half of the resolutions: two of three, which is the picture at half of its
// size. There every row that is claimed is that of the whole file, but for the reach of the filters where
// precincts end.
TEST(Jp2Truncation, RowsThatCountAreThoseOfTheWholeFileAtHalfOfTheResolutions) {
  constexpr WantedSize kHalf{kWidth / 2, kHeight / 2};
  for (const Structure& test : {
           Structure{"", false},
           Structure{"-p RLCP", false},
           Structure{"-p RPCL", false},
           Structure{"-p CPRL", false},
           Structure{"-t 40,30"},
           Structure{"-t 40,30 -p RLCP -TP R"},
           Structure{"-d 7,9 -T 3,4 -t 40,30"},
           Structure{"-c [32,32],[16,16]"},
           Structure{"-p RPCL -c [32,32],[16,16]"},
           Structure{"-p PCRL -c [32,32],[16,16],[8,8]"},
           Structure{"-p CPRL -c [32,32],[16,16]"},
           Structure{"-SOP", false},
           Structure{"-EPH", false},
           Structure{"-SOP -EPH -t 40,30"},
       }) {
    SCOPED_TRACE(test.options);
    const bool has_precincts = std::string_view(test.options).find("-c") != std::string_view::npos;
    const ByteVector file = opj_compress(picture_of(3), test.options);
    const Decoded whole = decode(file, kHalf);
    ASSERT_TRUE(whole.ok()) << whole.detail;
    ASSERT_EQ(whole.planes[0].geometry.height, kHeight / 2);
    EXPECT_EQ(whole.decoded_rows, kHeight / 2);
    EXPECT_EQ(whole.warnings, 0U);
    std::uint32_t last = 0;
    std::size_t partial = 0;
    for (std::size_t length = 1; length < file.size(); length += 41) {
      const ByteVector prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
      const Decoded decoded = decode(prefix, kHalf);
      const std::uint32_t rows = decoded.ok() ? decoded.decoded_rows : 0;
      if (length <= header_bytes(file)) EXPECT_EQ(rows, 0U) << length;
      EXPECT_GE(rows, last) << length;
      if (decoded.ok()) EXPECT_EQ(decoded.warnings, kWarnTruncated) << length;
      const std::uint32_t margin = has_precincts && rows < kHeight / 2 ? std::min(rows, 4U) : 0;
      EXPECT_LE(worst_of_rows(decoded, whole, rows - margin, false), 0) << length << ": " << rows;
      partial += rows > 0 && rows < kHeight / 2 ? 1 : 0;
      last = rows;
    }
    EXPECT_EQ(partial > 0, test.rows_come_apart);
    EXPECT_EQ(last, kHeight / 2);
  }
}

// At full size they are less sharp, as far as finer resolutions are missing; of layers the first one counts.
TEST(Jp2Truncation, RowsGrowWithTheFile) {
  for (const char* options : {"", "-n 1", "-n 6", "-t 40,30", "-r 20,5,1", "-p RLCP -r 20,5,1 -t 40,30",
                              "-p PCRL -c [16,16] -r 9,1", "-I -r 8", "-EPH -r 9,1"}) {
    SCOPED_TRACE(options);
    const ByteVector file = make_jp2(opj_compress(picture_of(3), options), {enumerated_color(16)});
    const TruncationOutcome outcome =
        expect_rows_grow(file, {.header_bytes = header_bytes(file), .step = 67, .within = 255});
    EXPECT_GT(outcome.lengths, 2 * outcome.refused);
  }
}

// Half of the bytes, without a reduction: what is claimed looks like the picture.
TEST(Jp2Truncation, HalfOfAFileLooksLikeThePicture) {
  const RawPicture smooth = raw_picture(128, 96, 1, [](std::uint32_t x, std::uint32_t y, std::uint32_t) {
    return static_cast<std::int32_t>(128 + 100 * std::sin(x * 0.06) * std::cos(y * 0.05) +
                                     (x * 7 + y * 3) % 5);
  });
  for (const char* options : {"-n 5", "-n 5 -p RLCP", "-n 5 -p RPCL", "-n 5 -r 8,4,2,1", "-n 5 -EPH"}) {
    ByteVector file = opj_compress(smooth, options);
    file.resize(file.size() / 2);
    const Decoded decoded = decode(file);
    ASSERT_TRUE(decoded.ok()) << options << ": " << decoded.detail;
    EXPECT_EQ(decoded.decoded_rows, 96U) << options;
    double worst = 0;
    for (std::size_t i = 0; i < smooth.planes[0].size(); ++i)
      worst = std::max(worst, std::abs(1.0 * decoded.planes[0].samples[i] - smooth.planes[0][i]));
    EXPECT_LE(worst, 12) << options;
  }
}

// A tile that is damaged or missing ends the rows that count, also when there are sound ones below it.
TEST(Jp2Truncation, RowsEndAtTheFirstTileThatIsMissing) {
  const ByteVector file = opj_compress(picture_of(1), "-t 30,20");
  // Its place in SOT: the third row of tiles, the second column.
  const std::uint8_t sot[] = {0xFF, 0x90, 0, 10, 0, 7};
  const auto found = std::search(file.begin(), file.end(), std::begin(sot), std::end(sot));
  ASSERT_NE(found, file.end());
  ByteVector without = file;
  without[static_cast<std::size_t>(found - file.begin()) + 5] = 6;  // a second part of its neighbour
  const Decoded decoded = decode(without);
  ASSERT_TRUE(decoded.ok()) << decoded.detail;
  EXPECT_EQ(decoded.warnings, kWarnTruncated);
  EXPECT_EQ(decoded.decoded_rows, 40U);
  EXPECT_EQ(decode(file).decoded_rows, kHeight);
}

TEST(Jp2Truncation, AHeaderAloneIsCorrupt) {
  const ByteVector file = opj_compress(picture_of(3));
  for (const std::size_t extra : {std::size_t{0}, std::size_t{1}, std::size_t{20}}) {
    const ByteVector prefix(file.begin(),
                            file.begin() + static_cast<std::ptrdiff_t>(header_bytes(file) + extra));
    PrepareOptions options;
    options.allow_truncated = true;
    const auto made = prepare_image(prefix, options);
    ASSERT_FALSE(made.ok()) << extra;
    EXPECT_EQ(made.error().code, ErrorCode::kCorruptImage) << extra;
  }
}

}  // namespace
}  // namespace netocr::testing
