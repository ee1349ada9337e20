// Decodes one tile by openjpeg: its bytes go in, the samples of its components come out.
#pragma once

#include <memory>

#include "image/jp2/tile_stream.hpp"

namespace netocr::jp2 {

// The samples of one component inside a tile, as the file has them (signed ones around zero). The decoder
// owns them.
struct Samples {
  const std::int32_t* samples = nullptr;
  Rect rect;  // rectangle at the reduced size, in the whole picture; rows are rect.width() apart
};

enum class Outcome : std::uint8_t { kDecoded, kMissing, kDamaged };

class TileDecoder {
 public:
  static constexpr std::size_t kMaxComponents = 8;

  // `components` (rising, at most kMaxComponents) are those whose samples will be requested. `header` and
  // `tiles` must outlive the decoder. Errors: OUT_OF_MEMORY, CORRUPT_IMAGE.
  static Result<std::unique_ptr<TileDecoder>> create(const Header& header, const Tiles& tiles,
                                                     std::uint32_t reduce,
                                                     std::span<const std::uint32_t> components);

  virtual ~TileDecoder() = default;
  // `cut` limits how much of the tile's data is used. A tile that cannot be decoded is an Outcome, not an
  // error. Errors: OUT_OF_MEMORY.
  virtual Result<Outcome> decode(std::uint32_t tile, const TileCut& cut) = 0;
  // Returns samples of the last tile if it was decoded; `index` counts in the list passed to create().
  virtual Samples samples(std::size_t index) const = 0;
  // Frees that component's samples.
  virtual void release(std::size_t index) = 0;
  // Returns whether the library warned about the data of the last tile: truncated or invalid code-blocks, or
  // missing SOP markers, which the standard allows.
  virtual bool warned() const = 0;
};

}  // namespace netocr::jp2
