// The coded parts of a HEIC, and a picture made of samples that stand for what a decoder made of them.
#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "image/heif/planes.hpp"
#include "image/prepare.hpp"
#include "image/registry/codec.hpp"

namespace netocr::fuzz {
namespace {

void require_parts(Bytes bytes, const heif::CodedPicture& picture) {
  const auto tiles = picture.tiles();
  require(tiles.size() == std::size_t{picture.columns} * picture.rows && !tiles.empty(),
          "every tile is there");
  for (const heif::Item& tile : tiles) {
    std::size_t total = 0;
    for (const heif::Extent& extent : picture.items.extents_of(tile)) {
      require(extent.offset <= bytes.size() && extent.length <= bytes.size() - extent.offset,
              "a tile is in the file");
      total += extent.length;
    }
    require(total > 0 && total <= bytes.size(), "a tile has bytes, and no more than the file");
  }
  const heif::Size canvas = picture.canvas();
  const heif::Rectangle& shown = picture.shown;
  require(shown.width > 0 && shown.height > 0 && shown.x + shown.width <= canvas.width &&
              shown.y + shown.height <= canvas.height,
          "what is shown lies in the canvas");
}

void require_prepared(Bytes bytes, const heif::CodedPicture& picture) {
  const heif::Size canvas = picture.canvas();
  const auto layout = heif::layout_of({canvas.width, canvas.height});
  require(layout.ok() && layout->size <= kSmallLimits.max_decoder_bytes, "the samples are within the limit");
  auto samples = Buffer::create_zeroed(layout->size);
  require(samples.ok(), "the samples fit memory");
  for (std::size_t i = 0; i < samples->size(); ++i) (*samples)[i] = static_cast<std::uint8_t>(i * 37);
  const auto order = bytes.size() % 2 == 0 ? heif::ChromaOrder::kPlanes : heif::ChromaOrder::kInterleaved;
  const auto image = heif::open_decoded(bytes, samples->span(), order, kSmallLimits);
  require(image.ok(), "what can be decoded can be opened");
  require(complete_colors(**image).ok(), "a profile with tables is converted or ignored");
  PrepareOptions options;
  options.max_edge = 64;
  const auto prepared = prepare_image(**image, options);
  require(prepared.ok(), "a picture of good samples is prepared");
  const bool lies = (*image)->info().orientation > 4;
  const std::uint32_t width = lies ? prepared->height : prepared->width;
  require(width <= prepared->source.width, "a picture is not made larger");
  require(prepared->decoded_rows == picture.shown.height, "every row is there");
}

}  // namespace

bool run_heif(Bytes bytes) {
  if (sniff_image(bytes) != ImageFormat::kHeic) return false;
  const auto picture = heif::read_coded_picture(bytes, kSmallLimits);
  if (!picture.ok()) {
    require_typed(picture.error(), bytes.size());
    return true;
  }
  require_parts(bytes, *picture);
  require_prepared(bytes, *picture);
  return true;
}

}  // namespace netocr::fuzz
