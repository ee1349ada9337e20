// How many rows of a picture the scans of a JPEG gave, told from the state of libjpeg between its rows.
#pragma once

#include <array>
#include <cstdint>

struct jpeg_decompress_struct;  // of jpeglib.h

namespace netocr::jpeg {

// A row of MCUs counts for a scan when all of its data was there. It counts for the picture when it does for
// the scans that make up most of what is seen: of every component, those with the first bits of the DC
// coefficient and of the eight AC coefficients behind it (in zigzag order). Rows that are lost between others
// (restart markers) are left out. Of several scans that lost rows at different places, the one that has
// fewest tells the number.
class RowCount {
 public:
  // To be called before each row of MCUs of each scan, and after the last one of all.
  void note(const jpeg_decompress_struct& cinfo);
  // To be called when data of the row that is being read is missing, also when its restart marker is.
  void lose_row() { lost_ = true; }
  // Rows of the picture at full size. Of a file that `is_complete` (undamaged up to its EOI) no scan is
  // missing: AC coefficients that none of them has are zero, as every reader takes them.
  std::uint32_t rows(const jpeg_decompress_struct& cinfo, bool is_complete) const;

 private:
  static constexpr std::size_t kLastCoefficient = 8;

  void count_row(const jpeg_decompress_struct& cinfo);

  std::array<std::array<std::uint32_t, kLastCoefficient + 1>, 4>
      rows_{};                 // of each component and coefficient
  std::uint32_t in_scan_ = 0;  // rows that the scan has given so far
  std::uint32_t row_ = 0;      // of MCUs: the next one of the scan
  int scan_ = 0;
  bool lost_ = false;
};

}  // namespace netocr::jpeg
