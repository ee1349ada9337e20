// Implements FilteredRows by libdeflate, which decodes a whole stream into a whole buffer: the first call
// decodes all rows, and a stream of several chunks is joined before.
#include <libdeflate.h>

#include <cstring>
#include <new>
#include <utility>

#include "image/png/checksums.hpp"
#include "image/png/chunks.hpp"
#include "image/png/filter.hpp"
#include "rows.hpp"

namespace netocr::bench {
namespace {

constexpr std::size_t kZlibHeader = 2;
constexpr std::size_t kZlibTrailer = 4;

struct FreeDecompressor {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

class LibdeflateRows final : public FilteredRows {
 public:
  LibdeflateRows(Bytes file, const RowShape& shape) : file_(file), shape_(shape) {}

  const std::uint8_t* next() override {
    if (rows_.size() == 0 && !decode()) return nullptr;
    const std::uint8_t* const row = rows_.data() + given_;
    given_ += shape_.bytes + 1;
    return row;
  }
  bool ends_well() override { return is_whole_; }

 private:
  bool decode() {
    const std::size_t size = std::size_t{shape_.count} * (shape_.bytes + 1);
    const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor(
        libdeflate_alloc_decompressor());
    auto rows = Buffer::create(size + png::kRowPadding);
    Buffer joined;
    Bytes stream;
    if (decompressor == nullptr || !rows.ok() || !collect(joined, stream)) return false;
    rows_ = std::move(*rows);
    is_whole_ = decompress(decompressor.get(), stream, size);
    return is_whole_;
  }

  bool decompress(libdeflate_decompressor* decompressor, Bytes stream, std::size_t size) {
#if NETOCR_OUR_ADLER
    // libdeflate's own checksum has vector code for x86 and ARM only.
    const Bytes raw = stream.subspan(kZlibHeader);
    std::size_t used = 0;
    std::size_t written = 0;
    if (libdeflate_deflate_decompress_ex(decompressor, raw.data(), raw.size(), rows_.data(), size, &used,
                                         &written) != LIBDEFLATE_SUCCESS ||
        raw.size() - used != kZlibTrailer || written != size)
      return false;
    png::Adler32 adler;
    adler.extend({rows_.data(), size});
    std::uint32_t expected = 0;
    for (std::size_t i = 0; i < kZlibTrailer; ++i) expected = expected << 8 | raw[used + i];
    return adler.value() == expected;
#else
    return libdeflate_zlib_decompress(decompressor, stream.data(), stream.size(), rows_.data(), size,
                                      nullptr) == LIBDEFLATE_SUCCESS;
#endif
  }

  // Returns the stream in one piece: the bytes of the only chunk, or a copy in `joined`.
  bool collect(Buffer& joined, Bytes& stream) {
    std::size_t total = 0;
    png::Data counted(file_);
    for (Bytes piece = counted.next(); !piece.empty(); piece = counted.next()) {
      stream = piece;
      total += piece.size();
    }
    if (stream.size() == total) return total > kZlibHeader + kZlibTrailer;
    if (!joined.resize(total).ok()) return false;
    png::Data copied(file_);
    std::size_t at = 0;
    for (Bytes piece = copied.next(); !piece.empty(); piece = copied.next()) {
      std::memcpy(joined.data() + at, piece.data(), piece.size());
      at += piece.size();
    }
    stream = {joined.data(), total};
    return true;
  }

  Bytes file_;
  RowShape shape_;
  Buffer rows_;
  std::size_t given_ = 0;
  bool is_whole_ = false;
};

}  // namespace

std::unique_ptr<FilteredRows> open_filtered_rows(Bytes file, const RowShape& shape) {
  return std::unique_ptr<FilteredRows>(new (std::nothrow) LibdeflateRows(file, shape));
}

}  // namespace netocr::bench
