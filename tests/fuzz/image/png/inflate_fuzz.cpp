// Inflater beside zlib: the same bytes and the same end, whatever the stream is and in whatever pieces it
// comes.
#include <algorithm>
#include <vector>

#define ZLIB_CONST  // next_in is a pointer to const
#include <zlib.h>

#include "fuzz/fuzz.hpp"
#include "image/png/inflate.hpp"

namespace netocr::fuzz {
namespace {

constexpr std::size_t kMost = 1U << 20;
// What is not decoded when the input ends within a step.
constexpr std::size_t kMostMissing = 6;

struct Inflated {
  std::vector<std::uint8_t> bytes;
  png::Inflater::State state = png::Inflater::State::kMore;
};

// Copies: what is read behind a piece, or after the next one came, is seen.
class Pieces final : public png::PieceSource {
 public:
  Pieces(Bytes stream, std::size_t size) : stream_(stream), size_(size) {}
  Bytes next() override {
    const Bytes part = stream_.first(std::min(size_, stream_.size()));
    stream_ = stream_.subspan(part.size());
    piece_ = std::vector<std::uint8_t>(part.begin(), part.end());
    return piece_;
  }

 private:
  Bytes stream_;
  std::size_t size_;
  std::vector<std::uint8_t> piece_;
};

Inflated inflate_ours(Bytes stream, std::size_t piece, std::size_t wanted) {
  Pieces pieces(stream, piece);
  auto inflater = png::Inflater::create(pieces, wanted);
  require(inflater.ok(), "there is memory");
  Inflated result;
  while (result.bytes.size() < kMost) {
    const Bytes bytes = inflater->need(wanted);
    const Bytes run = bytes.first(std::min(wanted, bytes.size()));
    result.bytes.insert(result.bytes.end(), run.begin(), run.end());
    inflater->take(run.size());
    if (run.size() < wanted) break;
  }
  result.state = inflater->state();
  return result;
}

png::Inflater::State state_of(int code) {
  switch (code) {
    case Z_STREAM_END:
      return png::Inflater::State::kEnded;
    case Z_BUF_ERROR:
      return png::Inflater::State::kCut;
    case Z_OK:
      return png::Inflater::State::kMore;
    default:
      return png::Inflater::State::kDamaged;
  }
}

Inflated inflate_theirs(Bytes stream) {
  Inflated result;
  z_stream z{};
  require(inflateInit(&z) == Z_OK, "there is memory for zlib");
  const std::uint8_t none = 0;  // zlib takes no null pointer
  z.next_in = stream.empty() ? &none : stream.data();
  z.avail_in = static_cast<uInt>(stream.size());
  std::vector<std::uint8_t> out(kMost);
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  int code = Z_OK;
  while (code == Z_OK && z.avail_out != 0) code = inflate(&z, Z_NO_FLUSH);
  result.bytes.assign(out.data(), z.next_out);
  result.state = state_of(code);
  inflateEnd(&z);
  return result;
}

}  // namespace

// The size of the pieces, how much is wanted at once, the stream.
bool run_inflate(Bytes bytes) {
  if (bytes.size() < 2) return false;
  const Bytes stream = bytes.subspan(2);
  // A preset dictionary is refused at once; zlib reads its name first.
  if (stream.size() > 1 && (stream[1] & 32) != 0) return false;
  const Inflated theirs = inflate_theirs(stream);
  if (theirs.bytes.size() == kMost) return true;  // where ours stops in it is its own matter
  const Inflated ours = inflate_ours(stream, 1U + bytes[0] * 3U, 1U + bytes[1] * 700U);
  require(ours.state == theirs.state, "a stream ends as zlib ends it");
  const std::size_t missing = theirs.state == png::Inflater::State::kCut ? kMostMissing : 0;
  require(ours.bytes.size() <= theirs.bytes.size() && ours.bytes.size() + missing >= theirs.bytes.size(),
          "as many bytes as zlib gives");
  require(std::equal(ours.bytes.begin(), ours.bytes.end(), theirs.bytes.begin()),
          "the bytes that zlib gives");
  return true;
}

}  // namespace netocr::fuzz
