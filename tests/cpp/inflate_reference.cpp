// Compiled with Z_PREFIX, for libz_reference.
#define inflate_in_pieces inflate_in_pieces_by_zlib
#include "inflate_run.hpp"

netocr::Inflated netocr::inflate_by_zlib(std::span<const std::uint8_t> stream, const Pieces& pieces,
                                         int window_bits) {
  return inflate_in_pieces_by_zlib(stream, pieces, window_bits);
}
