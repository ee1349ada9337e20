// The table of brands, and the parser of the box that lists them.
#include "sniff/iso_brands.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/fourcc.hpp"

namespace netocr {
namespace {

// A list has some dozens of brands at most; a larger size is the signature of another format (TIFF).
constexpr std::uint32_t kMaxBoxBytes = 64U << 10;

struct Named {
  std::uint32_t code;
  IsoBrand brand;
};
// The brands of ISO/IEC 23008-12 (HEIF), AV1 Image File Format, and the registry at mp4ra.org.
constexpr Named kBrands[] = {
    {fourcc("avif"), IsoBrand::kAvif},         {fourcc("avis"), IsoBrand::kAvif},
    {fourcc("heic"), IsoBrand::kHeic},         {fourcc("heix"), IsoBrand::kHeic},
    {fourcc("heim"), IsoBrand::kHeic},         {fourcc("heis"), IsoBrand::kHeic},
    {fourcc("hevc"), IsoBrand::kHeic},         {fourcc("hevx"), IsoBrand::kHeic},
    {fourcc("hevm"), IsoBrand::kHeic},         {fourcc("hevs"), IsoBrand::kHeic},
    {fourcc("avci"), IsoBrand::kHeic},         {fourcc("avcs"), IsoBrand::kHeic},
    {fourcc("mif1"), IsoBrand::kHeif},         {fourcc("msf1"), IsoBrand::kHeif},
    {fourcc("mif2"), IsoBrand::kOtherPicture}, {fourcc("miaf"), IsoBrand::kOtherPicture},
    {fourcc("crx "), IsoBrand::kOtherPicture}, {fourcc("jp2 "), IsoBrand::kOtherPicture},
    {fourcc("jpx "), IsoBrand::kOtherPicture}, {fourcc("jpm "), IsoBrand::kOtherPicture},
    {fourcc("jxl "), IsoBrand::kOtherPicture}, {fourcc("avc1"), IsoBrand::kMovie},
    {fourcc("qt  "), IsoBrand::kQuicktime},
};

// Detects brands whose last letters are a version or a profile.
bool is_movie_family(std::uint32_t code) {
  const std::uint32_t family = code >> 8;
  return family == fourcc("iso") || family == fourcc("mp4") || family == fourcc("M4V") ||
         code >> 16 == fourcc("3g");
}

}  // namespace

IsoBrand iso_brand(std::uint32_t code) {
  const Named* const found = std::find_if(std::begin(kBrands), std::end(kBrands),
                                          [&](const Named& named) { return named.code == code; });
  if (found != std::end(kBrands)) return found->brand;
  return is_movie_family(code) ? IsoBrand::kMovie : IsoBrand::kUnknown;
}

// Reads u32 size | "ftyp" | u32 major brand | u32 minor version | u32 for each compatible brand
std::optional<IsoFileType> read_iso_file_type(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint32_t size = reader.u32be();
  const bool is_file_type = reader.u32be() == fourcc("ftyp");
  const std::uint32_t major = reader.u32be();
  reader.skip(4);
  if (!reader.ok() || !is_file_type || size < reader.position() || size > kMaxBoxBytes) return std::nullopt;
  return IsoFileType{iso_brand(major), reader.until(size).rest()};
}

}  // namespace netocr
