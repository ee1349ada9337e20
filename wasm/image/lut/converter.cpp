// Joins the planes' samples to pixels, converts them, and writes them back as Y, Cb, Cr.
#include "image/lut/converter.hpp"

#include <algorithm>
#include <array>

#include "image/pixel/color.hpp"
#include "image/pixel/ycc_weights.hpp"

namespace netocr::lut {
namespace {

inline std::uint8_t clamp8(std::int32_t value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

void ycc_to_rgb(const PlanarImage& image, std::uint32_t y, std::uint8_t* rgb) {
  const std::uint8_t* const luma = image.planes[0].row(y);
  const std::uint8_t* const blue = image.planes[1].row(y);
  const std::uint8_t* const red = image.planes[2].row(y);
  constexpr std::int32_t kHalf = 1 << 15;
  for (std::uint32_t x = 0; x < image.width(); ++x, rgb += 3) {
    const std::int32_t cb = blue[x] - 128;
    const std::int32_t cr = red[x] - 128;
    rgb[0] = clamp8(luma[x] + ((kRedOfCr * cr + kHalf) >> 16));
    rgb[1] = clamp8(luma[x] + ((kGreenOfCb * cb + kGreenOfCr * cr + kHalf) >> 16));
    rgb[2] = clamp8(luma[x] + ((kBlueOfCb * cb + kHalf) >> 16));
  }
}

void join_inks(const PlanarImage& image, std::uint32_t y, std::uint8_t* inks) {
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint8_t* const plane = image.planes[i].row(y);
    for (std::uint32_t x = 0; x < image.width(); ++x) inks[std::size_t{4} * x + i] = plane[x];
  }
}

}  // namespace

Status Converter::to_srgb(PlanarImage& image) {
  const bool has_inks = image.plane_count == 4;
  if (has_inks != (transform_.channels() == 4))
    return Error{ErrorCode::kCorruptImage, 0, "the planes are not those of the colour profile"};
  if (image.plane_count == 1 || transform_.channels() == 1) {
    convert_grey(image.planes[0]);
    return {};
  }
  const std::size_t width = image.width();
  NETOCR_ASSIGN(auto pixels, Buffer::create(width * transform_.channels()));
  NETOCR_ASSIGN(auto rgb, Buffer::create(width * 3));
  for (std::uint32_t y = 0; y < image.height(); ++y) {
    has_inks ? join_inks(image, y, pixels.data()) : ycc_to_rgb(image, y, pixels.data());
    transform_.apply(pixels.data(), width, rgb.data());
    rgb_to_ycc(rgb.data(), width, {image.planes[0].row(y), image.planes[1].row(y), image.planes[2].row(y)});
  }
  image.planes[3] = Plane();
  image.plane_count = 3;
  return {};
}

// The colours of a grey picture stay grey, whatever hue the profile gives them.
void Converter::convert_grey(Plane& plane) const {
  const std::size_t channels = transform_.channels();
  std::array<std::uint8_t, std::size_t{256} * 3> pixels{};
  for (std::size_t i = 0; i < 256 * channels; ++i) pixels[i] = static_cast<std::uint8_t>(i / channels);
  std::array<std::uint8_t, std::size_t{256} * 3> rgb{};
  transform_.apply(pixels.data(), 256, rgb.data());
  std::array<std::uint8_t, 256> table{}, blue{}, red{};
  rgb_to_ycc(rgb.data(), table.size(), {table.data(), blue.data(), red.data()});
  for (std::uint32_t y = 0; y < plane.height; ++y) {
    std::uint8_t* const row = plane.row(y);
    for (std::uint32_t x = 0; x < plane.width; ++x) row[x] = table[row[x]];
  }
}

}  // namespace netocr::lut
