// Decodes T.81 F.2 MCU by MCU straight to samples. Damage is handled as in libjpeg: invalid codes and missing
// bits count as zero, and lost data up to the next restart marker is grey.
#include "image/jpeg/decode/sequential.hpp"

#include <cstring>
#include <new>

#include "image/jpeg/decode/planes.hpp"
#include "image/jpeg/decode/restart.hpp"
#include "image/meta/image_info.hpp"

namespace netocr::jpeg {
namespace {

class SequentialSource final : public RowSource {
 public:
  // Returns false for a file that this decoder does not support.
  Result<bool> open(Bytes bytes, const Tables& tables, const WantedSize& wanted) {
    if (!is_ordinary(tables)) return false;
    for (std::size_t i = 0; i < tables.component_count(); ++i) {
      const ScanComponent& component = tables.scan().components[i];
      dc_of_[i] = component.dc;
      ac_of_[i] = component.ac;
      auto made = make_tables(tables, component);
      if (!made.ok() || !*made) return made;
    }
    NETOCR_TRY(planes_.create(tables, wanted));
    NETOCR_ASSIGN(auto scan, ScanBytes::create(bytes));
    scan_ = std::move(scan);
    bytes_ = bytes;
    restart_interval_ = tables.restart_interval();
    left_ = restart_interval_;
    scan_.start(tables.scan().data, cursor_);
    return true;
  }

  const SourceGeometry& geometry() const override { return planes_.geometry(); }
  std::uint32_t warnings() const override { return damaged_ ? kWarnTruncated : 0U; }
  std::uint32_t decoded_rows() const override { return decoded_rows_; }

  Result<RowBatch> next() override {
    if (row_ >= planes_.mcus_high()) return RowBatch{};
    BitCursor cursor = cursor_;  // a local copy stays in registers
    bool whole = true;
    for (std::uint32_t x = 0; x < planes_.mcus_wide(); ++x) {
      if (restart_interval_ != 0 && left_-- == 0) restart(cursor);
      if (lost_) {
        grey_mcu(x);
        whole = false;
        continue;
      }
      scan_.ensure(cursor);
      read_mcu(x, cursor);
      if (!scan_.is_overrun(cursor)) continue;
      lost_ = damaged_ = true;
      whole = false;
      if (row_ == 0 && !is_restart_marker(bytes_, scan_.finish(cursor)))
        return Error{ErrorCode::kCorruptImage, bytes_.size(), "the JPEG ends before its first rows"};
    }
    cursor_ = cursor;
    ++row_;
    const RowBatch batch = planes_.give();
    if (whole) decoded_rows_ += batch[0].count;
    return batch;
  }

 private:
  static bool is_ordinary(const Tables& tables) {
    const Scan& scan = tables.scan();
    const bool sequential = scan.first == 0 && scan.last == kBlockSize - 1 && scan.high == 0 && scan.low == 0;
    return sequential && tables.scan_has_whole_frame();
  }

  Result<bool> make_tables(const Tables& tables, const ScanComponent& component) {
    const HuffmanCode* const dc = tables.dc(component.dc);
    const HuffmanCode* const ac = tables.ac(component.ac);
    if (dc == nullptr || ac == nullptr) return false;
    if (dc_[component.dc] == nullptr) {
      NETOCR_ASSIGN(dc_[component.dc], make_nothrow<SymbolTable>());
    }
    if (ac_[component.ac] == nullptr) {
      NETOCR_ASSIGN(ac_[component.ac], make_nothrow<AcTables>());
    }
    return make_dc_table(*dc, *dc_[component.dc]) && make_ac_tables(*ac, *ac_[component.ac]);
  }

  void read_mcu(std::uint32_t x, BitCursor& cursor) {
    for (std::size_t i = 0; i < planes_.count(); ++i) {
      BlockPlane& plane = planes_[i];
      const SymbolTable& dc = *dc_[dc_of_[i]];
      const AcTables& ac = *ac_[ac_of_[i]];
      for (std::uint32_t v = 0; v < plane.v; ++v) {
        std::uint8_t* out = plane.block_at(x * plane.h, v);
        for (std::uint32_t h = 0; h < plane.h; ++h, out += plane.size) {
          // The sum wraps around in hostile files only.
          predicted_[i] += static_cast<std::uint32_t>(read_dc_difference(dc, cursor, damaged_));
          const auto mean = static_cast<std::int16_t>(predicted_[i] * plane.layout.steps[0]);
          if (!read_ac(ac, plane.layout, cursor, block_, damaged_)) {
            fill_block(mean, plane.size, out, plane.stride);
            continue;
          }
          block_[0] = mean;
          plane.transform(block_, out, plane.stride);
          clear(plane.layout.size);
        }
      }
    }
  }

  // Clears the block by constant lengths: a memset call for 32 bytes would take longer than the stores.
  void clear(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; i += 8) std::memset(block_ + i, 0, 8 * sizeof block_[0]);
  }

  void grey_mcu(std::uint32_t x) {
    for (std::size_t i = 0; i < planes_.count(); ++i) {
      BlockPlane& plane = planes_[i];
      for (std::uint32_t v = 0; v < plane.v; ++v) {
        for (std::uint32_t h = 0; h < plane.h; ++h)
          fill_block(0, plane.size, plane.block_at(x * plane.h + h, v), plane.stride);
      }
    }
  }

  void restart(BitCursor& cursor) {
    left_ = restart_interval_ - 1;
    predicted_ = {};
    const RestartFound found = find_restart(bytes_, scan_.finish(cursor), next_restart_);
    next_restart_ = (next_restart_ + 1) & 7;
    damaged_ |= found.damaged;
    if (found.there) lost_ = false;
    scan_.start(found.position, cursor);
  }

  Bytes bytes_;
  Planes planes_;
  ScanBytes scan_;
  BitCursor cursor_;
  std::array<std::unique_ptr<SymbolTable>, 4> dc_;
  std::array<std::unique_ptr<AcTables>, 4> ac_;
  std::array<std::uint8_t, 3> dc_of_{};
  std::array<std::uint8_t, 3> ac_of_{};
  std::array<std::uint32_t, 3> predicted_{};
  alignas(16) std::int16_t block_[kBlockRoom] = {};
  std::uint32_t restart_interval_ = 0;  // interval in MCUs; 0: none
  std::uint32_t left_ = 0;
  std::uint32_t next_restart_ = 0;
  std::uint32_t row_ = 0;
  std::uint32_t decoded_rows_ = 0;
  bool lost_ = false;  // data is lost up to the next restart marker
  bool damaged_ = false;
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_sequential(File& file, const WantedSize& wanted) {
  if (!has_own_decoder(file.header()) || file.header().process != Process::kSequential)
    return std::unique_ptr<RowSource>();
  const Tables* const tables = file.first_scan();
  if (tables == nullptr) return std::unique_ptr<RowSource>();
  NETOCR_ASSIGN(auto source, make_nothrow<SequentialSource>());
  NETOCR_ASSIGN(const auto& opened, source->open(file.bytes(), *tables, wanted));
  if (!opened) source.reset();
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::jpeg
