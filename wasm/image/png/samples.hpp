// Samples of PNG rows at any depth -> 8 bits, and the transparent colour of tRNS -> an alpha channel.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "image/png/chunks.hpp"

namespace netocr::png {

class Samples {
 public:
  // What a row of expand() is made of.
  enum class Layout : std::uint8_t { kIndexed, kGrey, kGreyAlpha, kRgb, kRgba };

  explicit Samples(const Header& header);

  Layout layout() const { return layout_; }
  // Samples of a pixel, in the file and out of it.
  std::size_t file_channels() const { return file_channels_; }
  std::size_t channels() const { return channels_; }
  std::size_t bits_per_pixel() const { return file_channels_ * depth_; }
  // Rows of the file are what expand() would make of them.
  bool are_plain() const { return depth_ == 8 && !has_key_; }

  // A row of `width` pixels as the file has it -> one byte a sample, `width * channels()`: indices as they
  // are, grey and colours scaled to 0..255, rounded to nearest.
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
