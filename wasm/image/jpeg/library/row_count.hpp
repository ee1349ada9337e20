// Counts the rows of a picture that the scans of a JPEG contain, from the state of libjpeg between its rows.
#pragma once

#include <array>
#include <cstdint>

#include "image/jpeg/library/picture.hpp"

namespace netocr::jpeg {

// The state of a scan between two of its rows of MCUs.
struct ScanState {
  int scan = 0;                  // number of the scan
  std::uint32_t row = 0;         // next row of MCUs; restarts with each scan
  std::uint32_t mcu_height = 0;  // height of an MCU in rows of the picture
  std::uint32_t height = 0;      // height of the picture
  bool lacks_data = false;       // the next row lacks data, and no restart marker precedes it
  std::uint32_t first = 0;       // first coefficient, in zigzag order
  std::uint32_t last = 63;
  bool refines = false;  // the scan adds bits to coefficients that have their first ones
  std::uint32_t count = 0;
  std::array<std::uint8_t, kMaxComponents> components{};  // indices in the frame
};

// A row of MCUs counts for a scan when all of its data was present. It counts for the picture when it counts
// for the scans that determine most of its appearance: for every component those with the first bits of the
// DC coefficient and of the eight AC coefficients behind it (in zigzag order). Rows that are lost between
// others (restart markers) are left out. Of several scans that lost rows at different places, the one with
// the fewest rows determines the count.
class RowCount {
 public:
  // Must be called before each row of MCUs of each scan, and after the very last one.
  void note(const ScanState& state);
  // Must be called when data of the row that is being read is missing, or its restart marker.
  void lose_row() { lost_ = true; }
  // Returns the number of rows of the picture at full size. When the file `is_complete` (undamaged up to its
  // EOI), no scan is missing: AC coefficients that no scan contains are zero, as in every decoder.
  std::uint32_t rows(const Picture& picture, bool is_complete) const;

 private:
  static constexpr std::size_t kLastCoefficient = 8;

  void count_row(const ScanState& state);

  std::array<std::array<std::uint32_t, kLastCoefficient + 1>, kMaxComponents>
      rows_{};                 // rows by component and coefficient
  std::uint32_t in_scan_ = 0;  // rows of the current scan so far
  std::uint32_t row_ = 0;      // next row of MCUs of the scan
  int scan_ = 0;
  bool lost_ = false;
};

}  // namespace netocr::jpeg
