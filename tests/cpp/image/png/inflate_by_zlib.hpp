// Inflates a stream by our Inflater and by zlib, and compares what they return: the second opinion that the
// tests and the fuzz target of inflate share.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include <zlib.h>

#include "image/png/inflate.hpp"

namespace netocr::png::testing {

using Bytes8 = std::vector<std::uint8_t>;

// Copies each piece into memory of just its size, which is gone when the next one is requested: the sanitizer
// detects reads behind a piece and reads that come too late. The sizes are taken in turns.
class Pieces final : public PieceSource {
 public:
  Pieces(Bytes stream, std::vector<std::size_t> sizes) : stream_(stream), sizes_(std::move(sizes)) {}
  Bytes next() override {
    const std::size_t size = std::min(sizes_[count_++ % sizes_.size()], stream_.size());
    piece_ = Bytes8(stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(size));
    piece_.shrink_to_fit();
    stream_ = stream_.subspan(size);
    return piece_;
  }

 private:
  Bytes stream_;
  std::vector<std::size_t> sizes_;
  Bytes8 piece_;
  std::size_t count_ = 0;
};

struct Inflated {
  Bytes8 bytes;
  Inflater::State state = Inflater::State::kMore;
};

// Requests runs of `wanted` bytes, of which the last one may be shorter, until there are `max` bytes.
inline Inflated inflate_by_us(Bytes stream, const std::vector<std::size_t>& sizes, std::size_t wanted,
                              std::size_t max) {
  Pieces pieces(stream, sizes);
  auto inflater = Inflater::create(pieces, wanted);
  if (!inflater.ok()) std::abort();  // no memory
  Inflated result;
  while (result.bytes.size() < max) {
    const Bytes bytes = inflater->need(wanted);
    const Bytes run = bytes.first(std::min(wanted, bytes.size()));
    result.bytes.insert(result.bytes.end(), run.begin(), run.end());
    inflater->take(run.size());
    if (run.size() < wanted) break;
  }
  result.state = inflater->state();
  return result;
}

inline Inflater::State state_of(int zlib_code) {
  switch (zlib_code) {
    case Z_STREAM_END:
      return Inflater::State::kEnded;
    case Z_BUF_ERROR:
      return Inflater::State::kCut;
    case Z_OK:
      return Inflater::State::kMore;
    default:
      return Inflater::State::kDamaged;
  }
}

// Stops at `max` bytes or a little later.
inline Inflated inflate_by_zlib(Bytes stream, std::size_t max) {
  Inflated result;
  z_stream z{};
  if (inflateInit(&z) != Z_OK) std::abort();  // no memory
  const std::uint8_t none = 0;                // zlib rejects null pointers
  z.next_in = const_cast<Bytef*>(stream.empty() ? &none : stream.data());
  z.avail_in = static_cast<uInt>(stream.size());
  Bytes8 out(1 << 16);
  int code = Z_OK;
  while (code == Z_OK && result.bytes.size() < max) {
    z.next_out = out.data();
    z.avail_out = static_cast<uInt>(out.size());
    code = ::inflate(&z, Z_NO_FLUSH);
    result.bytes.insert(result.bytes.end(), out.data(), z.next_out);
  }
  result.state = state_of(code);
  inflateEnd(&z);
  return result;
}

// Names what differs; null when nothing does. Where the input ends within a step of symbols, ours may lack
// the bytes of that step.
inline const char* difference(const Inflated& ours, const Inflated& theirs) {
  constexpr std::size_t kMaxMissing = 6;
  const std::size_t missing = theirs.state == Inflater::State::kCut ? kMaxMissing : 0;
  if (ours.state != theirs.state) return "a stream ends as zlib ends it";
  if (ours.bytes.size() > theirs.bytes.size() || ours.bytes.size() + missing < theirs.bytes.size())
    return "as many bytes as zlib gives";
  if (!std::equal(ours.bytes.begin(), ours.bytes.end(), theirs.bytes.begin()))
    return "the bytes that zlib gives";
  return nullptr;
}

}  // namespace netocr::png::testing
