// Determines what the components of a JPEG 2000 picture mean: channels, their colours, and the colour space.
#pragma once

#include "image/jp2/boxes.hpp"
#include "image/jp2/codestream.hpp"
#include "image/meta/image_info.hpp"

namespace netocr::jp2 {

// A channel is a component as it is, or mapped through a column of the palette.
struct Channel {
  std::uint32_t component = 0;
  bool uses_palette = false;
  std::uint32_t column = 0;
};

enum class Alpha : std::uint8_t { kNone, kStraight, kPremultiplied };

// channels[0..color_count) are the colours in the order of their space; the next one is the alpha, if there
// is any.
struct Channels {
  ColorModel model = ColorModel::kGrey;  // kGrey, kRgb, kYcbcr or kCmyk
  std::array<Channel, 5> channels{};
  std::uint32_t color_count = 1;
  Alpha alpha = Alpha::kNone;
  bool foreign_color = false;  // neither sRGB nor a profile that is converted to it
  Bytes profile;  // ICC profile of the selected colour box, a view of the file; empty when it has none

  std::size_t count() const { return color_count + (alpha == Alpha::kNone ? 0U : 1U); }
  bool uses_palette() const;
};

// `boxes` is null for a raw codestream. Of several colour boxes the first one counts whose colours can be
// shown directly or converted; without one, the first that can be decoded at all. Unknown colour spaces are
// interpreted by their number of components: one or two are grey, three and more RGB; three with subsampled
// chroma are YCbCr. A component is transparency only when the channel definition box says so. Errors:
// CORRUPT_IMAGE (missing channels or components), UNSUPPORTED_FEATURE (only CIELab and other spaces that
// would be shown with wrong colours).
Result<Channels> map_channels(const Header& header, const Boxes* boxes);

}  // namespace netocr::jp2
