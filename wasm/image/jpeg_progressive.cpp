// T.81 annex G. In a refinement scan every coefficient that is not zero yet takes one bit, so that a mask of
// them per block tells how many bits to pass over, without a look at the coefficients.
#include "image/jpeg_progressive.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "image/jpeg_planes.hpp"
#include "image/jpeg_restart.hpp"
#include "image/jpeg_scan_limits.hpp"

namespace netocr {
namespace {

constexpr std::uint8_t kMostShift = 13;  // of successive approximation (G.1.1.1.2)

// The bits from `first` to `last`, both of them included.
constexpr std::uint64_t bits_between(std::uint32_t first, std::uint32_t last) {
  return ~std::uint64_t{0} >> (63 - last) & ~std::uint64_t{0} << first;
}

// What is kept of a component until the last scan. Blocks lie as in JpegPlane, coefficients as in its layout,
// not dequantised.
struct Kept {
  Array<std::int16_t> values;
  Array<std::uint64_t> nonzero;                  // bit k: the coefficient at zigzag position k
  std::uint64_t wanted = 0;                      // bit k: it is in `values`
  std::array<std::int16_t, kBlockSize> steps{};  // quantisation, as the values lie
  std::array<std::int8_t, kBlockSize> shifts{};  // bits that are still missing; -1: not coded yet
};

// One scan of the coefficients from zigzag position `first` to `last`.
struct Band {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t shift = 0;
  bool refines = false;
};

class BlockReader {
 public:
  BlockReader(const RunTables& tables, const Band& band, const BlockLayout& layout, std::uint64_t wanted)
      : tables_(tables), layout_(layout), wanted_(wanted), band_(band) {}

  bool damaged() const { return damaged_; }
  void forget_run() { run_ = 0; }

  // G.1.2.2: the first bits of the coefficients.
  void read_first(BitCursor& cursor, std::int16_t* values, std::uint64_t& nonzero) {
    if (run_ > 0) {
      --run_;
      return;
    }
    BitCursor here = cursor;  // in registers
    std::uint64_t found = nonzero;
    for (std::uint32_t k = band_.first - 1; k < band_.last;) {
      const detail::Coefficient one = read_one(here);
      if (one.advance == kEndsBlock) {
        run_ = static_cast<std::uint32_t>(one.value);
        break;
      }
      k += one.advance;
      if (k > band_.last) {
        damaged_ = true;
        break;
      }
      if (one.value == 0) continue;  // ZRL
      found |= std::uint64_t{1} << k;
      store(values, k, static_cast<std::int32_t>(static_cast<std::uint32_t>(one.value) << band_.shift));
    }
    cursor = here;
    nonzero = found;
  }

  // G.1.2.3: one more bit of those that are not zero, and new ones among the zeroes.
  void read_refinement(BitCursor& cursor, std::int16_t* values, std::uint64_t& nonzero) {
    BitCursor here = cursor;
    const std::uint64_t known = nonzero & bits_between(band_.first, band_.last);
    std::uint64_t rest = bits_between(band_.first, band_.last);  // of the band, from where we are on
    std::uint64_t found = 0;
    std::uint64_t corrections = 0;  // a bit for each of `known`, in their order; the last one is the lowest
    bool ended = run_ > 0;
    if (ended) --run_;
    while (!ended && rest != 0) {
      const detail::Coefficient one = read_one(here);
      if (one.advance == kEndsBlock) {
        run_ = static_cast<std::uint32_t>(one.value);
        ended = true;
        break;
      }
      // The zero after so many others is the new coefficient, or the last of 16 zeroes.
      const std::uint64_t places = without_lowest(~known & rest, one.advance - 1);
      damaged_ |= places == 0 || one.value > 1 || one.value < -1;
      const std::uint64_t at = places & (0 - places);
      const std::uint64_t passed = rest & (at - 1);
      rest &= ~(passed | at);
      take_corrections(here, known & passed, corrections);
      if (one.value == 0) continue;
      found |= at;
      if (at != 0)
        store(values, static_cast<std::uint32_t>(std::countr_zero(at)), one.value * (1 << band_.shift));
    }
    if (ended) take_corrections(here, known & rest, corrections);
    correct(values, known, corrections);
    cursor = here;
    nonzero |= found;
  }

 private:
  static std::uint32_t take(BitCursor& cursor, std::uint32_t count) {
    if (count == 0) return 0;
    cursor.want(count);
    const std::uint32_t bits = cursor.peek(count);
    cursor.skip(count);
    return bits;
  }

  detail::Coefficient read_one(BitCursor& cursor) {
    cursor.want(detail::kMostSymbolBits);
    const std::uint32_t entry = tables_.values[cursor.peek(kLookupBits)];
    if (entry != 0 && (entry & kValueFollows) == 0) [[likely]] {
      cursor.skip(entry & 31);
      return {static_cast<std::int32_t>(entry) >> 16, entry >> 8 & 255, true};
    }
    const detail::Symbol symbol = detail::read_symbol(tables_.symbols, cursor);
    damaged_ |= !symbol.ok;
    const std::uint32_t size = symbol.symbol & 15;
    const std::uint32_t zeroes = symbol.symbol >> 4;
    if (size == 0 && zeroes < 15)
      return {static_cast<std::int32_t>((1U << zeroes) - 1 + take(cursor, zeroes)), kEndsBlock, true};
    return {detail::read_value(cursor, size), zeroes + 1, true};
  }

  // Without its lowest `count` (0..15) bits. Most counts are small, and a loop of their length would mostly
  // be predicted wrong: below four they are taken or not without a branch.
  static std::uint64_t without_lowest(std::uint64_t bits, std::uint32_t count) {
    const auto without = [](std::uint64_t from, int n) {
      for (int i = 0; i < n; ++i) from &= from - 1;
      return from;
    };
    for (; count >= 4; count -= 4) bits = without(bits, 4);
    const std::uint64_t two = without(bits, 2);
    bits = (count & 2) != 0 ? two : bits;
    const std::uint64_t one = bits & (bits - 1);
    return (count & 1) != 0 ? one : bits;
  }

  void store(std::int16_t* values, std::uint32_t k, std::int32_t value) {
    const std::uint8_t place = layout_.places[k];
    std::int16_t* const to = place == BlockLayout::kUnused ? &unused_ : values + place;
    *to = static_cast<std::int16_t>(value);
  }

  // One bit for each coefficient of `known`.
  static void take_corrections(BitCursor& cursor, std::uint64_t known, std::uint64_t& corrections) {
    auto count = static_cast<std::uint32_t>(std::popcount(known));
    for (; count > BitCursor::kRefilled; --count) {
      cursor.want(1);
      corrections = corrections << 1 | cursor.bits >> 63;
      cursor.skip(1);
    }
    cursor.want(count);
    corrections = corrections << count | cursor.bits >> 1 >> (63 - count);
    cursor.skip(count);
  }

  void correct(std::int16_t* values, std::uint64_t known, std::uint64_t corrections) const {
    const auto count = static_cast<std::uint32_t>(std::popcount(known));
    for (std::uint64_t places = known & wanted_; places != 0; places &= places - 1) {
      const auto at = static_cast<std::uint32_t>(std::countr_zero(places));
      const auto before = static_cast<std::uint32_t>(std::popcount(known & ~(~std::uint64_t{0} << at)));
      // Without a branch on the bit: it would be predicted wrong half of the time.
      const auto bit = static_cast<std::int32_t>(corrections >> (count - 1 - before) & 1);
      std::int16_t& value = values[layout_.places[at]];
      const std::int32_t sign = value >> 15;
      value = static_cast<std::int16_t>(value + (((bit << band_.shift) ^ sign) - sign));
    }
  }

  const RunTables& tables_;
  const BlockLayout& layout_;
  std::uint64_t wanted_;
  Band band_;
  std::uint32_t run_ = 0;  // blocks that are ended already (EOBRUN)
  std::int16_t unused_ = 0;
  bool damaged_ = false;
};

class ProgressiveJpeg final : public RowSource {
 public:
  // False when it is no file for this decoder.
  Result<bool> open(Bytes bytes, const WantedSize& wanted, const Limits& limits) {
    JpegTables tables(bytes);
    if (tables.next_scan() != JpegTables::Next::kScan || !tables.scan_has_whole_frame()) return false;
    if (const Status planes = planes_.create(tables, wanted); !planes.ok()) return planes.error();
    if (!check_coefficient_memory(bytes, block_count(), limits).ok()) return false;
    for (std::size_t i = 0; i < planes_.count(); ++i) {
      if (const Status kept = keep(i); !kept.ok()) return kept.error();
    }
    auto scan = ScanBytes::create(bytes);
    runs_.reset(new (std::nothrow) RunTables);
    for (auto& dc : dc_) dc.reset(new (std::nothrow) SymbolTable);
    const bool all = std::all_of(dc_.begin(), dc_.end(), [](const auto& dc) { return dc != nullptr; });
    if (!scan.ok() || runs_ == nullptr || !all) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
    scan_ = std::move(*scan);
    bytes_ = bytes;
    return read_scans(tables);
  }

  const SourceGeometry& geometry() const override { return planes_.geometry(); }

  Result<RowBatch> next() override {
    if (row_ >= planes_.mcus_high()) return RowBatch{};
    for (std::size_t i = 0; i < planes_.count(); ++i) {
      for (std::uint32_t v = 0; v < planes_[i].v; ++v) transform_row(i, v);
    }
    ++row_;
    return planes_.give();
  }

 private:
  std::uint64_t block_count() const {
    std::uint64_t blocks = 0;
    for (std::size_t i = 0; i < planes_.count(); ++i)
      blocks += std::uint64_t{planes_[i].blocks_wide} * planes_[i].blocks_high;
    return blocks;
  }

  Status keep(std::size_t index) {
    const JpegPlane& plane = planes_[index];
    Kept& kept = kept_[index];
    const std::size_t blocks = std::size_t{plane.blocks_wide} * plane.blocks_high;
    auto values = Array<std::int16_t>::create_zeroed(blocks * plane.layout.size);
    auto nonzero = Array<std::uint64_t>::create_zeroed(blocks);
    if (!values.ok() || !nonzero.ok()) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
    kept.values = std::move(*values);
    kept.nonzero = std::move(*nonzero);
    kept.shifts.fill(-1);
    for (std::uint32_t k = 0; k < kBlockSize; ++k) {
      if (plane.layout.places[k] == BlockLayout::kUnused) continue;
      kept.wanted |= std::uint64_t{1} << k;
      kept.steps[plane.layout.places[k]] = static_cast<std::int16_t>(plane.layout.steps[k]);
    }
    return {};
  }

  bool read_scans(JpegTables& tables) {
    ScanBudget budget;
    for (auto found = JpegTables::Next::kScan;; found = tables.next_scan()) {
      if (found == JpegTables::Next::kEnd) return is_complete();
      if (found != JpegTables::Next::kScan || !is_in_order(tables.scan())) return false;
      BitCursor cursor;
      scan_.start(tables.scan().data, cursor);
      const bool dc = tables.scan().first == 0;
      if (!budget.take(blocks_of(tables.scan()))) return false;
      if (!(dc ? read_dc_scan(tables, cursor) : read_ac_scan(tables, cursor))) return false;
      tables.go_on(scan_.finish(cursor));
    }
  }

  // Every coefficient of every component to its last bit. libjpeg smoothes what lacks some.
  bool is_complete() const {
    return std::all_of(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(planes_.count()),
                       [](const Kept& kept) {
                         return std::all_of(kept.shifts.begin(), kept.shifts.end(),
                                            [](std::int8_t shift) { return shift == 0; });
                       });
  }

  // Whether a scan is one that may come next (G.1.1.1); then its coefficients have its bits.
  bool is_in_order(const JpegScan& scan) {
    if (scan.low > kMostShift || scan.last >= kBlockSize || scan.last < scan.first) return false;
    if (scan.first == 0 ? scan.last != 0 : scan.count != 1) return false;
    if (scan.high != 0 && scan.high != scan.low + 1) return false;
    for (std::size_t i = 0; i < scan.count; ++i) {
      Kept& kept = kept_[scan.components[i].index];
      if (scan.first != 0 && kept.shifts[0] < 0) return false;
      for (std::uint32_t k = scan.first; k <= scan.last; ++k) {
        const bool fits = scan.high == 0 ? kept.shifts[k] < 0 : kept.shifts[k] == scan.high;
        if (!fits) return false;
        kept.shifts[k] = static_cast<std::int8_t>(scan.low);
      }
    }
    return true;
  }

  std::uint64_t blocks_of(const JpegScan& scan) const {
    const JpegPlane& alone = planes_[scan.components[0].index];
    if (scan.count == 1) return std::uint64_t{alone.own_blocks_wide} * alone.own_blocks_high;
    std::uint64_t blocks = 0;
    for (std::size_t i = 0; i < scan.count; ++i) {
      const JpegPlane& plane = planes_[scan.components[i].index];
      blocks += std::uint64_t{plane.blocks_wide} * plane.blocks_high;
    }
    return blocks;
  }

  // Calls read(component, block index, cursor) for every block in the order of the scan and restart() at each
  // restart marker. False when there is damage.
  template <typename Read, typename Restart>
  bool visit_blocks(const JpegTables& tables, BitCursor& cursor, Read read, Restart restart) {
    const JpegScan& scan = tables.scan();
    const std::size_t first = scan.components[0].index;
    const bool alone = scan.count == 1;
    const std::uint32_t wide = alone ? planes_[first].own_blocks_wide : planes_.mcus_wide();
    const std::uint32_t high = alone ? planes_[first].own_blocks_high : planes_.mcus_high();
    std::uint32_t left = tables.restart_interval();
    std::uint32_t marker = 0;
    BitCursor here = cursor;  // in registers
    for (std::uint32_t y = 0; y < high; ++y) {
      for (std::uint32_t x = 0; x < wide; ++x) {
        if (tables.restart_interval() != 0 && left-- == 0) {
          const RestartFound found = find_restart(bytes_, scan_.finish(here), marker);
          if (!found.there || found.damaged) return false;
          marker = (marker + 1) & 7;
          left = tables.restart_interval() - 1;
          scan_.start(found.position, here);
          restart();
        }
        scan_.ensure(here);
        if (alone) {
          read(0, first, std::size_t{y} * planes_[first].blocks_wide + x, here);
        } else {
          visit_mcu(scan, x, y, here, read);
        }
        if (scan_.is_overrun(here)) return false;
      }
    }
    cursor = here;
    return true;
  }

  template <typename Read>
  void visit_mcu(const JpegScan& scan, std::uint32_t x, std::uint32_t y, BitCursor& cursor, Read read) {
    for (std::size_t i = 0; i < scan.count; ++i) {
      const std::size_t index = scan.components[i].index;
      const JpegPlane& plane = planes_[index];
      for (std::uint32_t v = 0; v < plane.v; ++v) {
        const std::size_t row = (std::size_t{y} * plane.v + v) * plane.blocks_wide;
        for (std::uint32_t h = 0; h < plane.h; ++h)
          read(i, index, row + std::size_t{x} * plane.h + h, cursor);
      }
    }
  }

  bool read_dc_scan(const JpegTables& tables, BitCursor& cursor) {
    const JpegScan& scan = tables.scan();
    const std::uint32_t shift = scan.low;
    const auto value_at = [this](std::size_t index, std::size_t block) -> std::int16_t& {
      return kept_[index].values[block * planes_[index].layout.size];
    };
    if (scan.high != 0) {
      const auto refine = [&](std::size_t, std::size_t index, std::size_t block, BitCursor& here) {
        here.want(1);
        std::int16_t& value = value_at(index, block);
        value = static_cast<std::int16_t>(value | static_cast<std::int32_t>(here.peek(1)) << shift);
        here.skip(1);
      };
      return visit_blocks(tables, cursor, refine, [] {});
    }
    for (std::size_t i = 0; i < scan.count; ++i) {
      const HuffmanCode* const code = tables.dc(scan.components[i].dc);
      if (code == nullptr || !make_dc_table(*code, *dc_[i])) return false;
    }
    bool damaged = false;
    std::array<std::uint32_t, 4> predicted{};
    const auto read = [&](std::size_t i, std::size_t index, std::size_t block, BitCursor& here) {
      predicted[i] += static_cast<std::uint32_t>(read_dc_difference(*dc_[i], here, damaged));
      value_at(index, block) = static_cast<std::int16_t>(predicted[i] << shift);
    };
    return visit_blocks(tables, cursor, read, [&] { predicted = {}; }) && !damaged;
  }

  bool read_ac_scan(const JpegTables& tables, BitCursor& cursor) {
    const JpegScan& scan = tables.scan();
    const HuffmanCode* const code = tables.ac(scan.components[0].ac);
    if (code == nullptr || !make_run_tables(*code, *runs_)) return false;
    const std::size_t index = scan.components[0].index;
    const BlockLayout& layout = planes_[index].layout;
    Kept& kept = kept_[index];
    BlockReader reader(*runs_, Band{scan.first, scan.last, scan.low, scan.high != 0}, layout, kept.wanted);
    const auto forget = [&] { reader.forget_run(); };
    const auto first = [&](std::size_t, std::size_t, std::size_t block, BitCursor& here) {
      reader.read_first(here, kept.values.data() + block * layout.size, kept.nonzero[block]);
    };
    const auto refine = [&](std::size_t, std::size_t, std::size_t block, BitCursor& here) {
      reader.read_refinement(here, kept.values.data() + block * layout.size, kept.nonzero[block]);
    };
    const bool whole = scan.high == 0 ? visit_blocks(tables, cursor, first, forget)
                                      : visit_blocks(tables, cursor, refine, forget);
    return whole && !reader.damaged();
  }

  void transform_row(std::size_t index, std::uint32_t v) {
    JpegPlane& plane = planes_[index];
    const Kept& kept = kept_[index];
    const std::size_t size = plane.layout.size;
    std::size_t block = (std::size_t{row_} * plane.v + v) * plane.blocks_wide;
    alignas(16) std::int16_t dequantised[kBlockSize] = {};
    std::uint8_t* out = plane.block_at(0, v);
    for (std::uint32_t x = 0; x < plane.blocks_wide; ++x, ++block, out += plane.size) {
      const std::int16_t* const values = kept.values.data() + block * size;
      if ((kept.nonzero[block] & kept.wanted) == 0) {
        fill_block(static_cast<std::int16_t>(values[0] * kept.steps[0]), plane.size, out, plane.stride);
        continue;
      }
      for (std::size_t i = 0; i < size; ++i)
        dequantised[i] = static_cast<std::int16_t>(values[i] * kept.steps[i]);
      plane.transform(dequantised, out, plane.stride);
    }
  }

  Bytes bytes_;
  JpegPlanes planes_;
  ScanBytes scan_;
  std::array<Kept, 3> kept_;
  std::array<std::unique_ptr<SymbolTable>, 3> dc_;  // of a scan's components
  std::unique_ptr<RunTables> runs_;
  std::uint32_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_progressive_jpeg(Bytes bytes, const JpegHeader& header,
                                                         const WantedSize& wanted, const Limits& limits) {
  if (!has_own_decoder(header) || header.process != JpegProcess::kProgressive)
    return std::unique_ptr<RowSource>();
  std::unique_ptr<ProgressiveJpeg> source(new (std::nothrow) ProgressiveJpeg);
  if (source == nullptr) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  const auto opened = source->open(bytes, wanted, limits);
  if (!opened.ok()) return opened.error();
  if (!*opened) source.reset();
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr
