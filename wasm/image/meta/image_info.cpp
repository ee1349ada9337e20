// The names of ImageInfo's enumerators, and the rule that maps a profile to its use.
#include "image/meta/image_info.hpp"

#include <iterator>

namespace netocr {
namespace {

struct ModelName {
  ColorModel model;
  std::string_view name;
};
constexpr ModelName kModelNames[] = {
    {ColorModel::kUnknown, "unknown"}, {ColorModel::kGrey, "grey"}, {ColorModel::kRgb, "rgb"},
    {ColorModel::kYcbcr, "ycbcr"},     {ColorModel::kCmyk, "cmyk"}, {ColorModel::kYcck, "ycck"},
    {ColorModel::kPalette, "palette"}, {ColorModel::kLab, "lab"},
};
constexpr bool models_in_enum_order() {
  for (std::size_t i = 0; i < std::size(kModelNames); ++i) {
    if (static_cast<std::size_t>(kModelNames[i].model) != i) return false;
  }
  return std::size(kModelNames) == static_cast<std::size_t>(ColorModel::kLab) + 1;
}
static_assert(models_in_enum_order());

constexpr std::string_view kProfileUses[] = {"none", "srgb", "converted", "ignored"};
static_assert(std::size(kProfileUses) == static_cast<std::size_t>(ProfileUse::kIgnored) + 1);

}  // namespace

std::string_view color_model_name(ColorModel model) {
  return kModelNames[static_cast<std::size_t>(model)].name;
}

std::string_view profile_use_name(ProfileUse use) { return kProfileUses[static_cast<std::size_t>(use)]; }

ProfileUse profile_use_of(IccKind kind, ColorModel model) {
  if (kind == IccKind::kSrgb) return ProfileUse::kSrgb;
  // A profile of another model than the samples' is a mistake, except for grey: grey samples may have an RGB
  // profile, whose grey axis then applies.
  const bool is_grey = model == ColorModel::kGrey;
  const bool is_color =
      model == ColorModel::kRgb || model == ColorModel::kYcbcr || model == ColorModel::kPalette;
  const bool is_inks = model == ColorModel::kCmyk || model == ColorModel::kYcck;
  const bool fits = ((kind == IccKind::kRgb || kind == IccKind::kRgbTables) && (is_color || is_grey)) ||
                    ((kind == IccKind::kGrey || kind == IccKind::kGreyTables) && is_grey) ||
                    (kind == IccKind::kCmykTables && is_inks);
  return fits ? ProfileUse::kConverted : ProfileUse::kIgnored;
}

}  // namespace netocr
