// Compares Inflater with zlib: both must produce the same bytes and the same end, for any stream in any
// pieces.
#include "cpp/image/png/inflate_by_zlib.hpp"
#include "fuzz/fuzz.hpp"

namespace netocr::fuzz {
namespace {

constexpr std::size_t kMax = 1U << 20;

}  // namespace

// The input holds the size of the pieces, the size of the requests, and the stream.
bool run_inflate(Bytes bytes) {
  if (bytes.size() < 2) return false;
  const Bytes stream = bytes.subspan(2);
  // The inflater rejects a preset dictionary at once; zlib reads its identifier first.
  if (stream.size() > 1 && (stream[1] & 32) != 0) return false;
  const png::testing::Inflated theirs = png::testing::inflate_by_zlib(stream, kMax);
  if (theirs.bytes.size() >= kMax) return true;  // past the limit: where ours stops is not compared
  const auto ours = png::testing::inflate_by_us(stream, {1U + bytes[0] * 3U}, 1U + bytes[1] * 700U, kMax);
  const char* const different = png::testing::difference(ours, theirs);
  require(different == nullptr, different);
  return true;
}

}  // namespace netocr::fuzz
