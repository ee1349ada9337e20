// Implements open_rows() for libraries that only inflate: undo_filter() unfilters the rows of FilteredRows.
#include <new>
#include <utility>

#include "rows.hpp"

namespace netocr::bench {
namespace {

class UnfilteredRows final : public RowReader {
 public:
  UnfilteredRows(std::unique_ptr<FilteredRows> rows, const RowShape& shape)
      : rows_(std::move(rows)), shape_(shape) {}

  bool read(const std::uint8_t* above, std::uint8_t* row) override {
    const std::uint8_t* const filtered = rows_->next();
    if (filtered == nullptr) return false;
    undo_filter(filtered[0], filtered + 1, above, shape_, row);
    return true;
  }
  bool ends_well() override { return rows_->ends_well(); }

 private:
  std::unique_ptr<FilteredRows> rows_;
  RowShape shape_;
};

}  // namespace

std::unique_ptr<RowReader> open_rows(Bytes file, const RowShape& shape) {
  auto rows = open_filtered_rows(file, shape);
  if (rows == nullptr) return nullptr;
  return std::unique_ptr<RowReader>(new (std::nothrow) UnfilteredRows(std::move(rows), shape));
}

}  // namespace netocr::bench
