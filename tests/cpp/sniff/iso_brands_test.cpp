// Brands and the box that lists them; the sniffers' own tests tell what follows from them.
#include "sniff/iso_brands.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/fourcc.hpp"

namespace netocr {
namespace {

using std::string_literals::operator""s;

TEST(IsoBrandTest, TellsPicturesFromMovies) {
  for (const std::string_view brand : {"avif", "avis"}) EXPECT_EQ(iso_brand(fourcc(brand)), IsoBrand::kAvif);
  for (const std::string_view brand :
       {"heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "avci", "avcs"})
    EXPECT_EQ(iso_brand(fourcc(brand)), IsoBrand::kHeic) << brand;
  for (const std::string_view brand : {"mif1", "msf1"}) EXPECT_EQ(iso_brand(fourcc(brand)), IsoBrand::kHeif);
  for (const std::string_view brand : {"mif2", "miaf", "crx ", "jp2 ", "jpx ", "jpm ", "jxl "})
    EXPECT_EQ(iso_brand(fourcc(brand)), IsoBrand::kOtherPicture) << brand;
  for (const std::string_view brand :
       {"isom", "iso8", "mp41", "mp42", "M4V ", "M4VP", "avc1", "3gp5", "3g2a"})
    EXPECT_EQ(iso_brand(fourcc(brand)), IsoBrand::kMovie) << brand;
  EXPECT_EQ(iso_brand(fourcc("qt  ")), IsoBrand::kQuicktime);
  for (const std::string_view brand : {"XAVC", "M4A ", "f4v ", "heia", "AVIF", "avc2", "4gp5"})
    EXPECT_EQ(iso_brand(fourcc(brand)), IsoBrand::kUnknown) << brand;
}

TEST(IsoBrandTest, CountsEveryPictureAsOne) {
  for (const IsoBrand brand : {IsoBrand::kAvif, IsoBrand::kHeic, IsoBrand::kHeif, IsoBrand::kOtherPicture})
    EXPECT_TRUE(is_picture(brand));
  for (const IsoBrand brand : {IsoBrand::kUnknown, IsoBrand::kMovie, IsoBrand::kQuicktime})
    EXPECT_FALSE(is_picture(brand));
}

std::string file_type(std::uint32_t size, const std::string& brands) {
  const std::string head{static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                         static_cast<char>(size >> 8), static_cast<char>(size)};
  return head + "ftyp" + brands;
}

TEST(IsoFileTypeTest, GivesTheBrandsOfTheBoxOnly) {
  const std::string file = file_type(24, "heic\0\0\0\0mif1heicbehind"s);
  const auto type = read_iso_file_type(as_bytes(file));
  ASSERT_TRUE(type.has_value());
  EXPECT_EQ(type->major, IsoBrand::kHeic);
  EXPECT_EQ(as_text(type->compatible), "mif1heic");
  const auto none = read_iso_file_type(as_bytes(file_type(16, "isom\0\0\0\0mif1"s)));
  ASSERT_TRUE(none.has_value());
  EXPECT_TRUE(none->compatible.empty());
}

TEST(IsoFileTypeTest, GivesWhatIsThereOfAListThatIsCutOff) {
  const std::string whole = file_type(28, "avif\0\0\0\0mif1miafMA1B"s);
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const std::vector<std::uint8_t> prefix(whole.begin(),
                                           whole.begin() + static_cast<std::ptrdiff_t>(length));
    const auto type = read_iso_file_type(prefix);
    ASSERT_EQ(type.has_value(), length >= 16) << length;
    if (type) EXPECT_EQ(type->compatible.size(), length - 16) << length;
  }
}

TEST(IsoFileTypeTest, RefusesSizesOfNoList) {
  for (const std::uint32_t size : {0U, 1U, 8U, 15U, (64U << 10) + 1, 0x4949'2a00U})
    EXPECT_FALSE(read_iso_file_type(as_bytes(file_type(size, "isom\0\0\0\0isom"s)))) << size;
  EXPECT_TRUE(read_iso_file_type(as_bytes(file_type(64U << 10, "isom\0\0\0\0isom"s))));
  EXPECT_FALSE(read_iso_file_type(as_bytes("\0\0\0\x14moovisom\0\0\0\0isom"s)));
}

}  // namespace
}  // namespace netocr
