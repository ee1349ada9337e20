// Walks the tag table (ICC.1:2022 7.3).
#include "image/lut/tags.hpp"

#include "base/bytes.hpp"

namespace netocr::lut {
namespace {

constexpr std::size_t kTableOffset = 128;
constexpr std::size_t kEntryBytes = 12;

bool is_float_table(std::string_view name) { return name.starts_with("D2B") || name.starts_with("B2D"); }

}  // namespace

void hide_float_tables(MutableBytes profile) {
  if (profile.size() < kTableOffset) return;
  ByteReader table(profile, kTableOffset);
  for (std::uint32_t left = table.u32be(); left > 0 && table.remaining() >= kEntryBytes; --left) {
    const std::size_t at = table.position();
    if (is_float_table(as_text(table.take(4)))) profile[at] = 'x';
    table.skip(kEntryBytes - 4);
  }
}

}  // namespace netocr::lut
