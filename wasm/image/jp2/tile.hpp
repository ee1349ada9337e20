// openjpeg behind one tile: its bytes go in, the samples of its components come out.
#pragma once

#include <memory>

#include "image/jp2/tile_stream.hpp"

namespace netocr::jp2 {

// The samples of one component inside a tile, as the file has them (signed ones around zero). Owned by the
// decoder.
struct Samples {
  const std::int32_t* samples = nullptr;
  Rect rect;  // at the reduced size, in the whole picture; rows are rect.width() apart
};

enum class Outcome : std::uint8_t { kDecoded, kMissing, kDamaged };

class TileDecoder {
 public:
  static constexpr std::size_t kMaxComponents = 8;

  // `components` (rising, at most kMaxComponents) are those that will be asked for. `header` and `tiles`
  // outlive the decoder. Errors: OUT_OF_MEMORY, CORRUPT_IMAGE.
  static Result<std::unique_ptr<TileDecoder>> create(const Header& header, const Tiles& tiles,
                                                     std::uint32_t reduce,
                                                     std::span<const std::uint32_t> components);

  virtual ~TileDecoder() = default;
  // `cut`: how much of the tile's data is used. Errors: OUT_OF_MEMORY. A tile that cannot be decoded is an
  // outcome.
  virtual Result<Outcome> decode(std::uint32_t tile, const TileCut& cut) = 0;
  // Of the last tile, when it was decoded; `index` counts in the list given to create().
  virtual Samples samples(std::size_t index) const = 0;
  // Gives that component's memory back.
  virtual void release(std::size_t index) = 0;
  // Whether the library found something amiss in the data of the last tile: code-blocks that are cut off or
  // wrong, or SOP markers that are left out, which the standard allows.
  virtual bool warned() const = 0;
};

}  // namespace netocr::jp2
