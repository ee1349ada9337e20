// Reads the Huffman codes of a deflate block from its header: the fixed ones (RFC 1951, 3.2.6), or those
// whose lengths are in the stream (3.2.7).
#pragma once

#include "image/png/inflate_input.hpp"
#include "image/png/inflate_tables.hpp"

namespace netocr::png {

// The numbers of code lengths in the header of a dynamic block.
struct CodeCounts {
  std::size_t lengths = 0;       // codes of literals and lengths (HLIT)
  std::size_t distances = 0;     // codes of distances (HDIST)
  std::size_t code_lengths = 0;  // codes of code lengths (HCLEN)

  bool are_possible() const { return lengths <= kMaxLengthCodes && distances <= kMaxDistanceCodes; }
};

// Consumes 14 bits, which must be available.
CodeCounts read_code_counts(InflateInput& input);

// Reads the code lengths behind `counts`, which must be possible, and fills the tables. Returns false when
// these codes are invalid or the input ends; the tables are then undefined.
[[nodiscard]] bool read_dynamic_codes(InflateInput& input, const CodeCounts& counts, InflateTables& tables);

void make_fixed_codes(InflateTables& tables);

}  // namespace netocr::png
