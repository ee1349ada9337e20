// JPEGs are as large as whole blocks, and some frames larger still: what is beyond the piece is left out.
#include "image/tiff_jpeg_piece.hpp"

#include <algorithm>

#include "image/jpeg_markers.hpp"
#include "image/jpeg_source.hpp"

namespace netocr {
namespace {

constexpr WantedSize kFullSize{0xffff'ffff, 0xffff'ffff};

// Planes that the decoder joined have the size of the picture, whatever the factors are.
TiffJpegShape shape_of(const JpegHeader& header, const SourceGeometry& geometry) {
  TiffJpegShape shape;
  shape.plane_count = geometry.plane_count;
  const ColorModel model = jpeg_color_model(header);
  shape.is_converted = model != ColorModel::kGrey && model != ColorModel::kYcbcr;
  if (shape.is_converted || shape.plane_count == 1) return shape;
  std::uint32_t across = 1;
  std::uint32_t down = 1;
  for (const JpegComponent& component : header.components) {
    across = std::max<std::uint32_t>(across, component.h);
    down = std::max<std::uint32_t>(down, component.v);
  }
  for (std::size_t i = 0; i < shape.plane_count; ++i) {
    const JpegComponent& component = header.components[i];
    shape.planes[i] = {component.h, across, component.v, down};
  }
  return shape;
}

std::uint32_t part_of(std::uint32_t size, std::uint32_t factor, std::uint32_t most) {
  return static_cast<std::uint32_t>((std::uint64_t{size} * factor + most - 1) / most);
}

}  // namespace

PlaneGeometry TiffJpegShape::plane(std::size_t index, std::uint32_t width, std::uint32_t height) const {
  const Plane& p = planes[index];
  return {part_of(width, p.across, p.most_across), part_of(height, p.down, p.most_down),
          static_cast<double>(width) * p.across / p.most_across,
          static_cast<double>(height) * p.down / p.most_down};
}

bool TiffJpegShape::operator==(const TiffJpegShape& other) const {
  if (plane_count != other.plane_count || is_converted != other.is_converted) return false;
  // As fractions.
  return std::equal(planes.begin(), planes.begin() + plane_count, other.planes.begin(),
                    [](const Plane& a, const Plane& b) {
                      return a.across * b.most_across == b.across * a.most_across &&
                             a.down * b.most_down == b.down * a.most_down;
                    });
}

Result<TiffJpegPiece> TiffJpegPiece::open(TiffJpegStream stream, std::uint32_t width, std::uint32_t height,
                                          const Limits& limits) {
  TiffJpegPiece piece;
  piece.stream_ = std::move(stream);
  const Bytes bytes = piece.stream_.bytes;
  Result<std::unique_ptr<RowSource>> source = open_jpeg_source(bytes, kFullSize, limits);
  if (!source) return source.error();
  piece.source_ = std::move(*source);
  const Result<JpegHeader> header = read_jpeg_header(bytes, JpegWalk::kFirstScan);
  if (!header) return header.error();
  if (header->width < width) {
    return Error{ErrorCode::kCorruptImage, 0, "the JPEG in the TIFF is narrower than its tags say"};
  }
  const SourceGeometry& geometry = piece.source_->geometry();
  piece.shape_ = shape_of(*header, geometry);
  for (std::size_t i = 0; i < geometry.plane_count; ++i) {
    piece.rows_[i] = std::min(piece.shape_.plane(i, width, height).height, geometry.planes[i].height);
  }
  return piece;
}

Result<RowBatch> TiffJpegPiece::next() {
  Result<RowBatch> batch = source_->next();
  if (!batch && batch.error().code == ErrorCode::kCorruptImage) return RowBatch{};
  if (!batch) return batch;
  for (std::size_t i = 0; i < shape_.plane_count; ++i) {
    PlaneRows& rows = (*batch)[i];
    rows.count = std::min(rows.count, rows_[i] - given_[i]);
    given_[i] += rows.count;
  }
  return batch;
}

}  // namespace netocr
