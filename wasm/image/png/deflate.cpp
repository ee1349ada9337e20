// Wraps zlib's deflate; the only code that includes zlib.
#include "image/png/deflate.hpp"

#include <algorithm>
#include <new>

#define ZLIB_CONST  // next_in is a pointer to const
#include <zlib.h>

namespace netocr::png {
namespace {

constexpr int kWindowBits = 15;
constexpr int kMemoryLevel = 8;
// Parameters of deflateTune(): matches from `good` on reduce the search to a quarter, matches up to `lazy`
// are deferred for a longer one at the next byte, a match of `nice` ends the search. zlib's best level
// differs in `good`, which is 32: stream sizes are equal to 0.5 %, but noise in two colours takes half of the
// time.
constexpr int kGood = 4;
constexpr int kLazy = 258;
constexpr int kNice = 258;
// zlib's best level checks up to 4096 earlier places for each byte and thus takes 9 s for two megapixels of
// such noise. This number of places for all bytes together takes 1.5 s for any picture: 4096 per byte up to
// half a megabyte of rows, 372 for 1600 x 1200 in RGB, where screenshots become 2 % larger than with 4096.
constexpr std::size_t kMaxPlaces = std::size_t{1} << 31;
constexpr std::size_t kMinChain = 32;
constexpr std::size_t kMaxChain = 4096;

constexpr std::size_t kFirstBytes = 32U << 10;

int chain_for(std::size_t total_bytes) {
  return static_cast<int>(
      std::clamp(kMaxPlaces / std::max<std::size_t>(total_bytes, 1), kMinChain, kMaxChain));
}

bool start(z_stream& z, const Deflater::Settings& settings) {
  const bool is_best = settings.effort == Deflater::Effort::kBest;
  const int level = is_best ? Z_BEST_COMPRESSION : Z_BEST_SPEED;
  const int strategy = settings.is_filtered ? Z_FILTERED : Z_DEFAULT_STRATEGY;
  if (deflateInit2(&z, level, Z_DEFLATED, kWindowBits, kMemoryLevel, strategy) != Z_OK) return false;
  return !is_best || deflateTune(&z, kGood, kLazy, kNice, chain_for(settings.total_bytes)) == Z_OK;
}

}  // namespace

struct Deflater::Zlib {
  z_stream stream{};
};

void Deflater::EndZlib::operator()(Zlib* zlib) const {
  deflateEnd(&zlib->stream);
  delete zlib;
}

Result<Deflater> Deflater::create(const Settings& settings) {
  Deflater made;
  made.max_bytes_ = settings.max_bytes;
  made.zlib_.reset(new (std::nothrow) Zlib);
  if (made.zlib_ == nullptr || !start(made.zlib_->stream, settings)) return out_of_memory();
  return made;
}

Result<bool> Deflater::run(Bytes bytes, bool is_last) {
  z_stream& z = zlib_->stream;
  z.next_in = bytes.data();
  z.avail_in = static_cast<uInt>(bytes.size());
  for (int code = Z_OK; code == Z_OK && (is_last || z.avail_in != 0);) {
    if (size_ == out_.size()) {
      if (size_ == max_bytes_) return false;
      const std::size_t room = std::max(2 * size_, kFirstBytes);
      NETOCR_TRY(out_.resize(std::min(room, max_bytes_)));
    }
    z.next_out = out_.data() + size_;
    z.avail_out = static_cast<uInt>(out_.size() - size_);
    code = deflate(&z, is_last ? Z_FINISH : Z_NO_FLUSH);
    size_ = out_.size() - z.avail_out;
  }
  return true;
}

}  // namespace netocr::png
