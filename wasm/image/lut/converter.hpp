// Converter: applies a transform to the planes of a picture, row by row.
#pragma once

#include <utility>

#include "image/lut/transform.hpp"
#include "image/pixel/color_converter.hpp"

namespace netocr::lut {

class Converter final : public ColorConverter {
 public:
  explicit Converter(Transform transform) : transform_(std::move(transform)) {}

  Status to_srgb(PlanarImage& image) override;

 private:
  void convert_grey(Plane& plane) const;

  Transform transform_;
};

}  // namespace netocr::lut
