// Implements T.81 annex G. In a refinement scan every nonzero coefficient has one correction bit, so a mask
// of them per block gives the number of bits to skip without reading the coefficients.
#include "image/jpeg/decode/progressive_scans.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "image/jpeg/decode/scan_limits.hpp"
#include "image/jpeg/decode/scan_walk.hpp"

namespace netocr::jpeg {
namespace {

constexpr std::uint8_t kMaxShift = 13;  // max of successive approximation (G.1.1.1.2)

// Returns a mask of the bits from `first` to `last`, both included.
constexpr std::uint64_t bits_between(std::uint32_t first, std::uint32_t last) {
  return ~std::uint64_t{0} >> (63 - last) & ~std::uint64_t{0} << first;
}

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

  // Reads the first bits of the coefficients (G.1.2.2).
  void read_first(BitCursor& cursor, std::int16_t* values, std::uint64_t& nonzero) {
    if (run_ > 0) {
      --run_;
      return;
    }
    BitCursor here = cursor;  // a local copy stays in registers
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

  // Reads one more bit of the nonzero coefficients, and new coefficients among the zeroes (G.1.2.3).
  void read_refinement(BitCursor& cursor, std::int16_t* values, std::uint64_t& nonzero) {
    BitCursor here = cursor;
    const std::uint64_t known = nonzero & bits_between(band_.first, band_.last);
    std::uint64_t rest = bits_between(band_.first, band_.last);  // part of the band that is still to be read
    std::uint64_t found = 0;
    std::uint64_t corrections = 0;  // one bit for each of `known`, in their order; the last one is the lowest
    bool ended = run_ > 0;
    if (ended) --run_;
    while (!ended && rest != 0) {
      const detail::Coefficient one = read_one(here);
      if (one.advance == kEndsBlock) {
        run_ = static_cast<std::uint32_t>(one.value);
        ended = true;
        break;
      }
      // After `advance - 1` zeroes the next zero is the new coefficient, or the last of 16 zeroes.
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
    cursor.want(detail::kMaxSymbolBits);
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

  // Returns `bits` without its lowest `count` (0..15) ones. Most counts are small, and a loop of that length
  // would mostly be mispredicted, so counts below four are handled without a branch.
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

  // Reads one correction bit for each coefficient of `known`.
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
      // A branch on the bit would be mispredicted half of the time.
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
  std::uint32_t run_ = 0;  // number of further blocks that are ended (EOBRUN)
  std::int16_t unused_ = 0;
  bool damaged_ = false;
};

}  // namespace

Status ProgressiveScans::create(Bytes bytes, const Planes& planes) {
  bytes_ = bytes;
  planes_ = &planes;
  for (std::size_t i = 0; i < planes.count(); ++i) {
    NETOCR_TRY(keep(i));
  }
  NETOCR_ASSIGN(scan_, ScanBytes::create(bytes));
  NETOCR_ASSIGN(runs_, make_nothrow<RunTables>());
  for (auto& dc : dc_) {
    NETOCR_ASSIGN(dc, make_nothrow<SymbolTable>());
  }
  return {};
}

Status ProgressiveScans::keep(std::size_t index) {
  const BlockPlane& plane = (*planes_)[index];
  KeptCoefficients& kept = kept_[index];
  const std::size_t blocks = std::size_t{plane.blocks_wide} * plane.blocks_high;
  NETOCR_ASSIGN(kept.values, Array<std::int16_t>::create_zeroed(blocks * plane.layout.size));
  NETOCR_ASSIGN(kept.nonzero, Array<std::uint64_t>::create_zeroed(blocks));
  kept.shifts.fill(-1);
  for (std::uint32_t k = 0; k < kBlockSize; ++k) {
    if (plane.layout.places[k] == BlockLayout::kUnused) continue;
    kept.wanted |= std::uint64_t{1} << k;
    kept.steps[plane.layout.places[k]] = static_cast<std::int16_t>(plane.layout.steps[k]);
  }
  return {};
}

bool ProgressiveScans::read(Tables& tables) {
  ScanBudget budget;
  for (auto found = Tables::Next::kScan;; found = tables.next_scan()) {
    if (found == Tables::Next::kEnd) return is_complete();
    if (found != Tables::Next::kScan || !is_in_order(tables.scan())) return false;
    BitCursor cursor;
    scan_.start(tables.scan().data, cursor);
    const bool dc = tables.scan().first == 0;
    if (!budget.take(blocks_of(tables.scan()))) return false;
    if (!(dc ? read_dc_scan(tables, cursor) : read_ac_scan(tables, cursor))) return false;
    tables.go_on(scan_.finish(cursor));
  }
}

// Requires every coefficient of every component down to its last bit, as libjpeg smooths pictures that lack
// some.
bool ProgressiveScans::is_complete() const {
  return std::all_of(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(planes_->count()),
                     [](const KeptCoefficients& kept) {
                       return std::all_of(kept.shifts.begin(), kept.shifts.end(),
                                          [](std::int8_t shift) { return shift == 0; });
                     });
}

// Returns whether a scan may come next (G.1.1.1), and records the bits of its coefficients.
bool ProgressiveScans::is_in_order(const Scan& scan) {
  if (scan.low > kMaxShift || scan.last >= kBlockSize || scan.last < scan.first) return false;
  if (scan.first == 0 ? scan.last != 0 : scan.count != 1) return false;
  if (scan.high != 0 && scan.high != scan.low + 1) return false;
  for (std::size_t i = 0; i < scan.count; ++i) {
    KeptCoefficients& kept = kept_[scan.components[i].index];
    if (scan.first != 0 && kept.shifts[0] < 0) return false;
    for (std::uint32_t k = scan.first; k <= scan.last; ++k) {
      const bool fits = scan.high == 0 ? kept.shifts[k] < 0 : std::cmp_equal(kept.shifts[k], scan.high);
      if (!fits) return false;
      kept.shifts[k] = static_cast<std::int8_t>(scan.low);
    }
  }
  return true;
}

std::uint64_t ProgressiveScans::blocks_of(const Scan& scan) const {
  const BlockPlane& alone = (*planes_)[scan.components[0].index];
  if (scan.count == 1) return std::uint64_t{alone.own_blocks_wide} * alone.own_blocks_high;
  std::uint64_t blocks = 0;
  for (std::size_t i = 0; i < scan.count; ++i) {
    const BlockPlane& plane = (*planes_)[scan.components[i].index];
    blocks += std::uint64_t{plane.blocks_wide} * plane.blocks_high;
  }
  return blocks;
}

bool ProgressiveScans::read_dc_scan(const Tables& tables, BitCursor& cursor) {
  const Scan& scan = tables.scan();
  const std::uint32_t shift = scan.low;
  const auto value_at = [this](std::size_t index, std::size_t block) -> std::int16_t& {
    return kept_[index].values[block * (*planes_)[index].layout.size];
  };
  if (scan.high != 0) {
    const auto refine = [&](std::size_t, std::size_t index, std::size_t block, BitCursor& here) {
      here.want(1);
      std::int16_t& value = value_at(index, block);
      value = static_cast<std::int16_t>(value | static_cast<std::int32_t>(here.peek(1)) << shift);
      here.skip(1);
    };
    return walk_scan(bytes_, tables, *planes_, scan_, cursor, refine, [] {});
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
  return walk_scan(bytes_, tables, *planes_, scan_, cursor, read, [&] { predicted = {}; }) && !damaged;
}

bool ProgressiveScans::read_ac_scan(const Tables& tables, BitCursor& cursor) {
  const Scan& scan = tables.scan();
  const HuffmanCode* const code = tables.ac(scan.components[0].ac);
  if (code == nullptr || !make_run_tables(*code, *runs_)) return false;
  const std::size_t index = scan.components[0].index;
  const BlockLayout& layout = (*planes_)[index].layout;
  KeptCoefficients& kept = kept_[index];
  BlockReader reader(*runs_, Band{scan.first, scan.last, scan.low, scan.high != 0}, layout, kept.wanted);
  const auto forget = [&] { reader.forget_run(); };
  const auto first = [&](std::size_t, std::size_t, std::size_t block, BitCursor& here) {
    reader.read_first(here, kept.values.data() + block * layout.size, kept.nonzero[block]);
  };
  const auto refine = [&](std::size_t, std::size_t, std::size_t block, BitCursor& here) {
    reader.read_refinement(here, kept.values.data() + block * layout.size, kept.nonzero[block]);
  };
  const bool whole = scan.high == 0 ? walk_scan(bytes_, tables, *planes_, scan_, cursor, first, forget)
                                    : walk_scan(bytes_, tables, *planes_, scan_, cursor, refine, forget);
  return whole && !reader.damaged();
}

}  // namespace netocr::jpeg
