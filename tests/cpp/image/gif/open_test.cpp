// What is said of GIF files, which are never decoded here.
#include "image/gif/open.hpp"

#include <gtest/gtest.h>

#include "cpp/image/command_output.hpp"
#include "cpp/image/joined.hpp"

namespace netocr::testing {
namespace {

ByteVector make_gif(std::uint8_t screen_flags, const ByteVector& extensions, std::uint8_t frame_flags) {
  const ByteVector table((screen_flags & 0x80) != 0 ? std::size_t{3} << ((screen_flags & 7) + 1) : 0, 5);
  return joined({letters("GIF89a"),
                 {0x41, 0x01, 0xc8, 0, screen_flags, 0, 0},
                 table,
                 extensions,
                 {0x2c, 0, 0, 0, 0, 10, 0, 10, 0, frame_flags}});
}

TEST(InspectGif, TellsAllUpToTheFirstFrame) {
  const ByteVector control = {0x21, 0xf9, 4, 1, 0, 0, 3, 0};
  const ByteVector opaque = {0x21, 0xf9, 4, 0, 0, 0, 3, 0};
  const ByteVector comment = {0x21, 0xfe, 2, 'h', 'i', 1, '!', 0};
  struct Case {
    ByteVector file;
    std::uint8_t bits;
    bool alpha, metadata, interlaced;
  };
  const Case cases[] = {{make_gif(0xf7, {}, 0), 8, false, false, false},
                        {make_gif(0x91, opaque, 0x40), 2, false, false, true},
                        {make_gif(0x00, joined({comment, control}), 0x83), 4, true, true, false}};
  for (const Case& c : cases) {
    const ImageInfo info = must_inspect(c.file);
    EXPECT_EQ(info.format, ImageFormat::kGif);
    EXPECT_EQ(info.width, 321U);
    EXPECT_EQ(info.height, 200U);
    EXPECT_EQ(info.bits_per_sample, c.bits);
    EXPECT_EQ(info.color_model, ColorModel::kPalette);
    EXPECT_EQ(info.has_alpha, c.alpha);
    EXPECT_EQ(info.has_metadata, c.metadata);
    EXPECT_EQ(info.progressive, c.interlaced);
    EXPECT_FALSE(info.decodable);
  }
  // Cut off anywhere: only recognised, and never a read past the end.
  const ByteVector& whole = cases[2].file;
  for (std::size_t length = 6; length < whole.size(); ++length) {
    const ByteVector prefix(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(must_inspect(prefix).width, 0U);
  }
}

TEST(InspectGif, ReadsTheFilesOfOthers) {
  const ImageInfo info = must_inspect(output_of("convert -size 37x21 gradient: gif:-"));
  EXPECT_EQ(info.width, 37U);
  EXPECT_EQ(info.height, 21U);
}

}  // namespace
}  // namespace netocr::testing
