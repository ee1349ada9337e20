// Implements FilteredRows by zlib's interface: zlib itself, or zlib-ng in its compatible form. It inflates
// several rows at a time, which is faster than one row per call.
#include <algorithm>
#include <new>
#include <utility>

#include "image/png/chunks.hpp"
#include "image/png/filter.hpp"
#include "rows.hpp"

#define ZLIB_CONST  // next_in is a pointer to const
#include <zlib.h>

namespace netocr::bench {
namespace {

constexpr std::size_t kBatchBytes = 96U << 10;  // batch size of our own decoder

class ZlibRows final : public FilteredRows {
 public:
  ZlibRows(Bytes file, const RowShape& shape, Buffer batch)
      : data_(file), left_(shape.count), size_(shape.bytes + 1), batch_(std::move(batch)) {}
  ~ZlibRows() override { inflateEnd(&z_); }

  bool start() { return inflateInit(&z_) == Z_OK; }

  const std::uint8_t* next() override {
    if (given_ == filled_ && !fill()) return nullptr;
    const std::uint8_t* const row = batch_.data() + given_;
    given_ += size_;
    return row;
  }
  bool ends_well() override {
    std::uint8_t none = 0;
    return inflate_into(&none, 1) == Z_STREAM_END && z_.avail_out == 1;
  }

 private:
  bool fill() {
    const std::size_t rows = std::min<std::size_t>(left_, (batch_.size() - png::kRowPadding) / size_);
    left_ -= static_cast<std::uint32_t>(rows);
    given_ = 0;
    filled_ = rows * size_;
    const int code = inflate_into(batch_.data(), filled_);
    return rows != 0 && z_.avail_out == 0 && (code == Z_OK || code == Z_STREAM_END);
  }

  // Returns the last code of inflate(): the output is full, the stream ends, or no input is left.
  int inflate_into(std::uint8_t* out, std::size_t room) {
    z_.next_out = out;
    z_.avail_out = static_cast<uInt>(room);
    int code = Z_OK;
    while (code == Z_OK && z_.avail_out != 0) {
      if (z_.avail_in == 0) {
        const Bytes piece = data_.next();
        z_.next_in = piece.data();
        z_.avail_in = static_cast<uInt>(piece.size());
      }
      code = inflate(&z_, Z_NO_FLUSH);
    }
    return code;
  }

  png::Data data_;
  z_stream z_{};
  std::uint32_t left_;
  std::size_t size_;
  Buffer batch_;  // whole rows and padding
  std::size_t given_ = 0;
  std::size_t filled_ = 0;
};

}  // namespace

std::unique_ptr<FilteredRows> open_filtered_rows(Bytes file, const RowShape& shape) {
  const std::size_t size = shape.bytes + 1;
  auto batch = Buffer::create(std::max<std::size_t>(kBatchBytes / size, 1) * size + png::kRowPadding);
  if (!batch.ok()) return nullptr;
  std::unique_ptr<ZlibRows> rows(new (std::nothrow) ZlibRows(file, shape, std::move(*batch)));
  if (rows == nullptr || !rows->start()) return nullptr;
  return rows;
}

}  // namespace netocr::bench
