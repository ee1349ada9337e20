// The words for what a file says of itself.
#include "image/meta/image_info.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace netocr {
namespace {

TEST(ProfileUseName, IsTheWordOfEveryLayer) {
  const std::vector<std::string_view> names = {"none", "srgb", "converted", "ignored"};
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(profile_use_name(static_cast<ProfileUse>(i)), names[i]);
}

TEST(ColorModelName, IsTheWordOfEveryLayer) {
  const std::vector<std::string_view> names = {"unknown", "grey", "rgb",     "ycbcr",
                                               "cmyk",    "ycck", "palette", "lab"};
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(color_model_name(static_cast<ColorModel>(i)), names[i]);
}

}  // namespace
}  // namespace netocr
