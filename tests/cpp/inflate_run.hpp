// Runs inflate() over a stream in pieces. Included by two files: once for the inflate of the product, once
// for zlib's own, whose names begin with z_.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <zlib.h>

namespace netocr {

struct Inflated {
  std::vector<std::uint8_t> bytes;
  int code = 0;         // of the last call
  std::string message;  // zlib's
  std::size_t taken = 0;

  bool operator==(const Inflated&) const = default;
};

// How much inflate() gets at a call. It keeps its window over calls only.
struct Pieces {
  std::size_t in = 0;
  std::size_t out = 0;
};

inline constexpr std::size_t kMostInflated = std::size_t{1} << 22;

// `window_bits` as inflateInit2 has it: negative for a stream without header and checksum.
inline Inflated inflate_in_pieces(std::span<const std::uint8_t> stream, const Pieces& pieces,
                                  int window_bits) {
  Inflated result;
  z_stream z{};
  if (inflateInit2(&z, window_bits) != Z_OK) return result;
  // Exactly of the size that is offered: the sanitizer sees what is written beyond.
  std::vector<std::uint8_t> in;
  std::vector<std::uint8_t> out(pieces.out);
  while (result.code == Z_OK && result.bytes.size() < kMostInflated) {
    if (z.avail_in == 0) {
      const std::size_t count = std::min(pieces.in, stream.size() - result.taken);
      if (count == 0 && result.taken != 0 && z.avail_out != 0) break;
      const auto piece = stream.subspan(result.taken, count);
      in.assign(piece.begin(), piece.end());
      in.shrink_to_fit();
      z.next_in = in.data();
      z.avail_in = static_cast<uInt>(count);
      result.taken += count;
    }
    z.next_out = out.data();
    z.avail_out = static_cast<uInt>(out.size());
    result.code = inflate(&z, Z_NO_FLUSH);
    result.bytes.insert(result.bytes.end(), out.data(), z.next_out);
  }
  result.taken -= z.avail_in;
  if (z.msg != nullptr) result.message = z.msg;
  inflateEnd(&z);
  return result;
}

// zlib's own.
Inflated inflate_by_zlib(std::span<const std::uint8_t> stream, const Pieces& pieces, int window_bits);

}  // namespace netocr
