// Converts rows of tiles to bands of 8-bit channels, and these to planes. tile calls the library, rows has
// the pixel loops.
#include "image/jp2/source.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>

#include "image/jp2/cost.hpp"
#include "image/jp2/packets.hpp"
#include "image/jp2/rows.hpp"
#include "image/jp2/tile.hpp"
#include "image/pixel/plane_batch.hpp"

namespace netocr::jp2 {
namespace {

// One channel's rows of the current row of tiles.
struct Band {
  std::size_t component = 0;  // index in the list of components
  Component sampling;
  std::uint8_t blank = 255;  // value for missing tiles
  std::optional<PaletteTable> palette;
  Rect rect;    // rectangle at the reduced size
  Buffer rows;  // rows of rect.width() samples; zeroed, and at least one
};

class Source final : public RowSource {
 public:
  explicit Source(File file) : file_(std::move(file)) {}

  Status open(std::size_t bytes, const WantedSize& wanted, const Limits& limits) {
    const Header& header = file_.header;
    const Rect picture = picture_rect(file_, 0);
    NETOCR_TRY(check_dimensions(picture.width(), picture.height(), limits));
    if (file_.channels.foreign_color) warnings_ |= kWarnProfileIgnored;
    if (file_.tiles.truncated) warnings_ |= kWarnTruncated;
    list_components();
    picture_ = finest_sampling(header, file_.channels);
    reduce_ = choose_reduction(wanted);
    const Plan plan{reduce_, components(), file_.channels.count()};
    NETOCR_TRY(check_cost(header, plan, bytes, limits));
    NETOCR_ASSIGN(decoder_, TileDecoder::create(header, file_.tiles, reduce_, components()));
    set_geometry();
    return allocate();
  }

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override { return warnings_; }
  std::uint32_t decoded_rows() const override { return decoded_rows_; }

  Result<RowBatch> next() override {
    while (band_row_ == band_rows() && tile_row_ < file_.header.tiles_down) {
      NETOCR_TRY(load_tile_row());
      if (planar_ && !band_is_empty()) return whole_band();
    }
    if (planar_ || band_row_ == band_rows()) return RowBatch{};
    return converted_rows();
  }

 private:
  std::span<const std::uint32_t> components() const { return {components_.data(), component_count_}; }

  // Lists the components in rising order, each once.
  void list_components() {
    for (std::size_t i = 0; i < file_.channels.count(); ++i)
      components_[i] = file_.channels.channels[i].component;
    auto* const end = components_.data() + file_.channels.count();
    std::sort(components_.data(), end);
    component_count_ = static_cast<std::size_t>(std::unique(components_.data(), end) - components_.data());
  }

  Rect reduced(const Component& component, std::uint32_t reduce) const {
    return component_rect(file_.header.area, component, reduce);
  }

  bool is_enough(std::uint32_t reduce, const WantedSize& wanted) const {
    for (const std::uint32_t number : components()) {
      const Rect rect = reduced(file_.header.component(number), reduce);
      if (rect.width() == 0 || rect.height() == 0) return false;
    }
    const Rect rect = picture_rect(file_, reduce);
    return rect.width() >= wanted.width && rect.height() >= wanted.height;
  }

  std::uint32_t choose_reduction(const WantedSize& wanted) const {
    if (file_.channels.uses_palette()) return 0;
    std::uint32_t reduce = 0;
    while (reduce < file_.header.coding.min_levels && is_enough(reduce + 1, wanted)) ++reduce;
    return reduce;
  }

  PlaneGeometry plane_of(const Component& component) const {
    const Rect rect = reduced(component, reduce_);
    const double scale = static_cast<double>(std::uint64_t{1} << reduce_);
    return {rect.width(), rect.height(), file_.header.area.width() / (component.dx * scale),
            file_.header.area.height() / (component.dy * scale)};
  }

  void set_geometry() {
    const Channels& channels = file_.channels;
    const bool own_planes = channels.model == ColorModel::kGrey || channels.model == ColorModel::kYcbcr;
    planar_ = own_planes && channels.alpha == Alpha::kNone;
    geometry_.plane_count = channels.model == ColorModel::kGrey ? 1 : 3;
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      const Component own = file_.header.component(channels.channels[i].component);
      geometry_.planes[i] = plane_of(planar_ ? own : picture_);
    }
  }

  std::uint8_t blank_of(std::size_t channel) const {
    const ColorModel model = file_.channels.model;
    if (channel >= file_.channels.color_count) return 255;
    if (model == ColorModel::kCmyk) return 0;
    return model == ColorModel::kYcbcr && channel > 0 ? 128 : 255;
  }

  Status allocate() {
    const Channels& channels = file_.channels;
    for (std::size_t i = 0; i < channels.count(); ++i) {
      Band& band = bands_[i];
      const Channel& channel = channels.channels[i];
      band.component = static_cast<std::size_t>(
          std::find(components().begin(), components().end(), channel.component) - components().begin());
      band.sampling = file_.header.component(channel.component);
      band.blank = blank_of(i);
      if (channel.uses_palette) band.palette = make_palette_table(file_.boxes->palette, channel.column);
      std::uint32_t rows = 1;
      for (std::uint32_t row = 0; row < file_.header.tiles_down; ++row) {
        rows = std::max(rows, component_rect(row_area(row), band.sampling, reduce_).height());
      }
      NETOCR_ASSIGN(const auto bytes, checked_product(reduced(band.sampling, reduce_).width(), rows));
      NETOCR_ASSIGN(band.rows, Buffer::create_zeroed(bytes));
    }
    return planar_ ? Status{} : allocate_planes();
  }

  Status allocate_planes() {
    const std::uint32_t width = geometry_.planes[0].width;
    NETOCR_TRY(planes_.allocate(geometry_));
    NETOCR_TRY(allocate_product(scratch_, width, 4));
    return allocate_product(stretched_, width, bands_.size());
  }

  // Returns the part of the picture that a row of tiles covers.
  Rect row_area(std::uint32_t tile_row) const {
    Rect area = file_.header.tile(tile_row * file_.header.tiles_across);
    area.x1 = file_.header.area.x1;
    return area;
  }

  std::span<Band> bands() { return {bands_.data(), file_.channels.count()}; }
  std::uint32_t band_rows() const { return band_rect_.height(); }
  bool band_is_empty() {
    return std::all_of(bands().begin(), bands().end(),
                       [](const Band& band) { return band.rect.height() == 0; });
  }

  Status load_tile_row() {
    const Header& header = file_.header;
    const Rect area = row_area(tile_row_);
    for (Band& band : bands()) band.rect = component_rect(area, band.sampling, reduce_);
    band_rect_ = component_rect(area, picture_, reduce_);
    band_row_ = 0;
    Rect there = area;
    for (std::uint32_t column = 0; column < header.tiles_across; ++column) {
      NETOCR_ASSIGN(const auto& end, load_tile(tile_row_ * header.tiles_across + column));
      there.y1 = std::min(there.y1, end);
    }
    ++tile_row_;
    count_rows(there, area);
    if (tile_row_ == header.tiles_down && !decoded_any_) {
      return Error{ErrorCode::kCorruptImage, 0, "no tile of the JPEG 2000 picture can be decoded"};
    }
    return {};
  }

  // Counts rows of the picture's first plane until the first one that is missing.
  void count_rows(const Rect& there, const Rect& area) {
    if (is_broken_) return;
    const Component& sampling = planar_ ? bands_[0].sampling : picture_;
    decoded_rows_ = component_rect(there, sampling, reduce_).y1 - reduced(sampling, reduce_).y0;
    is_broken_ = there.y1 < area.y1;
  }

  // Returns the first row of the reference grid for which the file lacks data of the tile.
  Result<std::uint32_t> load_tile(std::uint32_t tile) {
    const Rect area = file_.header.tile(tile);
    TileExtent extent{area.y1, true, 0, 0};
    if (file_.tiles.truncated) {
      NETOCR_TRY(measure(tile, extent));
    }
    NETOCR_ASSIGN(const auto& outcome, decoder_->decode(tile, cut_of(extent)));
    if (outcome != Outcome::kDecoded) {
      if (outcome == Outcome::kDamaged) warnings_ |= kWarnTruncated;
      for (Band& band : bands()) fill_blank(band, tile);
      return has_samples(file_.header, tile) ? area.y0 : area.y1;
    }
    decoded_any_ = true;
    for (std::size_t component = 0; component < component_count_; ++component) {
      for (Band& band : bands()) {
        if (band.component == component) take_samples(band);
      }
      decoder_->release(component);
    }
    if (!file_.tiles.truncated && decoder_->warned()) {
      NETOCR_TRY(measure(tile, extent));
    }
    // When all packets are present, the library's warnings concern code-blocks, or optional SOP markers.
    const bool is_damaged = decoder_->warned() && !file_.header.coding.may_have_sop;
    if (!extent.is_whole || is_damaged) warnings_ |= kWarnTruncated;
    return extent.end;
  }

  // Walks the tile's packets; called only when something may be missing.
  Status measure(std::uint32_t tile, TileExtent& extent) const {
    NETOCR_ASSIGN(const auto& measured, measure_tile(file_.header, file_.tiles, tile, reduce_, components()));
    extent = measured;
    return {};
  }

  // The library treats zeroes behind the end as empty packets, but not when packets need EPH markers.
  TileCut cut_of(const TileExtent& extent) const {
    if (extent.is_whole || !file_.header.coding.has_eph) return {};
    return {extent.bytes, extent.missing};
  }

  static std::uint8_t* place_in(Band& band, const Rect& tile, std::uint32_t row) {
    return band.rows.data() + std::size_t{row} * band.rect.width() + (tile.x0 - band.rect.x0);
  }

  void fill_blank(Band& band, std::uint32_t tile) const {
    const Rect rect = component_rect(file_.header.tile(tile), band.sampling, reduce_);
    for (std::uint32_t row = 0; row < rect.height(); ++row) {
      std::memset(place_in(band, rect, row), band.blank, rect.width());
    }
  }

  void take_samples(Band& band) {
    const Samples tile = decoder_->samples(band.component);
    if (tile.rect.width() == 0) return;
    for (std::uint32_t row = 0; row < tile.rect.height(); ++row) {
      const std::int32_t* samples = tile.samples + std::size_t{row} * tile.rect.width();
      std::uint8_t* target = place_in(band, tile.rect, row);
      if (band.palette) {
        indices_to_bytes(samples, tile.rect.width(), *band.palette, target);
      } else {
        samples_to_bytes(samples, tile.rect.width(), band.sampling, target);
      }
    }
  }

  RowBatch whole_band() {
    band_row_ = band_rows();
    RowBatch batch{};
    for (std::size_t i = 0; i < geometry_.plane_count; ++i) {
      batch[i] = {bands_[i].rows.data(), bands_[i].rect.width(), bands_[i].rect.height()};
    }
    return batch;
  }

  // Returns the channel's samples of a row of the picture; a subsampled channel repeats its samples.
  const std::uint8_t* channel_row(std::size_t index, std::uint32_t row) {
    const Band& band = bands_[index];
    const std::size_t width = geometry_.planes[0].width;
    const std::uint64_t absolute = (std::uint64_t{band_rect_.y0} + row) * picture_.dy / band.sampling.dy;
    const std::uint64_t last = band.rect.height() == 0 ? 0 : band.rect.height() - 1;
    const std::uint64_t own = absolute < band.rect.y0 ? 0 : std::min(absolute - band.rect.y0, last);
    const std::uint8_t* samples = band.rows.data() + static_cast<std::size_t>(own) * band.rect.width();
    if (band.rect.width() == width) return samples;
    std::uint8_t* stretched = stretched_.data() + index * width;
    stretch_row(samples, band.rect.width(), width, stretched);
    return stretched;
  }

  RowBatch converted_rows() {
    const std::uint32_t count = std::min(kBatchRows, band_rows() - band_row_);
    const std::size_t width = geometry_.planes[0].width;
    for (std::uint32_t row = 0; row < count; ++row) {
      std::array<const std::uint8_t*, 5> rows{};
      for (std::size_t i = 0; i < file_.channels.count(); ++i) rows[i] = channel_row(i, band_row_ + row);
      channels_to_ycc(file_.channels, rows, width, scratch_.data(), planes_.ycc_row(row));
    }
    band_row_ += count;
    return planes_.first(count);
  }

  File file_;
  SourceGeometry geometry_{};
  Component picture_;
  std::uint32_t reduce_ = 0;
  std::array<std::uint32_t, 5> components_{};
  std::size_t component_count_ = 0;
  std::unique_ptr<TileDecoder> decoder_;
  std::array<Band, 5> bands_;
  PlaneBatch planes_;
  Buffer scratch_;
  Buffer stretched_;
  Rect band_rect_;              // current row of tiles, in samples of the picture
  std::uint32_t band_row_ = 0;  // next row of the band to be delivered
  std::uint32_t tile_row_ = 0;  // next row of tiles to be decoded
  std::uint32_t decoded_rows_ = 0;
  std::uint32_t warnings_ = 0;
  bool planar_ = false;
  bool decoded_any_ = false;
  bool is_broken_ = false;  // a row was missing
};

}  // namespace

Result<std::unique_ptr<RowSource>> open_source(File file, std::size_t file_bytes, const WantedSize& wanted,
                                               const Limits& limits) {
  NETOCR_ASSIGN(auto source, make_nothrow<Source>(std::move(file)));
  NETOCR_TRY(source->open(file_bytes, wanted, limits));
  return std::unique_ptr<RowSource>(std::move(source));
}

}  // namespace netocr::jp2
