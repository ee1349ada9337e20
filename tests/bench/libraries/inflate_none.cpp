// Implements FilteredRows without inflate: the rows are the file's first bytes. The module's size is the
// baseline that the other modules have in common.
#include <new>

#include "image/png/chunks.hpp"
#include "rows.hpp"

namespace netocr::bench {
namespace {

class StoredRows final : public FilteredRows {
 public:
  StoredRows(Bytes file, const RowShape& shape) : data_(file), shape_(shape) {}
  const std::uint8_t* next() override {
    const Bytes piece = data_.next();
    return piece.size() > shape_.bytes ? piece.data() : nullptr;
  }
  bool ends_well() override { return data_.is_whole(); }

 private:
  png::Data data_;
  RowShape shape_;
};

}  // namespace

std::unique_ptr<FilteredRows> open_filtered_rows(Bytes file, const RowShape& shape) {
  return std::unique_ptr<FilteredRows>(new (std::nothrow) StoredRows(file, shape));
}

}  // namespace netocr::bench
