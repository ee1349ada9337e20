// Dynamic programming over the coefficients that do not round to zero: the best path that ends with each of
// them follows from the best paths that end with its predecessors.
#include "image/jpeg/encode/trellis.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace netocr::jpeg {
namespace {

// The cost of a symbol without a code in the table: it had not occurred, so it is rare.
constexpr float kAbsentBits = 16;

constexpr std::uint32_t kMaxChoices = 2;  // levels of different size categories

struct Choice {
  float cost = 0;  // error relative to coding 0; excludes the bits that depend on the size
  std::uint16_t level = 0;
  std::uint8_t size = 0;  // bit length of the level
};

// A coefficient that may be coded.
struct Node {
  std::uint8_t position = 0;
  std::uint8_t choice_count = 0;
  std::array<Choice, kMaxChoices> choices{};
  // The best path that ends here.
  float best = 0;
  std::uint8_t before = 0;  // index of the preceding node, 0 for none
  std::uint16_t level = 0;
};

// Returns the squared error of `level` minus that of 0, in squared steps.
float error_of(float exact, std::uint32_t level) {
  const auto value = static_cast<float>(level);
  return value * (value - 2 * exact);
}

Choice choice_of(float exact, std::uint32_t level) {
  return {error_of(exact, level), static_cast<std::uint16_t>(level),
          static_cast<std::uint8_t>(std::bit_width(level))};
}

Node make_node(std::uint32_t position, float exact, std::uint32_t nearest) {
  Node node;
  node.position = static_cast<std::uint8_t>(position);
  node.choices[node.choice_count++] = choice_of(exact, nearest);
  if (nearest > 1) {
    const std::uint32_t smaller = (1U << (std::bit_width(nearest) - 1)) - 1;
    node.choices[node.choice_count++] = choice_of(exact, smaller);
  }
  return node;
}

class BlockTrellis {
 public:
  BlockTrellis(const AcBits& bits, float bit_worth) : bits_(bits), bit_worth_(bit_worth) {}

  void clear() { count_ = 0; }

  // Nodes are added in rising positions.
  void add(const Node& node) {
    nodes_[++count_] = node;
    find_best(nodes_[count_]);
  }

  // Returns the last node of the best complete path, 0 for none.
  std::uint32_t end() const {
    std::uint32_t last = 0;
    float least = bit_worth_ * bits_.end_of_block;
    for (std::uint32_t i = 1; i <= count_; ++i) {
      const bool full = nodes_[i].position == kBlockSize - 1;
      const float cost = nodes_[i].best + (full ? 0 : bit_worth_ * bits_.end_of_block);
      if (cost < least) {
        least = cost;
        last = i;
      }
    }
    return last;
  }

  const Node& node(std::uint32_t index) const { return nodes_[index]; }

 private:
  void find_best(Node& node) const {
    node.best = 1e30F;
    for (std::uint32_t before = count_; before-- > 0;) {
      const std::uint32_t run = node.position - nodes_[before].position - 1U;
      const float base = nodes_[before].best + bit_worth_ * static_cast<float>(run >> 4) * bits_.zero_run;
      for (std::uint32_t i = 0; i < node.choice_count; ++i) {
        const Choice& choice = node.choices[i];
        const float cost = base + choice.cost + bit_worth_ * bits_.symbol[(run & 15) << 4 | choice.size];
        if (cost >= node.best) continue;
        node.best = cost;
        node.before = static_cast<std::uint8_t>(before);
        node.level = choice.level;
      }
    }
  }

  const AcBits& bits_;
  float bit_worth_;
  std::array<Node, kBlockSize> nodes_{};  // [0] precedes all others, at the position of the DC coefficient
  std::uint32_t count_ = 0;
};

// The state that all blocks of a component share.
class ComponentTrellis {
 public:
  ComponentTrellis(const QuantTable& table, const AcBits& bits, float bit_worth)
      : quantiser_(make_rounding_quantiser(table)), trellis_(bits, bit_worth) {
    for (std::uint32_t i = 0; i < kBlockSize; ++i) {
      step_[i] = static_cast<std::int32_t>(table[i]) << kCoefficientBits;
      per_step_[i] = 1.0F / static_cast<float>(step_[i]);
    }
  }

  void run(const std::int16_t* in, std::int16_t* out) {
    std::uint64_t nonzero = quantise_block(in, quantiser_, levels_) & ~std::uint64_t{1};
    std::uint64_t negative = 0;
    trellis_.clear();
    for (; nonzero != 0; nonzero &= nonzero - 1) {
      const auto i = static_cast<std::uint32_t>(std::countr_zero(nonzero));
      negative |= static_cast<std::uint64_t>(in[i] < 0) << i;
      trellis_.add(make_node(i, static_cast<float>(std::abs(in[i])) * per_step_[i], levels_[i]));
    }
    out[0] = in[0];
    std::fill(out + 1, out + kBlockSize, std::int16_t{0});
    for (std::uint32_t at = trellis_.end(); at != 0; at = trellis_.node(at).before) {
      const Node& node = trellis_.node(at);
      const std::int32_t value = node.level * step_[node.position];
      out[node.position] = static_cast<std::int16_t>((negative >> node.position & 1) != 0 ? -value : value);
    }
  }

 private:
  Quantiser quantiser_;
  BlockTrellis trellis_;
  std::array<std::int32_t, kBlockSize> step_{};  // quantisation steps in coefficient units
  std::array<float, kBlockSize> per_step_{};
  alignas(16) Levels levels_{};
};

}  // namespace

AcBits ac_bits(const HuffmanTable& table) {
  AcBits bits;
  for (std::uint32_t symbol = 0; symbol < bits.symbol.size(); ++symbol) {
    const std::uint8_t length = table.lengths[symbol];
    bits.symbol[symbol] =
        (length == 0 ? kAbsentBits : static_cast<float>(length)) + static_cast<float>(symbol & 15);
  }
  bits.zero_run = bits.symbol[kZeroRun16];
  bits.end_of_block = bits.symbol[kEndOfBlock];
  return bits;
}

void trellis_block(const std::int16_t* in, const QuantTable& table, const AcBits& bits, float bit_worth,
                   std::int16_t* out) {
  ComponentTrellis(table, bits, bit_worth).run(in, out);
}

void trellis_frame(const Frame& from, const QuantTables& quant, const ScanTables& tables, Frame& to) {
  for (std::uint8_t c = 0; c < from.component_count; ++c) {
    const AcBits bits = ac_bits(tables.ac[c == 0 ? 0 : 1]);
    ComponentTrellis trellis(quant.of(c), bits, c == 0 ? kBitWorthLuma : kBitWorthChroma);
    const auto& values = from.components[c].values;
    for (std::size_t at = 0; at < values.size(); at += kBlockSize) {
      trellis.run(values.data() + at, to.components[c].values.data() + at);
    }
  }
}

}  // namespace netocr::jpeg
