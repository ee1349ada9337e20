// Converts samples of PNG rows at any depth to 8 bits, and the transparent colour of tRNS to an alpha
// channel.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "image/png/chunks.hpp"

namespace netocr::png {

class Samples {
 public:
  // The samples of a row after expand().
  enum class Layout : std::uint8_t { kIndexed, kGrey, kGreyAlpha, kRgb, kRgba };

  explicit Samples(const Header& header);

  Layout layout() const { return layout_; }
  // Returns the number of samples per pixel after expand().
  std::size_t channels() const { return channels_; }
  std::size_t bits_per_pixel() const { return file_channels_ * depth_; }
  // Returns whether rows of the file already equal the result of expand().
  bool are_plain() const { return depth_ == 8 && !has_key_; }

  // Converts a row of `width` pixels as in the file to one byte per sample, `width * channels()`: indices are
  // unchanged, grey and colours are scaled to 0..255, rounded to nearest.
  void expand(const std::uint8_t* packed, std::size_t width, std::uint8_t* out) const;

 private:
  template <unsigned kDepth>
  void expand_depth(const std::uint8_t* packed, std::size_t width, std::uint8_t* out) const;
  template <unsigned kDepth>
  void expand_keyed(const std::uint8_t* packed, std::size_t width, std::uint8_t* out) const;

  Layout layout_ = Layout::kGrey;
  std::size_t depth_;
  std::size_t file_channels_ = 1;
  std::size_t channels_ = 1;
  bool has_key_ = false;
  std::array<std::uint32_t, 3> key_{};  // the transparent colour, at the file's depth
};

}  // namespace netocr::png
