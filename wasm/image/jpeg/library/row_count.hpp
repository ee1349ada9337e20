// How many rows of a picture the scans of a JPEG gave, told from the state of libjpeg between its rows.
#pragma once

#include <array>
#include <cstdint>

#include "image/jpeg/library/picture.hpp"

namespace netocr::jpeg {

// A scan between two of its rows of MCUs.
struct ScanState {
  int scan = 0;                  // its number
  std::uint32_t row = 0;         // of MCUs: the next one; starts anew with each scan
  std::uint32_t mcu_height = 0;  // rows of the picture
  std::uint32_t height = 0;      // of the picture
  bool lacks_data = false;       // of the next row, which no restart marker precedes
  std::uint32_t first = 0;       // coefficients, in zigzag order
  std::uint32_t last = 63;
  bool refines = false;  // gives further bits of coefficients that have their first ones
  std::uint32_t count = 0;
  std::array<std::uint8_t, kMaxComponents> components{};  // their indices in the frame
};

// A row of MCUs counts for a scan when all of its data was there. It counts for the picture when it does for
// the scans that make up most of what is seen: of every component, those with the first bits of the DC
// coefficient and of the eight AC coefficients behind it (in zigzag order). Rows that are lost between others
// (restart markers) are left out. Of several scans that lost rows at different places, the one that has
// fewest tells the number.
class RowCount {
 public:
  // To be called before each row of MCUs of each scan, and after the last one of all.
  void note(const ScanState& state);
  // To be called when data of the row that is being read is missing, also when its restart marker is.
  void lose_row() { lost_ = true; }
  // Rows of the picture at full size. Of a file that `is_complete` (undamaged up to its EOI) no scan is
  // missing: AC coefficients that none of them has are zero, as every reader takes them.
  std::uint32_t rows(const Picture& picture, bool is_complete) const;

 private:
  static constexpr std::size_t kLastCoefficient = 8;

  void count_row(const ScanState& state);

  std::array<std::array<std::uint32_t, kLastCoefficient + 1>, kMaxComponents>
      rows_{};                 // of each component and coefficient
  std::uint32_t in_scan_ = 0;  // rows that the scan has given so far
  std::uint32_t row_ = 0;      // of MCUs: the next one of the scan
  int scan_ = 0;
  bool lost_ = false;
};

}  // namespace netocr::jpeg
