// Iterates over a tile's packets in their order (ISO/IEC 15444-1 B.12).
#pragma once

#include <algorithm>

#include "image/jp2/precincts.hpp"

namespace netocr::jp2 {

struct Packet {
  std::uint32_t component = 0;
  const Resolution* resolution = nullptr;
  std::uint32_t precinct = 0;  // index in the resolution
  std::uint32_t layer = 0;
};

// Visits the packets of one progression in their order. Packets that an earlier progression contained (POC)
// are visited again; the visitor must recognise them.
template <typename Visit>  // bool(const Packet&): returns whether to continue
class PacketOrder {
 public:
  PacketOrder(const TileLayout& layout, const Progression& progression, Visit visit)
      : layout_(layout), range_(progression), visit_(visit) {}

  // Returns false when the visitor stopped the iteration.
  bool run() {
    switch (range_.order) {
      case Order::kLrcp:
        return each_layer([&](std::uint32_t layer) {
          return each_resolution([&](std::uint32_t number) { return all_precincts(number, layer); });
        });
      case Order::kRlcp:
        return each_resolution([&](std::uint32_t number) {
          return each_layer([&](std::uint32_t layer) { return all_precincts(number, layer); });
        });
      case Order::kRpcl:
        return each_resolution([&](std::uint32_t number) {
          return each_place(all_components(), [&](std::uint64_t x, std::uint64_t y) {
            return each_component([&](std::uint32_t component) { return at(component, number, x, y); });
          });
        });
      case Order::kPcrl:
        return each_place(all_components(), [&](std::uint64_t x, std::uint64_t y) {
          return each_component([&](std::uint32_t component) { return all_resolutions_at(component, x, y); });
        });
      case Order::kCprl:
        return each_component([&](std::uint32_t component) {
          return each_place({component, component + 1}, [&](std::uint64_t x, std::uint64_t y) {
            return all_resolutions_at(component, x, y);
          });
        });
    }
    return true;
  }

 private:
  struct Components {
    std::uint32_t first, end;
  };
  Components all_components() const { return {range_.first_component, range_.end_component}; }

  template <typename Body>
  static bool each(std::uint32_t first, std::uint32_t end, Body body) {
    for (std::uint32_t i = first; i < end; ++i) {
      if (!body(i)) return false;
    }
    return true;
  }
  template <typename Body>
  bool each_layer(Body body) const {
    return each(0, range_.end_layer, body);
  }
  template <typename Body>
  bool each_resolution(Body body) const {
    return each(range_.first_resolution, range_.end_resolution, body);
  }
  template <typename Body>
  bool each_component(Body body) const {
    return each(range_.first_component, range_.end_component, body);
  }

  // Visits the places at which precincts may begin. As in openjpeg the step is that of the smallest precinct.
  template <typename Body>
  bool each_place(Components components, Body body) const {
    std::uint64_t step_x = ~std::uint64_t{0};
    std::uint64_t step_y = ~std::uint64_t{0};
    for (std::uint32_t i = components.first; i < components.end; ++i) {
      for (std::uint32_t number = 0; number <= layout_.levels(i); ++number) {
        const Resolution& resolution = *layout_.resolution(i, number);
        const Component sampling = layout_.component(i);
        const auto size = [&](std::uint64_t step, unsigned exponent) {
          return step << (exponent + resolution.halvings);
        };
        step_x = std::min(step_x, size(sampling.dx, resolution.precinct_width));
        step_y = std::min(step_y, size(sampling.dy, resolution.precinct_height));
      }
    }
    const Rect& area = layout_.area();
    for (std::uint64_t y = area.y0; y < area.y1; y += step_y - y % step_y) {
      for (std::uint64_t x = area.x0; x < area.x1; x += step_x - x % step_x) {
        if (!body(x, y)) return false;
      }
    }
    return true;
  }

  bool all_precincts(std::uint32_t number, std::uint32_t layer) {
    return each_component([&](std::uint32_t component) {
      const Resolution* resolution = layout_.resolution(component, number);
      if (resolution == nullptr) return true;
      const std::uint32_t count = resolution->across * resolution->down;
      return each(0, count, [&](std::uint32_t precinct) {
        return visit_(Packet{component, resolution, precinct, layer});
      });
    });
  }

  // Visits the precinct of a component's resolution that begins at (x, y), if there is one.
  bool at(std::uint32_t component, std::uint32_t number, std::uint64_t x, std::uint64_t y) {
    const Resolution* resolution = layout_.resolution(component, number);
    if (resolution == nullptr) return true;
    const auto precinct = layout_.precinct_at(component, *resolution, x, y);
    if (!precinct) return true;
    return each_layer(
        [&](std::uint32_t layer) { return visit_(Packet{component, resolution, *precinct, layer}); });
  }

  bool all_resolutions_at(std::uint32_t component, std::uint64_t x, std::uint64_t y) {
    return each_resolution([&](std::uint32_t number) { return at(component, number, x, y); });
  }

  const TileLayout& layout_;
  const Progression& range_;
  Visit visit_;
};

}  // namespace netocr::jp2
