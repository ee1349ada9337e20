// The table of image formats that a build can read. Two libraries define it: netocr_core_codecs (JPEG, PNG,
// BMP) and netocr_all_codecs (every format); an executable links one of them.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "image/meta/image_info.hpp"
#include "image/pixel/rewritten.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr {

struct ImageCodec {
  ImageFormat format = ImageFormat::kUnknown;
  // Reads the header only. Errors: CORRUPT_IMAGE. A variant that is not decoded is no error: `decodable` is
  // false.
  Result<ImageInfo> (*inspect)(Bytes bytes) = nullptr;
  // As open_row_source; null for a format whose header is read but whose pixels are not.
  Result<std::unique_ptr<RowSource>> (*open)(Bytes bytes, const WantedSize& wanted,
                                             const Limits& limits) = nullptr;
  // The bytes of the file's ICC profile, whole and contiguous; empty when it has none. Asked only of files
  // with `has_metadata`. Any error says that there is a profile which cannot be used: the picture is then
  // taken for sRGB, with a warning. Null for a format that has no profiles.
  Result<Buffer> (*profile)(Bytes bytes) = nullptr;
  // The whole picture written anew without loss, upright, in the same format and within `max_bytes`; nothing
  // when that cannot be. `orientation` is EXIF's, 1..8. Errors: OUT_OF_MEMORY. Null for a format that is
  // never sent as it is.
  Result<std::optional<RewrittenPicture>> (*rewrite)(Bytes bytes, std::uint8_t orientation,
                                                     std::size_t max_bytes, const Limits& limits) = nullptr;
  // Whether the header says that the second module decodes this file of the format and this one does not.
  // Null where this one decodes them all. What shows only in the data is told by `open`: its error has
  // `left_to_codecs`.
  bool (*is_left_to_codecs)(Bytes bytes) = nullptr;
};

// A codec's `open` of a decoder that cannot scale.
template <auto kOpen>
Result<std::unique_ptr<RowSource>> open_full_size(Bytes bytes, const WantedSize&, const Limits& limits) {
  return kOpen(bytes, limits);
}

std::span<const ImageCodec> image_codecs();

// The formats that this module knows by their bytes only and the second module reads; none in the second
// module itself.
std::span<const ImageFormat> formats_left_to_codecs();

// Null when this build has no codec for the format.
const ImageCodec* find_codec(ImageFormat format);

// A codec's `profile` where the file holds it as it is: a copy of what kFind finds.
template <auto kFind>
Result<Buffer> profile_in_file(Bytes bytes) {
  NETOCR_ASSIGN(const Bytes profile, Result<Bytes>(kFind(bytes)));
  return Buffer::copy_of(profile);
}

}  // namespace netocr
