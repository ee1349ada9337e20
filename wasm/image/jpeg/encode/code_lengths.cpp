// Computes code lengths by package-merge (Larmore and Hirschberg, "A fast algorithm for optimal
// length-limited Huffman codes", 1990), which is exact, while annex K.2's shortening of too long codes is a
// heuristic.
#include "image/jpeg/encode/code_lengths.hpp"

#include <algorithm>

namespace netocr::jpeg {
namespace {

// The leaves are all symbols and the reserved one whose code would be all ones; its count is 0, so that its
// code is one of the longest.
constexpr std::uint32_t kMaxLeaves = 257;
constexpr std::uint16_t kReserved = 256;

struct Leaf {
  std::uint32_t count;
  std::uint16_t symbol;
};

struct Leaves {
  std::array<Leaf, kMaxLeaves> items;
  std::uint32_t size = 0;
};

Leaves collect_leaves(const SymbolCounts& counts) {
  Leaves leaves;
  leaves.items[leaves.size++] = {0, kReserved};
  for (std::size_t symbol = 0; symbol < counts.size(); ++symbol) {
    if (counts[symbol] == 0) continue;
    leaves.items[leaves.size++] = {counts[symbol], static_cast<std::uint16_t>(symbol)};
  }
  std::sort(leaves.items.data(), leaves.items.data() + leaves.size, [](const Leaf& a, const Leaf& b) {
    if (a.count != b.count) return a.count < b.count;
    return a.symbol > b.symbol;  // the reserved one first; a fixed order among equal counts
  });
  return leaves;
}

// The merged lists of leaves and packages, one per bit of code length; only their order is kept.
struct Merged {
  std::array<std::array<bool, 2 * kMaxLeaves>, kMaxCodeLength> is_leaf;
  std::array<std::uint32_t, kMaxCodeLength> size;
};

void merge_lists(const Leaves& leaves, Merged& merged) {
  std::array<std::uint64_t, 2 * kMaxLeaves> weights;  // weights of the list below
  std::array<std::uint64_t, 2 * kMaxLeaves> next;
  std::uint32_t below = 0;
  for (std::uint32_t level = 0; level < kMaxCodeLength; ++level) {
    const std::uint32_t packages = below / 2;
    std::uint32_t leaf = 0;
    std::uint32_t package = 0;
    std::uint32_t size = 0;
    while (leaf < leaves.size || package < packages) {
      const std::uint64_t pair = package < packages ? weights[2 * package] + weights[2 * package + 1] : 0;
      const bool take_leaf = package == packages || (leaf < leaves.size && leaves.items[leaf].count <= pair);
      merged.is_leaf[level][size] = take_leaf;
      next[size++] = take_leaf ? leaves.items[leaf++].count : pair;
      if (!take_leaf) ++package;
    }
    merged.size[level] = below = size;
    weights = next;
  }
}

// The 2n - 2 cheapest items of the last list determine the code: each occurrence of a leaf adds one bit to
// its symbol's length.
void lengths_from(const Leaves& leaves, const Merged& merged, std::array<std::uint8_t, kMaxLeaves>& lengths) {
  std::uint32_t taken = 2 * leaves.size - 2;
  for (std::uint32_t level = kMaxCodeLength; level-- > 0;) {
    std::uint32_t leaf = 0;
    for (std::uint32_t i = 0; i < taken; ++i) leaf += merged.is_leaf[level][i] ? 1U : 0U;
    for (std::uint32_t i = 0; i < leaf; ++i) ++lengths[i];
    taken = 2 * (taken - leaf);
  }
}

// By T.81 annex C codes count up within a length and double from one length to the next. The reserved leaf is
// the first of the longest; as it is not listed, the last code of that length, all ones, stays unused.
void assign_codes(HuffmanTable& table) {
  std::uint32_t code = 0;
  std::uint32_t index = 0;
  for (std::uint32_t length = 1; length <= kMaxCodeLength; ++length, code <<= 1) {
    for (std::uint32_t i = 0; i < table.length_counts[length]; ++i) {
      const std::uint8_t symbol = table.symbols[index++];
      table.lengths[symbol] = static_cast<std::uint8_t>(length);
      table.codes[symbol] = static_cast<std::uint16_t>(code++);
    }
  }
}

}  // namespace

HuffmanTable build_huffman_table(const SymbolCounts& counts) {
  HuffmanTable table;
  const Leaves leaves = collect_leaves(counts);
  if (leaves.size == 1) return table;
  Merged merged;
  merge_lists(leaves, merged);
  std::array<std::uint8_t, kMaxLeaves> lengths{};
  lengths_from(leaves, merged, lengths);
  for (std::uint32_t i = leaves.size; i-- > 1;) {  // from the most frequent on; item 0 is the reserved one
    ++table.length_counts[lengths[i]];
    table.symbols[table.symbol_count++] = static_cast<std::uint8_t>(leaves.items[i].symbol);
  }
  assign_codes(table);
  return table;
}

}  // namespace netocr::jpeg
