// Implements open_rows() by libpng: its chunk reader, checksums and filters, and the zlib that it is linked
// with. libpng reports errors by longjmp, so only trivially destructible locals stand between setjmp and its
// last call.
#include <csetjmp>
#include <cstring>
#include <new>

#include "rows.hpp"

#include <png.h>

namespace netocr::bench {
namespace {

class LibpngRows final : public RowReader {
 public:
  explicit LibpngRows(Bytes file) : file_(file) {}
  ~LibpngRows() override { png_destroy_read_struct(&png_, &info_, nullptr); }

  bool start() {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr || setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_read_fn(png_, this, give);
    png_read_info(png_, info_);
    png_start_read_image(png_);
    return true;
  }

  bool read(const std::uint8_t* /*above*/, std::uint8_t* row) override {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_row(png_, row, nullptr);
    return true;
  }
  bool ends_well() override {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_end(png_, nullptr);
    return true;
  }

 private:
  static void give(png_structp png, png_bytep to, std::size_t size) {
    auto& self = *static_cast<LibpngRows*>(png_get_io_ptr(png));
    if (size > self.file_.size()) png_error(png, "the file is cut off");
    std::memcpy(to, self.file_.data(), size);
    self.file_ = self.file_.subspan(size);
  }

  Bytes file_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

std::unique_ptr<RowReader> open_rows(Bytes file, const RowShape& /*shape*/) {
  std::unique_ptr<LibpngRows> rows(new (std::nothrow) LibpngRows(file));
  if (rows == nullptr || !rows->start()) return nullptr;
  return rows;
}

}  // namespace netocr::bench
