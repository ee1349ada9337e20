// Transform: converts rows of pixels from a profile with tables to sRGB. The only user of lcms2.
#pragma once

#include <cstdint>
#include <memory>

#include "base/buffer.hpp"

namespace netocr::lut {

enum class Channels : std::uint8_t { kGrey = 1, kRgb = 3, kInvertedCmyk = 4 /* 255 = no ink */ };

class Transform {
 public:
  // `profile` is only read during the call; its colour space must be that of `channels`. Errors:
  // CORRUPT_IMAGE for a profile that cannot be used, OUT_OF_MEMORY.
  static Result<Transform> create(Bytes profile, Channels channels);
  Transform(Transform&&) noexcept;
  Transform& operator=(Transform&&) noexcept;
  ~Transform();

  std::size_t channels() const { return static_cast<std::size_t>(channels_); }
  // Converts `width` pixels of channels() bytes each to 3 bytes of RGB each.
  void apply(const std::uint8_t* pixels, std::size_t width, std::uint8_t* rgb) const;

 private:
  struct Library;
  Transform(std::unique_ptr<Library> library, Channels channels);

  std::unique_ptr<Library> library_;
  Channels channels_;
};

}  // namespace netocr::lut
