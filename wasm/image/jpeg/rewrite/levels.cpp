// Decodes the scans of T.81 F.2 and annex G without dequantisation and transform, and keeps complete blocks.
#include "image/jpeg/rewrite/levels.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <numeric>

#include "image/jpeg/decode/progressive_scans.hpp"
#include "image/jpeg/decode/scan_limits.hpp"
#include "image/jpeg/decode/scan_walk.hpp"

namespace netocr::jpeg {
namespace {

constexpr std::uint32_t kLargestStep = 255;  // max step of a baseline JPEG

// Returns the layout with all coefficients at their zigzag positions and unscaled.
BlockLayout level_layout() {
  BlockLayout layout;
  for (std::uint32_t k = 0; k < kBlockSize; ++k) layout.places[k] = static_cast<std::uint8_t>(k);
  layout.steps.fill(1);
  layout.last = kBlockSize - 1;
  layout.size = kBlockSize;
  return layout;
}

// Returns whether the quantisation tables are unchanged since the first scan: a table that is redefined
// between two scans applies to the components whose first scan follows.
bool has_same_steps(const Tables& tables, const StoredLevels& levels) {
  for (std::size_t i = 0; i < levels.component_count; ++i) {
    const auto& steps = *tables.quant(tables.components()[i].quant);
    if (!std::equal(steps.begin(), steps.end(), levels.planes[i].steps.begin())) return false;
  }
  return true;
}

// Reads the scans of a sequential JPEG, each of one or several components.
class SequentialScans {
 public:
  SequentialScans(Bytes bytes, const Planes& planes) : bytes_(bytes), planes_(planes) {}

  Status create() {
    for (std::size_t i = 0; i < planes_.count(); ++i) {
      const BlockPlane& plane = planes_[i];
      NETOCR_ASSIGN(values_[i], Array<std::int16_t>::create_zeroed(std::size_t{plane.blocks_wide} *
                                                                   plane.blocks_high * kBlockSize));
      NETOCR_ASSIGN(dc_[i], make_nothrow<SymbolTable>());
      NETOCR_ASSIGN(ac_[i], make_nothrow<AcTables>());
    }
    NETOCR_ASSIGN(data_, ScanBytes::create(bytes_));
    return {};
  }

  // Reads from the scan that `tables` is positioned at until all components are complete. Returns false when
  // data is damaged or missing, a component occurs twice, or its table is not that of `levels`.
  bool read(Tables& tables, const StoredLevels& levels) {
    for (std::uint32_t found = 0;;) {
      const bool is_first = found == 0;
      if (!has_same_steps(tables, levels)) return false;
      for (std::size_t i = 0; i < tables.scan().count; ++i) {
        const std::uint32_t bit = 1U << tables.scan().components[i].index;
        if ((found & bit) != 0) return false;
        found |= bit;
      }
      BitCursor cursor;
      data_.start(tables.scan().data, cursor);
      if (!read_scan(tables, cursor)) return false;
      const bool is_whole = found == (1U << planes_.count()) - 1;
      if (is_whole && is_first) return true;  // decoders stop here
      tables.go_on(data_.finish(cursor));
      const bool goes_on = tables.next_scan() == Tables::Next::kScan;
      if (is_whole || !goes_on) return is_whole && !goes_on;
    }
  }

  Array<std::int16_t>& values(std::size_t component) { return values_[component]; }

 private:
  bool read_scan(const Tables& tables, BitCursor& cursor) {
    const Scan& scan = tables.scan();
    if (scan.first != 0 || scan.last != kBlockSize - 1 || scan.high != 0 || scan.low != 0) return false;
    for (std::size_t i = 0; i < scan.count; ++i) {
      const HuffmanCode* const dc = tables.dc(scan.components[i].dc);
      const HuffmanCode* const ac = tables.ac(scan.components[i].ac);
      if (dc == nullptr || ac == nullptr || !make_dc_table(*dc, *dc_[i]) || !make_ac_tables(*ac, *ac_[i]))
        return false;
    }
    bool damaged = false;
    std::array<std::uint32_t, 3> predicted{};
    const auto read = [&](std::size_t i, std::size_t plane, std::size_t block, BitCursor& here) {
      std::int16_t* const levels = values_[plane].data() + block * kBlockSize;
      // The sum wraps around in hostile files only.
      predicted[i] += static_cast<std::uint32_t>(read_dc_difference(*dc_[i], here, damaged));
      levels[0] = static_cast<std::int16_t>(predicted[i]);
      read_ac(*ac_[i], planes_[plane].layout, here, levels, damaged);
    };
    return walk_scan(bytes_, tables, planes_, data_, cursor, read, [&] { predicted = {}; }) && !damaged;
  }

  Bytes bytes_;
  const Planes& planes_;
  ScanBytes data_;
  std::array<Array<std::int16_t>, 3> values_;
  std::array<std::unique_ptr<SymbolTable>, 3> dc_;  // DC tables of a scan's components
  std::array<std::unique_ptr<AcTables>, 3> ac_;
};

// Reads the sampling factors and divides them by their common factor. Returns false when luma does not have a
// whole number of samples for each of chroma.
bool read_sampling(const Planes& planes, StoredLevels& levels) {
  std::uint32_t common_h = 0;
  std::uint32_t common_v = 0;
  for (std::size_t i = 0; i < planes.count(); ++i) {
    if (planes[0].h % planes[i].h != 0 || planes[0].v % planes[i].v != 0) return false;
    common_h = std::gcd(common_h, planes[i].h);
    common_v = std::gcd(common_v, planes[i].v);
  }
  for (std::size_t i = 0; i < planes.count(); ++i) {
    levels.planes[i].sampling = {static_cast<std::uint8_t>(planes[i].h / common_h),
                                 static_cast<std::uint8_t>(planes[i].v / common_v)};
  }
  return true;
}

bool read_steps(const Tables& tables, StoredLevels& levels) {
  for (std::size_t i = 0; i < levels.component_count; ++i) {
    const auto* const steps = tables.quant(tables.components()[i].quant);
    if (steps == nullptr) return false;
    for (std::size_t k = 0; k < kBlockSize; ++k) {
      if ((*steps)[k] == 0 || (*steps)[k] > kLargestStep) return false;
      levels.planes[i].steps[k] = static_cast<std::uint8_t>((*steps)[k]);
    }
  }
  return true;
}

bool has_usual_mcus(const Planes& planes) {
  std::uint32_t blocks = 0;
  for (std::size_t i = 0; i < planes.count(); ++i) blocks += planes[i].h * planes[i].v;
  return blocks <= kMaxBlocksInMcu;
}

// Reads the header and the tables before the first scan. Returns false when the file is not of this kind.
bool read_frame(const Tables& tables, const Planes& planes, StoredLevels& levels) {
  levels.width = tables.width();
  levels.height = tables.height();
  levels.component_count = static_cast<std::uint8_t>(planes.count());
  for (std::size_t i = 0; i < planes.count(); ++i) {
    levels.planes[i].stride = planes[i].blocks_wide;
    levels.planes[i].blocks_wide = planes[i].own_blocks_wide;
    levels.planes[i].blocks_high = planes[i].own_blocks_high;
  }
  return has_usual_mcus(planes) && read_sampling(planes, levels) && read_steps(tables, levels);
}

// Returns false when the file is damaged or unusual. Errors: OUT_OF_MEMORY.
Result<bool> read_sequential(Bytes bytes, Tables& tables, const Planes& planes, StoredLevels& levels) {
  SequentialScans scans(bytes, planes);
  NETOCR_TRY(scans.create());
  if (!scans.read(tables, levels)) return false;
  for (std::size_t i = 0; i < planes.count(); ++i) levels.planes[i].values = std::move(scans.values(i));
  return true;
}

Result<bool> read_progressive(Bytes bytes, Tables& tables, const Planes& planes, StoredLevels& levels) {
  ProgressiveScans scans;
  NETOCR_TRY(scans.create(bytes, planes));
  if (!scans.read(tables)) return false;
  for (std::size_t i = 0; i < planes.count(); ++i) levels.planes[i].values = scans.take(i);
  return true;
}

bool has_quant_tables(const Tables& tables) {
  const auto components = std::span(tables.components()).first(tables.component_count());
  return std::all_of(components.begin(), components.end(),
                     [&](const FrameComponent& c) { return tables.quant(c.quant) != nullptr; });
}

}  // namespace

Result<std::optional<StoredLevels>> read_levels(File& file, const Limits& limits) {
  using Nothing = std::optional<StoredLevels>;
  const Header& header = file.header();
  if (!has_own_decoder(header)) return Nothing();
  const bool sequential = header.process == Process::kSequential;
  const Tables* const first = file.first_scan();
  if (first == nullptr || !has_quant_tables(*first)) return Nothing();
  Tables tables = *first;
  if (!sequential && (header.process != Process::kProgressive || !tables.scan_has_whole_frame()))
    return Nothing();
  Planes planes;
  NETOCR_TRY(planes.create(tables, WantedSize{1, 1}));
  for (std::size_t i = 0; i < planes.count(); ++i) planes[i].layout = level_layout();
  StoredLevels levels;
  if (!read_frame(tables, planes, levels)) return Nothing();
  if (!check_coefficient_memory(file, planes.block_count(), limits).ok()) return Nothing();
  NETOCR_ASSIGN(const auto& read, sequential ? read_sequential(file.bytes(), tables, planes, levels)
                                             : read_progressive(file.bytes(), tables, planes, levels));
  if (!read || !has_same_steps(tables, levels)) return Nothing();
  return Nothing(std::move(levels));
}

}  // namespace netocr::jpeg
