// Unpacks and scales samples of 1 to 16 bits, and compares pixels with the transparent colour of tRNS.
#include "image/png/samples.hpp"

namespace netocr::png {
namespace {

constexpr std::uint8_t kFileChannels[] = {1, 0, 3, 1, 2, 0, 4};  // by colour type

Samples::Layout layout_of(std::uint8_t color_type, bool has_key) {
  switch (color_type) {
    case 0:
      return has_key ? Samples::Layout::kGreyAlpha : Samples::Layout::kGrey;
    case 2:
      return has_key ? Samples::Layout::kRgba : Samples::Layout::kRgb;
    case 3:
      return Samples::Layout::kIndexed;
    case 4:
      return Samples::Layout::kGreyAlpha;
    default:
      return Samples::Layout::kRgba;
  }
}

// The leftmost sample of a byte is in its highest bits (PNG specification, 7.2).
template <unsigned kDepth>
inline std::uint32_t sample_at(const std::uint8_t* packed, std::size_t i) {
  if constexpr (kDepth == 16) {
    return std::uint32_t{packed[2 * i]} << 8 | packed[2 * i + 1];
  } else if constexpr (kDepth == 8) {
    return packed[i];
  } else {
    const std::size_t bit = i * kDepth;
    return static_cast<std::uint32_t>(packed[bit / 8]) >> (8 - kDepth - bit % 8) & ((1U << kDepth) - 1);
  }
}

template <unsigned kDepth>
inline std::uint8_t to_eight_bits(std::uint32_t sample) {
  if constexpr (kDepth == 16) {
    return static_cast<std::uint8_t>((sample * 255 + 32895) >> 16);  // sample / 257, exact for all 65536
  } else {
    return static_cast<std::uint8_t>(sample * (255 / ((1U << kDepth) - 1)));
  }
}

}  // namespace

Samples::Samples(const Header& header)
    : depth_(header.bit_depth), file_channels_(kFileChannels[header.color_type]) {
  has_key_ = header.color_type != 3 && !header.transparency.empty();
  layout_ = layout_of(header.color_type, has_key_);
  channels_ = file_channels_ + (has_key_ ? 1 : 0);
  ByteReader reader(header.transparency);
  for (std::size_t i = 0; has_key_ && i < file_channels_; ++i)
    key_[i] = reader.u16be() & ((1U << depth_) - 1);
}

void Samples::expand(const std::uint8_t* packed, std::size_t width, std::uint8_t* out) const {
  switch (depth_) {
    case 1:
      return expand_depth<1>(packed, width, out);
    case 2:
      return expand_depth<2>(packed, width, out);
    case 4:
      return expand_depth<4>(packed, width, out);
    case 8:
      return expand_depth<8>(packed, width, out);
    default:
      return expand_depth<16>(packed, width, out);
  }
}

template <unsigned kDepth>
void Samples::expand_depth(const std::uint8_t* packed, std::size_t width, std::uint8_t* out) const {
  if (has_key_) return expand_keyed<kDepth>(packed, width, out);
  const std::size_t count = width * channels_;
  if (layout_ == Layout::kIndexed) {
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<std::uint8_t>(sample_at<kDepth>(packed, i));
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = to_eight_bits<kDepth>(sample_at<kDepth>(packed, i));
  }
}

template <unsigned kDepth>
void Samples::expand_keyed(const std::uint8_t* packed, std::size_t width, std::uint8_t* out) const {
  for (std::size_t x = 0; x < width; ++x) {
    bool is_key = true;
    for (std::size_t i = 0; i < file_channels_; ++i) {
      const std::uint32_t sample = sample_at<kDepth>(packed, x * file_channels_ + i);
      is_key = is_key && sample == key_[i];
      *out++ = to_eight_bits<kDepth>(sample);
    }
    *out++ = is_key ? 0 : 255;
  }
}

}  // namespace netocr::png
