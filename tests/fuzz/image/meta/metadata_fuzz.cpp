// Fuzzes exif and icc, the small readers that run on every picture.
#include <algorithm>

#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "image/meta/exif.hpp"
#include "image/meta/icc.hpp"
#include "image/scale/color_profile.hpp"

namespace netocr::fuzz {

bool run_exif(Bytes bytes) {
  const std::uint8_t orientation = exif_orientation(bytes);
  require(orientation >= 1 && orientation <= 8, "an orientation is 1..8");
  if (orientation == 1) return true;
  const std::uint8_t little[] = {0x12, 0x01};
  const std::uint8_t big[] = {0x01, 0x12};
  const Bytes named = find_exif(bytes);
  const auto& tag = (named.empty() ? bytes : named)[0] == 'I' ? little : big;
  require(std::search(bytes.begin(), bytes.end(), std::begin(tag), std::end(tag)) != bytes.end(),
          "an orientation comes from its tag");
  return true;
}

bool run_icc(Bytes bytes) {
  require(icc_name(bytes).text().size() <= 4 * ProfileName::kMaxCharacters, "a profile's name is short");
  const IccProfile profile = read_icc(bytes);
  require((profile.kind == IccKind::kNone) == bytes.empty(), "only no bytes are no profile");
  if (bytes.empty()) return true;
  if (profile.kind == IccKind::kOther) return true;
  if (has_tables(profile.kind)) return true;  // run_lut
  require(bytes_at(bytes, 36, "acsp"), "a profile has the signature of one");
  for (const float value : profile.curves[0]) require(value >= 0 && value <= 1, "a curve is within 0..1");
  if (profile.kind == IccKind::kSrgb) return true;
  for (const std::uint8_t planes : {std::uint8_t{1}, std::uint8_t{3}}) {
    auto image = make_planar_image(5, 3, planes);
    require(image.ok(), "there is memory for a small picture");
    for (std::uint8_t i = 0; i < planes; ++i) {
      Plane& plane = image->planes[i];
      for (std::size_t k = 0; k < plane.samples.size(); ++k)
        plane.samples[k] = static_cast<std::uint8_t>(k * 37 + i);
    }
    require(convert_to_srgb(profile, *image).ok(), "there is memory for the tables");
  }
  return true;
}

}  // namespace netocr::fuzz
