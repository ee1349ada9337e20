// Decodes the scans of a progressive JPEG (ITU-T T.81 annex G) to the coefficients of all blocks.
#pragma once

#include <array>
#include <memory>

#include "image/jpeg/decode/planes.hpp"
#include "image/jpeg/decode/scan_bytes.hpp"

namespace netocr::jpeg {

// The coefficients of a component that are kept until the last scan. Blocks are ordered as in BlockPlane,
// coefficients as in its layout, not dequantised.
struct KeptCoefficients {
  Array<std::int16_t> values;
  Array<std::uint64_t> nonzero;                  // bit k: the coefficient at zigzag position k is not zero
  std::uint64_t wanted = 0;                      // bit k: the coefficient is in `values`
  std::array<std::int16_t, kBlockSize> steps{};  // quantisation steps, in the order of the values
  std::array<std::int8_t, kBlockSize> shifts{};  // missing low bits; -1: not coded yet
};

class ProgressiveScans {
 public:
  // `bytes` and `planes` must outlive the object. Errors: OUT_OF_MEMORY.
  Status create(Bytes bytes, const Planes& planes);

  // Reads all scans from the one that `tables` is positioned at. Returns false when one of them is damaged or
  // unusual in any way, or bits of a coefficient are missing at the end: libjpeg-turbo decodes such files.
  bool read(Tables& tables);

  const KeptCoefficients& operator[](std::size_t component) const { return kept_[component]; }
  // Moves a component's values out.
  Array<std::int16_t> take(std::size_t component) { return std::move(kept_[component].values); }

 private:
  Status keep(std::size_t index);
  bool is_complete() const;
  bool is_in_order(const Scan& scan);
  std::uint64_t blocks_of(const Scan& scan) const;
  bool read_dc_scan(const Tables& tables, BitCursor& cursor);
  bool read_ac_scan(const Tables& tables, BitCursor& cursor);

  Bytes bytes_;
  const Planes* planes_ = nullptr;
  ScanBytes scan_;
  std::array<KeptCoefficients, 3> kept_;
  std::array<std::unique_ptr<SymbolTable>, 3> dc_;  // DC tables of a scan's components
  std::unique_ptr<RunTables> runs_;
};

}  // namespace netocr::jpeg
