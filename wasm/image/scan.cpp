// Walks the blocks of the scan in coding order, once to count symbols and once to code them.
#include "image/scan.hpp"

#include <bit>
#include <cstdlib>

#include "image/bit_writer.hpp"

namespace netocr {
namespace {

std::uint32_t bit_length(std::uint32_t magnitude) {
  return static_cast<std::uint32_t>(std::bit_width(magnitude));
}

// Calls visit(component, block) for every block of one row of MCUs in coding order (T.81 A.2). `block` is
// null for the padding of the last MCUs: it repeats the DC value before it and has no AC.
template <typename Visit>
void for_each_block(const Frame& frame, std::uint32_t mcu_y, Visit visit) {
  for (std::uint32_t mcu_x = 0; mcu_x < frame.mcus_wide(); ++mcu_x) {
    for (std::uint8_t c = 0; c < frame.component_count; ++c) {
      const CoefficientPlane& plane = frame.components[c];
      const std::uint32_t side = c == 0 ? frame.mcu_blocks() : 1;
      for (std::uint32_t y = mcu_y * side; y < (mcu_y + 1) * side; ++y) {
        for (std::uint32_t x = mcu_x * side; x < (mcu_x + 1) * side; ++x) {
          visit(c, x < plane.blocks_wide && y < plane.blocks_high ? plane.block(x, y) : nullptr);
        }
      }
    }
  }
}

// What the two walks share: quantisation and DC prediction. Sink has dc(table, difference), ac(table, run,
// negative, level), zero_run(table) and end_of_block(table).
template <typename Sink>
class BlockCoder {
 public:
  BlockCoder(const QuantTables& tables, Sink& sink)
      : quantisers_{make_quantiser(tables.luma, 0), make_quantiser(tables.cb, 1),
                    make_quantiser(tables.cr, 2)},
        dead_zones_{make_dead_zone(tables.luma, 0), make_dead_zone(tables.cb, 1),
                    make_dead_zone(tables.cr, 2)},
        sink_(sink) {}

  void code(std::uint8_t component, const std::int16_t* block) {
    const std::uint32_t table = component == 0 ? 0 : 1;
    if (block == nullptr) {
      sink_.dc(table, 0);
      sink_.end_of_block(table);
      return;
    }
    const std::uint64_t nonzero = quantise_block(block, quantisers_[component], levels_);
    const std::int32_t dc = block[0] < 0 ? -static_cast<std::int32_t>(levels_[0]) : levels_[0];
    sink_.dc(table, dc - predicted_[component]);
    predicted_[component] = dc;
    code_ac(table, dead_zones_[component], block, nonzero & ~std::uint64_t{1});
  }

 private:
  void code_ac(std::uint32_t table, const DeadZone& dead_zone, const std::int16_t* block,
               std::uint64_t nonzero) {
    std::uint32_t next = 1;
    while (nonzero != 0) {
      const auto position = static_cast<std::uint32_t>(std::countr_zero(nonzero));
      nonzero &= nonzero - 1;
      std::uint32_t run = position - next;
      const auto magnitude = static_cast<std::uint32_t>(std::abs(block[position]));
      const bool dropped = dead_zone.drops(position, run, magnitude);
      if (dropped && !(Sink::kTakesDropped && run < 15)) continue;
      for (; run > 15; run -= 16) sink_.zero_run(table);
      sink_.ac(table, run, block[position] < 0, dropped ? 0 : levels_[position]);
      next = dropped ? next : position + 1;
    }
    if (next < kBlockSize) sink_.end_of_block(table);
  }

  std::array<Quantiser, 3> quantisers_;
  std::array<DeadZone, 3> dead_zones_;
  Sink& sink_;
  alignas(16) Levels levels_{};
  std::array<std::int32_t, 3> predicted_{};
};

struct CountingSink {
  // Whether a coefficient is dropped is hard to predict: counting it under a symbol that does not exist,
  // level 0 after 1 to 14 zeros, is quicker than a branch.
  static constexpr bool kTakesDropped = true;
  ScanSymbols symbols{};

  void dc(std::uint32_t table, std::int32_t difference) {
    ++symbols.dc[table][bit_length(static_cast<std::uint32_t>(std::abs(difference)))];
  }
  void ac(std::uint32_t table, std::uint32_t run, bool, std::uint32_t level) {
    ++symbols.ac[table][run << 4 | bit_length(level)];
  }
  void zero_run(std::uint32_t table) { ++symbols.ac[table][kZeroRun16]; }
  void end_of_block(std::uint32_t table) { ++symbols.ac[table][kEndOfBlock]; }
  void forget_dropped() {
    for (SymbolCounts& counts : symbols.ac) {
      for (std::uint32_t run = 1; run < 15; ++run) counts[run << 4] = 0;
    }
  }
};

class WritingSink {
 public:
  static constexpr bool kTakesDropped = false;
  WritingSink(const ScanTables& tables, MutableBytes out) : tables_(tables), bits_(out) {}

  void dc(std::uint32_t table, std::int32_t difference) {
    const auto level = static_cast<std::uint32_t>(std::abs(difference));
    put(tables_.dc[table], bit_length(level), bit_length(level), difference < 0, level);
  }
  void ac(std::uint32_t table, std::uint32_t run, bool negative, std::uint32_t level) {
    const std::uint32_t size = bit_length(level);
    put(tables_.ac[table], run << 4 | size, size, negative, level);
  }
  void zero_run(std::uint32_t table) { put(tables_.ac[table], kZeroRun16, 0, false, 0); }
  void end_of_block(std::uint32_t table) { put(tables_.ac[table], kEndOfBlock, 0, false, 0); }
  BitWriter& bits() { return bits_; }

 private:
  // A symbol's code and its `size` value bits: the level, or its complement when it is negative (T.81
  // F.1.2.1).
  void put(const HuffmanTable& table, std::uint32_t symbol, std::uint32_t size, bool negative,
           std::uint32_t level) {
    const std::uint32_t mask = (1U << size) - 1;
    const std::uint32_t value = (negative ? ~level : level) & mask;
    bits_.put(static_cast<std::uint32_t>(table.codes[symbol]) << size | value, table.lengths[symbol] + size);
  }

  const ScanTables& tables_;
  BitWriter bits_;
};

std::uint64_t table_bits(const SymbolCounts& counts, const HuffmanTable& table) {
  std::uint64_t bits = 0;
  for (std::uint32_t symbol = 0; symbol < counts.size(); ++symbol) {
    bits += static_cast<std::uint64_t>(counts[symbol]) * (table.lengths[symbol] + (symbol & 15));
  }
  return bits;
}

}  // namespace

Result<Frame> make_frame(const PlanarImage& image) {
  Frame frame;
  frame.width = image.width();
  frame.height = image.height();
  frame.component_count = image.plane_count;
  for (std::uint8_t i = 0; i < image.plane_count; ++i) {
    auto plane = forward_dct(image.planes[i]);
    if (!plane) return plane.error();
    frame.components[i] = std::move(*plane);
  }
  return frame;
}

Result<Frame> make_frame_like(const Frame& frame) {
  Frame made;
  made.width = frame.width;
  made.height = frame.height;
  made.component_count = frame.component_count;
  for (std::uint8_t i = 0; i < frame.component_count; ++i) {
    const CoefficientPlane& plane = frame.components[i];
    auto values = Array<std::int16_t>::create(plane.values.size());
    if (!values) return values.error();
    made.components[i] = {std::move(*values), plane.blocks_wide, plane.blocks_high};
  }
  return made;
}

ScanSymbols count_symbols(const Frame& frame, const QuantTables& tables, std::uint32_t mcu_row_step) {
  CountingSink sink;
  BlockCoder<CountingSink> coder(tables, sink);
  for (std::uint32_t y = 0; y < frame.mcus_high(); y += mcu_row_step) {
    for_each_block(frame, y,
                   [&](std::uint8_t component, const std::int16_t* block) { coder.code(component, block); });
  }
  sink.forget_dropped();
  return sink.symbols;
}

ScanTables build_scan_tables(const ScanSymbols& symbols) {
  ScanTables tables;
  for (std::uint32_t i = 0; i < 2; ++i) {
    tables.dc[i] = build_huffman_table(symbols.dc[i]);
    tables.ac[i] = build_huffman_table(symbols.ac[i]);
  }
  return tables;
}

std::uint64_t scan_bits(const ScanSymbols& symbols, const ScanTables& tables) {
  std::uint64_t bits = 0;
  for (std::uint32_t i = 0; i < 2; ++i) {
    bits += table_bits(symbols.dc[i], tables.dc[i]) + table_bits(symbols.ac[i], tables.ac[i]);
  }
  return bits;
}

CodedScan code_scan(const Frame& frame, const QuantTables& quant, const ScanTables& tables,
                    MutableBytes out) {
  WritingSink sink(tables, out);
  BlockCoder<WritingSink> coder(quant, sink);
  bool fits = true;
  for (std::uint32_t y = 0; fits && y < frame.mcus_high(); ++y) {
    for_each_block(frame, y, [&](std::uint8_t component, const std::int16_t* block) {
      fits = fits && sink.bits().has_room();
      if (fits) coder.code(component, block);
    });
  }
  if (fits) sink.bits().finish();
  return {sink.bits().size(), sink.bits().stuffed(), fits};
}

}  // namespace netocr
