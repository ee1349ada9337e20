// Opens a JPEG whose rows libjpeg-turbo decodes; our own marker parser (decode/file.cpp) reads the header.
#include "image/jpeg/library/open.hpp"

#include "image/jpeg/decode/file.hpp"
#include "image/jpeg/library/source.hpp"

namespace netocr::jpeg {
namespace {

class LibraryImage final : public OpenImage {
 public:
  LibraryImage(const File& file, const Limits& limits)
      : OpenImage(image_info(file.header())), file_(file), limits_(limits) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& wanted) override {
    return open_library_source(file_, wanted, limits_, has_inks_to_convert());
  }

 protected:
  Result<IccProfile> read_profile(Buffer& whole) const override { return file_.profile(whole); }

 private:
  File file_;
  Limits limits_;
};

}  // namespace

Result<std::unique_ptr<OpenImage>> open_by_library(Bytes bytes, const Limits& limits) {
  NETOCR_ASSIGN(const File& file, File::open(bytes, Walk::kWhole));
  return make_open_image<LibraryImage>(file, limits);
}

}  // namespace netocr::jpeg
