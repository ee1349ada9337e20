// Reads COD, COC and POC of the main header, then those of the tile's parts, which override them.
#include "image/jp2/coding.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace netocr::jp2 {
namespace {

constexpr std::uint8_t kHasPrecincts = 1;
constexpr std::uint8_t kMayHaveSop = 2;
constexpr std::uint8_t kHasEph = 4;
constexpr std::uint8_t kWholePrecinct = 15;
constexpr std::uint32_t kWideIndex = 257;     // from this component count on, component numbers have 16 bits
constexpr std::size_t kMaxProgressions = 64;  // openjpeg refuses more than 32

class CodingReader {
 public:
  explicit CodingReader(std::uint32_t component_count) : component_count_(component_count) {}

  Status allocate() {
    NETOCR_ASSIGN(auto components, Array<ComponentCoding>::create_zeroed(component_count_));
    coding_.components = std::move(components);
    NETOCR_ASSIGN(auto progressions, Array<Progression>::create(kMaxProgressions));
    coding_.progressions = std::move(progressions);
    return {};
  }

  // Reads the segments of one header. Damaged ones were rejected when the file was opened.
  void read(Bytes segments) {
    for (std::size_t position = 0; position < segments.size();) {
      const auto segment = next_segment(segments, position);
      if (!segment.ok()) return;
      const ByteReader in(segment->contents);
      if (segment->marker == kCod) read_default(in);
      if (segment->marker == kCoc) read_component(in);
      if (segment->marker == kPoc) read_progressions(in);
    }
  }

  // The progressions of the tile's parts follow each other and replace those of the main header.
  void end_main_header() { main_progressions_ = progression_count_; }

  Result<TileCoding> finish() {
    const std::size_t first = progression_count_ > main_progressions_ ? main_progressions_ : 0;
    if (progression_count_ == 0) add({default_order_, 0, kMaxLevels + 1, 0, component_count_, layers_});
    Progression* all = coding_.progressions.data();
    std::copy(all + first, all + progression_count_, all);
    NETOCR_TRY(coding_.progressions.resize(progression_count_ - first));
    for (Progression& progression : coding_.progressions.span()) {
      progression.end_layer = std::min(progression.end_layer, layers_);
      progression.end_component = std::min(progression.end_component, component_count_);
    }
    return std::move(coding_);
  }

 private:
  static ComponentCoding read_style(ByteReader& in, bool has_precincts) {
    ComponentCoding style;
    style.levels = std::min<std::uint8_t>(in.u8(), kMaxLevels);
    style.block_width = static_cast<std::uint8_t>(in.u8() + 2);
    style.block_height = static_cast<std::uint8_t>(in.u8() + 2);
    style.block_style = in.u8();
    in.skip(1);  // transformation
    for (std::size_t i = 0; i <= style.levels; ++i) {
      const std::uint8_t size = has_precincts ? in.u8() : std::uint8_t{kWholePrecinct << 4 | kWholePrecinct};
      style.precinct_width[i] = size & 15;
      style.precinct_height[i] = size >> 4;
    }
    return style;
  }

  void read_default(ByteReader in) {
    const std::uint8_t style = in.u8();
    default_order_ = static_cast<Order>(in.u8());
    layers_ = in.u16be();
    in.skip(1);  // component transformation
    coding_.may_have_sop = (style & kMayHaveSop) != 0;
    coding_.has_eph = (style & kHasEph) != 0;
    const ComponentCoding component = read_style(in, (style & kHasPrecincts) != 0);
    std::fill_n(coding_.components.data(), coding_.components.size(), component);
  }

  std::uint32_t read_index(ByteReader& in) const {
    return component_count_ < kWideIndex ? in.u8() : in.u16be();
  }

  void read_component(ByteReader in) {
    const std::uint32_t index = read_index(in);
    const std::uint8_t style = in.u8();
    if (index >= component_count_) return;
    coding_.components[index] = read_style(in, (style & kHasPrecincts) != 0);
  }

  void read_progressions(ByteReader in) {
    const std::size_t bytes = component_count_ < kWideIndex ? 7 : 9;
    while (in.remaining() >= bytes) {
      Progression progression;
      progression.first_resolution = in.u8();
      progression.first_component = read_index(in);
      progression.end_layer = in.u16be();
      progression.end_resolution = std::min<std::uint32_t>(in.u8(), kMaxLevels + 1);
      progression.end_component = read_index(in);
      // The field's 0 means one more than its max value.
      if (progression.end_component == 0) progression.end_component = component_count_;
      const std::uint8_t order = in.u8();
      progression.order = static_cast<Order>(std::min<std::uint8_t>(order, 4));
      add(progression);
    }
  }

  void add(const Progression& progression) {
    if (progression_count_ < kMaxProgressions) coding_.progressions[progression_count_++] = progression;
  }

  std::uint32_t component_count_;
  TileCoding coding_;
  Order default_order_ = Order::kLrcp;
  std::uint32_t layers_ = 0;
  std::size_t progression_count_ = 0;
  std::size_t main_progressions_ = 0;  // number of progressions from the main header, which come first
};

}  // namespace

Result<TileCoding> read_tile_coding(const Header& header, const Tiles& tiles, std::uint32_t tile) {
  CodingReader reader(header.component_count);
  NETOCR_TRY(reader.allocate());
  reader.read(header.segments);
  reader.end_main_header();
  for (std::uint32_t part = tiles.first[tile]; part != 0; part = tiles.parts[part - 1].next) {
    reader.read(tiles.parts[part - 1].segments);
  }
  return reader.finish();
}

}  // namespace netocr::jp2
