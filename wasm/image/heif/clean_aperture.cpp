// Converts the aperture's place from the picture as it is turned when the box applies.
#include "image/heif/clean_aperture.hpp"

#include <algorithm>
#include <utility>

namespace netocr::heif {
namespace {

// Returns floor((size - part) / 2 + offset), clamped to 0 .. size - part.
std::uint32_t start_of(std::uint32_t size, std::uint32_t part, std::int64_t numerator,
                       std::int64_t denominator) {
  const std::int64_t room = std::int64_t{size} - part;
  if (denominator <= 0) return static_cast<std::uint32_t>(room / 2);
  // The products fit: both terms of the fraction have 32 bits, and sizes are below 2^27.
  const std::int64_t doubled = room * denominator + 2 * numerator;
  const std::int64_t divisor = 2 * denominator;
  const std::int64_t start = doubled >= 0 ? doubled / divisor : -((divisor - 1 - doubled) / divisor);
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(start, 0, room));
}

}  // namespace

Rectangle place_clean_aperture(const Item& item, Size picture, Size shown) {
  const Turns turns = item.turns_before_clap;
  const bool lies = (turns.quarters & 1) != 0;
  Size size = picture;
  Size part = shown;
  if (lies) {
    std::swap(size.width, size.height);
    std::swap(part.width, part.height);
  }
  ByteReader reader(item.clean_aperture);
  reader.skip(16);
  const auto offset = [&](std::uint32_t whole, std::uint32_t wanted) {
    const auto numerator = static_cast<std::int32_t>(reader.u32be());
    const std::uint32_t denominator = reader.u32be();
    return start_of(whole, wanted, reader.ok() ? numerator : 0, reader.ok() ? denominator : 0);
  };
  const std::uint32_t left = offset(size.width, part.width);
  const std::uint32_t top = offset(size.height, part.height);
  // The cut at each side, clockwise from the left. A quarter turn clockwise moves each one to the next side.
  const std::uint32_t cut[4] = {left, top, size.width - part.width - left, size.height - part.height - top};
  const std::uint32_t coded_left = cut[turns.quarters];
  const std::uint32_t coded_top = cut[(1 + turns.quarters) & 3];
  const std::uint32_t x = turns.mirrored ? picture.width - shown.width - coded_left : coded_left;
  return {x, coded_top, shown.width, shown.height};
}

}  // namespace netocr::heif
