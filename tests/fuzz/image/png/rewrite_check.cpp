// Decodes the original by our decoder and the result by the tests' PNG reader, and compares them row by row.
#include "fuzz/image/png/rewrite_check.hpp"

#include <algorithm>
#include <vector>

#include "cpp/image/opening.hpp"
#include "cpp/image/png/reader.hpp"
#include "fuzz/fuzz.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/color.hpp"
#include "image/pixel/row_source.hpp"
#include "image/png/rewrite.hpp"

namespace netocr::fuzz {
namespace {

using testing::ReadPng;
using Contents = std::vector<std::uint8_t>;

// Returns the pixels of the written file that stored row `y` of the original shows (EXIF 2.32, orientation).
Contents stored_row(const ReadPng& png, std::uint32_t y, std::uint8_t orientation) {
  const std::uint32_t width = orientation > 4 ? png.height : png.width;
  const std::uint32_t right = png.width - 1;
  const std::uint32_t bottom = png.height - 1;
  Contents row;
  for (std::uint32_t x = 0; x < width; ++x) {
    const std::uint32_t places[8][2] = {{x, y}, {right - x, y}, {right - x, bottom - y}, {x, bottom - y},
                                        {y, x}, {right - y, x}, {right - y, bottom - x}, {y, bottom - x}};
    const auto& [px, py] = places[orientation - 1];
    const auto pixel = png.rgb.begin() + (static_cast<std::ptrdiff_t>(py) * png.width + px) * 3;
    row.insert(row.end(), pixel, pixel + 3);
  }
  return row;
}

// Our decoder blends the original over white; a grey picture has no chroma planes.
void require_same_rows(const ReadPng& png, std::uint8_t orientation, const SourceGeometry& geometry,
                       const RowBatch& batch, std::uint32_t first) {
  const std::uint32_t width = geometry.planes[0].width;
  Contents y(width), cb(width), cr(width);
  for (std::uint32_t i = 0; i < batch[0].count; ++i) {
    rgb_to_ycc(stored_row(png, first + i, orientation).data(), width, {y.data(), cb.data(), cr.data()});
    const Contents* const expected[] = {&y, &cb, &cr};
    for (std::size_t plane = 0; plane < 3; ++plane) {
      const bool is_there = plane < geometry.plane_count;
      const Contents grey(width, 128);
      const std::uint8_t* const row = is_there ? batch[plane].rows + i * batch[plane].stride : grey.data();
      require(std::equal(expected[plane]->begin(), expected[plane]->end(), row),
              "a rewritten PNG shows what the original does");
    }
  }
}

void require_same_picture(Bytes file, const ReadPng& png, std::uint8_t orientation) {
  auto source = testing::open_row_source(file, {0xffff'ffff, 0xffff'ffff}, kSmallLimits);
  require(source.ok(), "what was rewritten can be decoded");
  const SourceGeometry geometry = (*source)->geometry();
  require(geometry.planes[0].width == (orientation > 4 ? png.height : png.width) &&
              geometry.planes[0].height == (orientation > 4 ? png.width : png.height),
          "a rewritten PNG has the size of the original");
  for (std::uint32_t first = 0; first < geometry.planes[0].height;) {
    const auto batch = (*source)->next();
    require(batch.ok() && (*batch)[0].count > 0, "what was rewritten can be decoded to its end");
    require_same_rows(png, orientation, geometry, *batch, first);
    first += (*batch)[0].count;
  }
  require(
      ((*source)->warnings() & kWarnTruncated) == 0 && (*source)->decoded_rows() == geometry.planes[0].height,
      "what was rewritten is whole");
}

}  // namespace

bool check_png_rewriting(Bytes file) {
  const auto orientation = static_cast<std::uint8_t>(file.size() % 8 + 1);
  const std::size_t max_bytes = file.size() % 7 == 0 ? 500 : 1 << 20;
  const auto header = png::read_header(file);
  if (!header.ok()) return false;
  const auto written = png::rewrite(file, *header, orientation, max_bytes, kSmallLimits);
  require(written.ok(), "there is memory to rewrite a PNG");
  if (!*written) return false;
  const Bytes bytes = (*written)->bytes.span();
  require(bytes.size() <= max_bytes, "a rewritten PNG is within its budget");
  const ReadPng png = testing::read_written_png(bytes);
  require(png.problem.empty(), "a rewritten PNG has nothing but its pixels");
  require(png.width == (*written)->width && png.height == (*written)->height,
          "a rewritten PNG has the size that was announced");
  require_same_picture(file, png, orientation);
  const auto own = png::read_header(bytes);
  require(own.ok(), "a rewritten PNG can be opened");
  const auto again = png::rewrite(bytes, *own, 1, bytes.size(), kSmallLimits);
  require(again.ok() && *again &&
              std::equal(bytes.begin(), bytes.end(), (*again)->bytes.span().begin(),
                         (*again)->bytes.span().end()),
          "a rewritten PNG gives itself");
  return true;
}

}  // namespace netocr::fuzz
