// Computes the WSQ subband tree and synthesis in plain float. Each product is rounded before it is added and
// terms are added in the order of the reference decoder, so that results are bit-identical to it: this file
// must never be compiled with contraction to FMA.
#include "image/wsq/wavelet.hpp"

#include <algorithm>

namespace netocr::wsq {
namespace {

struct Interval {
  std::uint32_t position, length;
  bool inverted;
};
struct IntervalPair {
  Interval first, second;
};

// The low band has ceil(n/2) samples, the high band floor(n/2); the low band comes first unless the interval
// is inverted.
IntervalPair split(const Interval& whole) {
  const std::uint32_t first = whole.inverted ? whole.length / 2 : whole.length - whole.length / 2;
  return {{whole.position, first, false}, {whole.position + first, whole.length - first, true}};
}

// The quadrants are 0: both first, 1: second in x, 2: second in y, 3: both second.
std::array<Region, 4> quadrants(const Region& region) {
  const IntervalPair x = split({region.x, region.width, region.inverted_x});
  const IntervalPair y = split({region.y, region.height, region.inverted_y});
  const auto make = [](const Interval& across, const Interval& down) {
    return Region{across.position, down.position, across.length, down.length, across.inverted, down.inverted};
  };
  return {make(x.first, y.first), make(x.second, y.first), make(x.first, y.second), make(x.second, y.second)};
}

// The inner nodes of the tree, parents before children. build_tree() names them
//   root: A . . leaves        A: B D E leaf 51      B: F and leaves 7..18      F: node over leaves 0..3,
//   leaves 4..6
struct Tree {
  SubbandLayout leaves{};
  std::array<Region, 20> nodes{};
  std::size_t node_count = 0;
  std::size_t next_leaf = 0;

  std::array<Region, 4> open(const Region& region) {
    nodes[node_count++] = region;
    return quadrants(region);
  }
  void leaf(const Region& region) { leaves[next_leaf++] = region; }
  void four_leaves(const Region& region) {
    for (const Region& quadrant : open(region)) leaf(quadrant);
  }
  void sixteen_leaves(const Region& region) {
    for (const Region& quadrant : open(region)) four_leaves(quadrant);
  }
};

Tree build_tree(std::uint32_t width, std::uint32_t height) {
  Tree tree;
  const auto root = tree.open({0, 0, width, height, false, false});
  const auto a = tree.open(root[0]);
  const auto b = tree.open(a[0]);
  const auto f = tree.open(b[0]);
  tree.four_leaves(f[0]);                                                 // 0..3
  for (std::size_t i = 1; i < 4; ++i) tree.leaf(f[i]);                    // 4..6
  for (std::size_t i = 1; i < 4; ++i) tree.four_leaves(b[i]);             // 7..18
  tree.sixteen_leaves(a[1]);                                              // 19..34
  tree.sixteen_leaves(a[2]);                                              // 35..50
  tree.leaf(a[3]);                                                        // 51
  tree.four_leaves(root[1]);                                              // 52..55
  tree.four_leaves(root[2]);                                              // 56..59
  for (const Region& quadrant : quadrants(root[3])) tree.leaf(quadrant);  // 60..63: never coded, never joined
  return tree;
}

// The source index and sign of index m in the extended low or high band of a line of n samples.
struct Tapped {
  std::uint32_t index = 0;
  int sign = 0;  // 0: the sample is zero
};

std::int64_t wrap(std::int64_t value, std::int64_t period) { return ((value % period) + period) % period; }

// Odd filters have whole-sample symmetry of the interleaved line (low at even, high at odd places).
Tapped extend_odd(std::int64_t m, std::int64_t n, bool high) {
  std::int64_t at = 2 * m + (high ? 1 : 0);
  if (n == 1) return high ? Tapped{} : Tapped{0, 1};
  at = wrap(at, 2 * (n - 1));
  if (at >= n) at = 2 * (n - 1) - at;
  return {static_cast<std::uint32_t>(at / 2), 1};
}

// Even filters have a half-sample symmetric low band and an antisymmetric high band; both have period n.
Tapped extend_even(std::int64_t m, std::int64_t n, bool high) {
  const std::int64_t count = high ? n / 2 : n - n / 2;
  const std::int64_t at = wrap(m, n);
  if (at < count) return {static_cast<std::uint32_t>(at), 1};
  const std::int64_t mirrored = n - 1 - at;
  if (mirrored >= count) return {};
  return {static_cast<std::uint32_t>(mirrored), high ? -1 : 1};
}

constexpr std::int64_t kMargin = kMaxTaps;  // more than any tap extends beyond a band

// One direction of one node: x[2j + p] is the sum of low[j + d] * tap and high[j + d] * tap over the taps of
// parity p.
class Line {
 public:
  Line(const Filters& filters, std::uint32_t length, bool inverted) : filters_(filters), n_(length) {
    const std::uint32_t low = length - length / 2;
    low_start_ = inverted ? length / 2 : 0;
    high_start_ = inverted ? 0 : low;
    low_centre_ = filters.odd() ? (filters.low_length - 1) / 2 : filters.low_length / 2;
    high_centre_ = filters.odd() ? (filters.high_length - 1) / 2 + 1 : filters.high_length / 2;
  }

  std::uint32_t length() const { return n_; }

  // Calls visit(shift, tap, high) for output parity p in the order of the reference: low taps ascending, then
  // high taps.
  template <typename Visit>
  void taps(std::uint32_t parity, Visit visit) const {
    each(parity, filters_.low_pass.data(), filters_.low_length, low_centre_, false, visit);
    each(parity, filters_.high_pass.data(), filters_.high_length, high_centre_, true, visit);
  }

  // Returns the place on the line, in samples, of element m of the extended band.
  Tapped place(std::int64_t m, bool high) const {
    Tapped tapped = filters_.odd() ? extend_odd(m, n_, high) : extend_even(m, n_, high);
    tapped.index += high ? high_start_ : low_start_;
    return tapped;
  }

 private:
  template <typename Visit>
  static void each(std::uint32_t parity, const float* taps, std::uint32_t count, std::uint32_t centre,
                   bool high, Visit visit) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::int64_t twice = static_cast<std::int64_t>(i) - centre + parity;
      if (twice % 2 == 0) visit(twice / 2, taps[i], high);
    }
  }

  const Filters& filters_;
  std::uint32_t n_;
  std::uint32_t low_start_, high_start_;
  std::uint32_t low_centre_, high_centre_;
};

// Sets acc[i] to the first product, then adds further ones: one rounded multiplication and one rounded
// addition per term.
void add_products(float* acc, const float* samples, float tap, std::size_t count, bool first) {
  if (first) {
    for (std::size_t i = 0; i < count; ++i) acc[i] = samples[i] * tap;
  } else {
    for (std::size_t i = 0; i < count; ++i) acc[i] += samples[i] * tap;
  }
}

// Synthesises the columns of `region` from `plane` to `scratch`, whole rows of samples at a time.
void synthesise_columns(const Line& line, const Region& region, const float* plane, float* scratch,
                        std::size_t stride) {
  constexpr std::size_t kStrip = 256;  // columns whose accumulators and rows fit the first-level cache
  for (std::size_t x = 0; x < region.width; x += kStrip) {
    const std::size_t count = std::min<std::size_t>(kStrip, region.width - x);
    const std::size_t corner = region.y * stride + region.x + x;
    for (std::uint32_t n = 0; n < line.length(); ++n) {
      float* out = scratch + corner + n * stride;
      bool first = true;
      line.taps(n % 2, [&](std::int64_t shift, float tap, bool high) {
        const Tapped from = line.place(n / 2 + shift, high);
        if (from.sign == 0) return;
        add_products(out, plane + corner + from.index * stride, from.sign < 0 ? -tap : tap, count, first);
        first = false;
      });
      if (first) std::fill_n(out, count, 0.0F);
    }
  }
}

// The scratch memory of one row: both bands with their extension, and the even and the odd outputs.
struct RowScratch {
  std::size_t band = 0;
  Array<float> memory;
  Array<Tapped> places;

  static Result<RowScratch> create(const Line& line) {
    RowScratch made;
    made.band = (line.length() + 1) / 2 + 2 * static_cast<std::size_t>(kMargin);
    NETOCR_ASSIGN(made.memory, Array<float>::create(made.band * 3));
    NETOCR_ASSIGN(made.places, Array<Tapped>::create(made.band * 2));
    for (std::size_t i = 0; i < made.band; ++i) {
      const std::int64_t m = static_cast<std::int64_t>(i) - kMargin;
      made.places[i] = line.place(m, false);
      made.places[made.band + i] = line.place(m, true);
    }
    return made;
  }
};

// Synthesises the rows of `region` from `scratch` to `plane`.
Status synthesise_rows(const Line& line, const Region& region, const float* scratch, float* plane,
                       std::size_t stride) {
  NETOCR_ASSIGN(RowScratch made, RowScratch::create(line));
  float* bands = made.memory.data();
  float* acc = bands + 2 * made.band;
  for (std::uint32_t y = 0; y < region.height; ++y) {
    const std::size_t row = (region.y + y) * stride + region.x;
    for (std::size_t i = 0; i < 2 * made.band; ++i) {
      const Tapped from = made.places[i];
      bands[i] =
          from.sign == 0 ? 0.0F : (from.sign < 0 ? -scratch[row + from.index] : scratch[row + from.index]);
    }
    for (std::uint32_t parity = 0; parity < 2; ++parity) {
      const std::size_t count = (line.length() + 1 - parity) / 2;
      bool first = true;
      line.taps(parity, [&](std::int64_t shift, float tap, bool high) {
        const float* band = bands + (high ? made.band : 0) + (kMargin + shift);
        add_products(acc, band, tap, count, first);
        first = false;
      });
      if (first) std::fill_n(acc, count, 0.0F);
      for (std::size_t j = 0; j < count; ++j) plane[row + 2 * j + parity] = acc[j];
    }
  }
  return {};
}

}  // namespace

SubbandLayout subband_layout(std::uint32_t width, std::uint32_t height) {
  return build_tree(width, height).leaves;
}

std::size_t coefficient_count(const SubbandLayout& layout, const Quantisers& quantisers, std::size_t bands) {
  std::size_t count = 0;
  for (std::size_t band = 0; band < bands; ++band) {
    if (quantisers.bin_width[band] != 0) {
      count += static_cast<std::size_t>(layout[band].width) * layout[band].height;
    }
  }
  return count;
}

void dequantise(const SubbandLayout& layout, const Quantisers& quantisers, const Coefficients& coefficients,
                std::span<float> plane, std::uint32_t width) {
  std::size_t next = 0;
  for (std::size_t band = 0; band < kSubbands; ++band) {
    const float bin = quantisers.bin_width[band];
    if (bin == 0) continue;
    const double half_zero = static_cast<double>(quantisers.zero_width[band]) / 2.0;
    const Region& region = layout[band];
    for (std::uint32_t y = 0; y < region.height; ++y) {
      float* row = plane.data() + static_cast<std::size_t>(region.y + y) * width + region.x;
      for (std::uint32_t x = 0; x < region.width; ++x, ++next) {
        if (next >= coefficients.size()) return;
        const int p = coefficients[next];
        if (p == 0) continue;
        const float center = p > 0 ? static_cast<float>(p) - quantisers.bin_center
                                   : static_cast<float>(p) + quantisers.bin_center;
        const double product = static_cast<double>(bin * center);
        row[x] = static_cast<float>(p > 0 ? product + half_zero : product - half_zero);
      }
    }
  }
}

Status synthesise(const Filters& filters, std::span<float> plane, std::uint32_t width, std::uint32_t height) {
  NETOCR_ASSIGN(Array<float> scratch, Array<float>::create(plane.size()));
  const Tree tree = build_tree(width, height);
  for (std::size_t i = tree.node_count; i-- > 0;) {  // children before their parents
    const Region& node = tree.nodes[i];
    if (node.width == 0 || node.height == 0) continue;
    synthesise_columns(Line(filters, node.height, node.inverted_y), node, plane.data(), scratch.data(),
                       width);
    const Line across(filters, node.width, node.inverted_x);
    NETOCR_TRY(synthesise_rows(across, node, scratch.data(), plane.data(), width));
  }
  return {};
}

}  // namespace netocr::wsq
