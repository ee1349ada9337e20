// Implements FilteredRows by wasm/image/png/inflate.hpp, as PngRows uses it.
#include <new>
#include <utility>

#include "image/png/chunks.hpp"
#include "image/png/inflate.hpp"
#include "rows.hpp"

namespace netocr::bench {
namespace {

class OurRows final : public FilteredRows {
 public:
  OurRows(std::unique_ptr<png::Data> data, png::Inflater inflater, std::size_t size)
      : data_(std::move(data)), inflater_(std::move(inflater)), size_(size) {}

  const std::uint8_t* next() override {
    inflater_.take(taken_);
    const Bytes bytes = inflater_.need(size_);
    taken_ = size_;
    return bytes.size() < size_ ? nullptr : bytes.data();
  }
  bool ends_well() override {
    inflater_.take(taken_);
    taken_ = 0;
    return inflater_.need(1).empty() && inflater_.state() == png::Inflater::State::kEnded;
  }

 private:
  std::unique_ptr<png::Data> data_;  // input of the inflater
  png::Inflater inflater_;
  std::size_t size_;  // size of a row with its filter byte
  std::size_t taken_ = 0;
};

}  // namespace

std::unique_ptr<FilteredRows> open_filtered_rows(Bytes file, const RowShape& shape) {
  std::unique_ptr<png::Data> data(new (std::nothrow) png::Data(file));
  if (data == nullptr) return nullptr;
  auto inflater = png::Inflater::create(*data, shape.bytes + 1);
  if (!inflater.ok()) return nullptr;
  return std::unique_ptr<FilteredRows>(new (std::nothrow)
                                           OurRows(std::move(data), std::move(*inflater), shape.bytes + 1));
}

}  // namespace netocr::bench
