// Strips are delivered directly as the decoder returns them, one after the other. Adjacent tiles are
// combined, one row of tiles at a time.
#include "image/tiff/old_jpeg_source.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>

#include "image/meta/image_info.hpp"
#include "image/tiff/jpeg_color.hpp"
#include "image/tiff/jpeg_piece.hpp"

namespace netocr::tiff {
namespace {

using PlaneCounts = std::array<std::uint32_t, 3>;

Error corrupt(const char* detail) { return {ErrorCode::kCorruptImage, 0, detail}; }

bool is_empty(const RowBatch& batch) {
  return std::all_of(batch.begin(), batch.end(), [](const PlaneRows& rows) { return rows.count == 0; });
}

class OldJpegSource final : public RowSource {
 public:
  OldJpegSource(JpegStreams streams, const Header& header, const Limits& limits, OpenEmbeddedJpeg open_jpeg)
      : streams_(streams), header_(header), limits_(limits), open_jpeg_(open_jpeg) {}

  // Finds the first piece that can be decoded, which determines the planes.
  Status open();

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t decoded_rows() const override { return decoded_rows_; }
  std::uint32_t warnings() const override { return warnings_; }
  Result<RowBatch> next() override;

 private:
  // Returns nothing for a piece that cannot be decoded. Errors: OUT_OF_MEMORY, IMAGE_TOO_LARGE,
  // UNSUPPORTED_FEATURE.
  Result<std::optional<JpegPiece>> open_piece(std::uint32_t band, std::uint32_t column);
  Status set_geometry();
  Status allocate();
  Result<RowBatch> next_of_strip();
  Result<RowBatch> next_tiles();
  Status decode_tile(std::uint32_t column, std::uint32_t& decoded);
  void copy_rows(const RowBatch& batch, std::uint32_t column, const PlaneCounts& first_rows);
  RowBatch white_rows(const PlaneCounts& given) const;
  void end_band(std::uint32_t decoded);

  bool has_columns() const { return streams_.across() > 1; }
  std::uint32_t band_rows(std::uint32_t band) const {
    return std::min(streams_.piece_height(), header_.height - band * streams_.piece_height());
  }
  std::uint32_t column_width(std::uint32_t column) const {
    return std::min(streams_.piece_width(), header_.width - column * streams_.piece_width());
  }
  PlaneGeometry band_plane(std::size_t plane) const {
    return shape_.plane(plane, header_.width, band_rows(band_));
  }

  JpegStreams streams_;
  Header header_;
  Limits limits_;
  OpenEmbeddedJpeg open_jpeg_;
  JpegShape shape_;
  SourceGeometry stored_;    // geometry of the JPEG
  SourceGeometry geometry_;  // geometry after conversion
  std::optional<JpegColor> color_;
  std::optional<JpegPiece> piece_;  // current strip
  std::array<Buffer, 3> planes_;    // for strips a white row; for tiles a row of tiles
  std::array<std::uint8_t, 3> white_{255, 128, 128};
  std::uint32_t band_ = 0;  // current row of strips or tiles
  std::uint32_t decoded_rows_ = 0;
  std::uint32_t warnings_ = 0;
  bool is_strip_open_ = false;
  bool all_decoded_ = true;  // no damage so far
  bool has_pixels_ = false;
};

Result<std::optional<JpegPiece>> OldJpegSource::open_piece(std::uint32_t band, std::uint32_t column) {
  using Nothing = std::optional<JpegPiece>;
  Result<JpegStream> stream = streams_.stream(band * streams_.across() + column);
  const auto missing = [](const Error& error) {
    return error.code == ErrorCode::kCorruptImage ? Result<Nothing>(Nothing()) : Result<Nothing>(error);
  };
  if (!stream.ok()) return missing(stream.error());
  Result<JpegPiece> piece =
      JpegPiece::open(std::move(*stream), column_width(column), band_rows(band), limits_, open_jpeg_);
  if (!piece.ok()) return missing(piece.error());
  if (geometry_.plane_count != 0 && piece->shape() != shape_) return Nothing();
  return Nothing(std::move(*piece));
}

Status OldJpegSource::open() {
  const std::uint32_t count = streams_.across() * streams_.down();
  for (std::uint32_t index = 0; index < count; ++index) {
    NETOCR_ASSIGN(auto piece, open_piece(index / streams_.across(), index % streams_.across()));
    if (!piece.has_value()) continue;
    shape_ = piece->shape();
    if (index == 0 && !has_columns()) {
      piece_ = std::move(piece);
      is_strip_open_ = true;
    }
    NETOCR_TRY(set_geometry());
    return allocate();
  }
  return corrupt("no strip or tile of the TIFF can be decoded");
}

// Strips and tiles must end at whole samples of every plane.
Status OldJpegSource::set_geometry() {
  stored_.plane_count = geometry_.plane_count = shape_.plane_count;
  for (std::size_t i = 0; i < shape_.plane_count; ++i) {
    const JpegShape::Plane& plane = shape_.planes[i];
    const bool cuts_rows = streams_.piece_height() % plane.max_down != 0 && streams_.down() > 1;
    if (cuts_rows || (has_columns() && streams_.piece_width() % plane.max_across != 0)) {
      return corrupt("a strip or tile of the TIFF ends within a sample of chroma");
    }
    stored_.planes[i] = shape_.plane(i, header_.width, header_.height);
  }
  geometry_ = stored_;
  if (shape_.is_converted || !JpegColor::is_needed(header_, shape_.plane_count)) return {};
  for (PlaneGeometry& plane : geometry_.planes) plane = stored_.planes[0];
  // Tiles are combined before conversion, strips are delivered after it.
  if (header_.photometric == kPhotometricWhiteIsZero && has_columns()) white_[0] = 0;
  NETOCR_ASSIGN(color_, JpegColor::create(header_, stored_));
  return {};
}

Status OldJpegSource::allocate() {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < stored_.plane_count; ++i) {
    const PlaneGeometry band = shape_.plane(i, header_.width, streams_.piece_height());
    NETOCR_ASSIGN(const std::size_t size, has_columns() ? checked_product(band.width, band.height)
                                                        : checked_product(geometry_.planes[i].width, 1));
    total += size;
    if (total > limits_.max_decoder_bytes) {
      return Error{ErrorCode::kImageTooLarge, 0,
                   "a row of tiles of the TIFF needs more memory than the limit"};
    }
    NETOCR_ASSIGN(planes_[i], Buffer::create(size));
    std::memset(planes_[i].data(), white_[i], planes_[i].size());
  }
  return {};
}

Result<RowBatch> OldJpegSource::next() {
  while (band_ < streams_.down()) {
    Result<RowBatch> batch = has_columns() ? next_tiles() : next_of_strip();
    if (!batch.ok() || !is_empty(*batch)) return batch;
  }
  return has_pixels_ ? Result<RowBatch>(RowBatch{}) : corrupt("no strip or tile of the TIFF can be decoded");
}

// Returns an empty batch when the strip ended with its last row.
Result<RowBatch> OldJpegSource::next_of_strip() {
  if (!is_strip_open_) {
    NETOCR_ASSIGN(piece_, open_piece(band_, 0));
    is_strip_open_ = true;
  }
  PlaneCounts given{};
  if (piece_) {
    NETOCR_ASSIGN(const RowBatch batch, piece_->next());
    has_pixels_ = has_pixels_ || !is_empty(batch);
    if (!is_empty(batch)) return color_ ? color_->convert(batch) : batch;
    for (std::size_t i = 0; i < given.size(); ++i) given[i] = piece_->given(i);
    warnings_ |= piece_->warnings();
  }
  const RowBatch rest = white_rows(given);
  end_band(piece_ ? piece_->decoded_rows() : 0);
  piece_.reset();
  is_strip_open_ = false;
  return rest;
}

// Returns the missing rows of the strip, which all share one white row.
RowBatch OldJpegSource::white_rows(const PlaneCounts& given) const {
  RowBatch batch;
  for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
    const std::size_t plane = color_ ? 0 : i;
    batch[i] = {planes_[i].data(), 0, band_plane(plane).height - given[plane]};
  }
  return batch;
}

void OldJpegSource::end_band(std::uint32_t decoded) {
  const std::uint32_t rows = band_plane(0).height;
  if (all_decoded_) decoded_rows_ += decoded;
  all_decoded_ = all_decoded_ && decoded == rows;
  if (decoded < rows) warnings_ |= kWarnTruncated;
  ++band_;
}

Result<RowBatch> OldJpegSource::next_tiles() {
  for (std::size_t i = 0; i < stored_.plane_count; ++i) {
    std::memset(planes_[i].data(), white_[i], planes_[i].size());
  }
  std::uint32_t decoded = band_plane(0).height;
  for (std::uint32_t column = 0; column < streams_.across(); ++column) {
    NETOCR_TRY(decode_tile(column, decoded));
  }
  RowBatch batch;
  for (std::size_t i = 0; i < stored_.plane_count; ++i) {
    batch[i] = {planes_[i].data(), stored_.planes[i].width, band_plane(i).height};
  }
  end_band(decoded);
  return color_ ? color_->convert(batch) : batch;
}

// Lowers `decoded` to the number of rows that the tile contains.
Status OldJpegSource::decode_tile(std::uint32_t column, std::uint32_t& decoded) {
  NETOCR_ASSIGN(auto piece, open_piece(band_, column));
  if (!piece.has_value()) {
    decoded = 0;
    return {};
  }
  PlaneCounts given{};
  while (true) {
    NETOCR_ASSIGN(const RowBatch& batch, piece->next());
    if (is_empty(batch)) break;
    has_pixels_ = true;
    copy_rows(batch, column, given);
    for (std::size_t i = 0; i < given.size(); ++i) given[i] = piece->given(i);
  }
  warnings_ |= piece->warnings();
  decoded = std::min(decoded, piece->decoded_rows());
  return {};
}

void OldJpegSource::copy_rows(const RowBatch& batch, std::uint32_t column, const PlaneCounts& first_rows) {
  for (std::size_t i = 0; i < stored_.plane_count; ++i) {
    const std::size_t stride = stored_.planes[i].width;
    const std::size_t left = shape_.plane(i, column * streams_.piece_width(), 1).width;
    const std::size_t width = shape_.plane(i, column_width(column), 1).width;
    for (std::size_t row = 0; row < batch[i].count; ++row) {
      std::memcpy(planes_[i].data() + (first_rows[i] + row) * stride + left,
                  batch[i].rows + row * batch[i].stride, width);
    }
  }
}

}  // namespace

Result<std::unique_ptr<RowSource>> open_old_jpeg_source(Bytes bytes, const Header& header,
                                                        const Limits& limits, OpenEmbeddedJpeg open_jpeg) {
  NETOCR_ASSIGN(const JpegStreams streams, JpegStreams::create(bytes, header));
  NETOCR_ASSIGN(auto source, make_nothrow<OldJpegSource>(streams, header, limits, open_jpeg));
  NETOCR_TRY(source->open());
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::tiff
