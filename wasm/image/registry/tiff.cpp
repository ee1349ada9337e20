// Passes libjpeg-turbo to the TIFF code, which does not depend on a JPEG decoder.
#include "image/registry/tiff.hpp"

#include <algorithm>

#include "image/jpeg/library/source.hpp"
#include "image/tiff/open.hpp"

namespace netocr {
namespace {

Result<tiff::EmbeddedJpeg> open_jpeg(Bytes bytes, const Limits& limits) {
  constexpr WantedSize kFullSize{0xffff'ffff, 0xffff'ffff};
  NETOCR_ASSIGN(jpeg::File file, jpeg::File::open(bytes, jpeg::Walk::kFirstScan));
  NETOCR_ASSIGN(auto rows, jpeg::open_library_source(file, kFullSize, limits));
  const jpeg::Header& header = file.header();
  tiff::EmbeddedJpeg jpeg;
  jpeg.rows = std::move(rows);
  jpeg.width = header.width;
  jpeg.color_model = jpeg::color_model(header);
  std::transform(header.components.begin(), header.components.end(), jpeg.components.begin(),
                 [](const jpeg::Component& c) { return tiff::EmbeddedJpeg::Component{c.h, c.v}; });
  return jpeg;
}

}  // namespace

Result<std::unique_ptr<OpenImage>> open_tiff(Bytes bytes, const Limits& limits) {
  return tiff::open(bytes, limits, open_jpeg);
}

}  // namespace netocr
