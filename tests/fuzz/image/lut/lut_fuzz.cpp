// Fuzzes lut: the conversion of profiles with tables. The input is a profile.
#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "image/lut/open.hpp"
#include "image/meta/icc.hpp"

namespace netocr::fuzz {
namespace {

constexpr std::uint8_t planes_of(IccKind kind) {
  if (kind == IccKind::kGreyTables) return 1;
  return kind == IccKind::kCmykTables ? 4 : 3;
}

void convert(ColorConverter& converter, std::uint8_t planes) {
  auto image = make_planar_image(21, 5, planes, k444);
  require(image.ok(), "there is memory for a small picture");
  for (std::uint8_t i = 0; i < planes; ++i) {
    Plane& plane = image->planes[i];
    for (std::size_t k = 0; k < plane.samples.size(); ++k)
      plane.samples[k] = static_cast<std::uint8_t>(k * 37 + i * 11);
  }
  require(converter.to_srgb(*image).ok(), "there is memory for a row");
  require(image->plane_count == (planes == 1 ? 1 : 3), "the result is grey or in colours");
}

}  // namespace

bool run_lut(Bytes bytes) {
  const IccKind kind = read_icc(bytes).kind;
  if (!has_tables(kind)) return false;
  auto profile = Buffer::copy_of(bytes);
  require(profile.ok(), "there is memory for a profile");
  const auto converter = lut::open_tables(kind, std::move(*profile));
  if (!converter.ok()) {
    require_typed(converter.error(), bytes.size());
    return true;
  }
  convert(**converter, planes_of(kind));
  if (kind == IccKind::kRgbTables) convert(**converter, 1);
  return true;
}

}  // namespace netocr::fuzz
