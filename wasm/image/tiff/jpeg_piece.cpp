// JPEG frames consist of whole blocks, and some are even larger: samples beyond the piece are discarded.
#include "image/tiff/jpeg_piece.hpp"

#include <algorithm>

namespace netocr::tiff {
namespace {

// Planes that the decoder upsampled have the size of the picture, whatever the factors are.
JpegShape shape_of(const EmbeddedJpeg& jpeg, const SourceGeometry& geometry) {
  JpegShape shape;
  shape.plane_count = geometry.plane_count;
  shape.is_converted = jpeg.color_model != ColorModel::kGrey && jpeg.color_model != ColorModel::kYcbcr;
  if (shape.is_converted || shape.plane_count == 1) return shape;
  std::uint32_t across = 1;
  std::uint32_t down = 1;
  for (const EmbeddedJpeg::Component& component : jpeg.components) {
    across = std::max<std::uint32_t>(across, component.h);
    down = std::max<std::uint32_t>(down, component.v);
  }
  for (std::size_t i = 0; i < shape.plane_count; ++i) {
    const EmbeddedJpeg::Component& component = jpeg.components[i];
    shape.planes[i] = {component.h, across, component.v, down};
  }
  return shape;
}

std::uint32_t part_of(std::uint32_t size, std::uint32_t factor, std::uint32_t max_factor) {
  return static_cast<std::uint32_t>((std::uint64_t{size} * factor + max_factor - 1) / max_factor);
}

}  // namespace

PlaneGeometry JpegShape::plane(std::size_t index, std::uint32_t width, std::uint32_t height) const {
  const Plane& p = planes[index];
  return {part_of(width, p.across, p.max_across), part_of(height, p.down, p.max_down),
          static_cast<double>(width) * p.across / p.max_across,
          static_cast<double>(height) * p.down / p.max_down};
}

bool JpegShape::operator==(const JpegShape& other) const {
  if (plane_count != other.plane_count || is_converted != other.is_converted) return false;
  // The comparison is one of fractions.
  return std::equal(planes.begin(), planes.begin() + plane_count, other.planes.begin(),
                    [](const Plane& a, const Plane& b) {
                      return a.across * b.max_across == b.across * a.max_across &&
                             a.down * b.max_down == b.down * a.max_down;
                    });
}

Result<JpegPiece> JpegPiece::open(JpegStream stream, std::uint32_t width, std::uint32_t height,
                                  const Limits& limits, OpenEmbeddedJpeg open_jpeg) {
  JpegPiece piece;
  piece.stream_ = std::move(stream);
  NETOCR_ASSIGN(EmbeddedJpeg jpeg, open_jpeg(piece.stream_.bytes, limits));
  piece.source_ = std::move(jpeg.rows);
  if (jpeg.width < width) {
    return Error{ErrorCode::kCorruptImage, 0, "the JPEG in the TIFF is narrower than its tags say"};
  }
  const SourceGeometry& geometry = piece.source_->geometry();
  piece.shape_ = shape_of(jpeg, geometry);
  for (std::size_t i = 0; i < geometry.plane_count; ++i) {
    piece.rows_[i] = std::min(piece.shape_.plane(i, width, height).height, geometry.planes[i].height);
  }
  return piece;
}

Result<RowBatch> JpegPiece::next() {
  Result<RowBatch> batch = source_->next();
  if (!batch.ok() && batch.error().code == ErrorCode::kCorruptImage) return RowBatch{};
  if (!batch.ok()) return batch;
  for (std::size_t i = 0; i < shape_.plane_count; ++i) {
    PlaneRows& rows = (*batch)[i];
    rows.count = std::min(rows.count, rows_[i] - given_[i]);
    given_[i] += rows.count;
  }
  return batch;
}

}  // namespace netocr::tiff
