// Decodes WSQ: segments -> coefficients -> subbands -> synthesis -> pixels.
#include "image/wsq/source.hpp"

#include <new>

#include "image/meta/image_info.hpp"
#include "image/pixel/plane_batch.hpp"
#include "image/wsq/wavelet.hpp"

namespace netocr::wsq {
namespace {

// A picture this small may have any content (a blank one has 16,000 pixels a byte); a larger one needs a byte
// for every kPixelsPerByte pixels. Fingerprints have 0.5 to 3 bits a pixel; a file of 100 bytes that claims
// 65,535 x 65,535 is an attack.
constexpr std::uint64_t kSmallPicture = 4'000'000;
constexpr std::uint64_t kPixelsPerByte = 64;

// The number of subbands of three of the six resolutions, up to an eighth of the size, which come first in
// the file.
constexpr std::size_t kHalfOfResolutions = 7;

struct Picture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  Buffer grey;  // width * height, rows top to bottom
  std::uint32_t decoded_rows = 0;
  std::uint32_t warnings = 0;
};

Status check_plausible(const Frame& frame, std::size_t bytes, const Limits& limits) {
  NETOCR_TRY(check_dimensions(frame.width, frame.height, limits));
  const std::uint64_t pixels = static_cast<std::uint64_t>(frame.width) * frame.height;
  if (pixels > kSmallPicture && pixels / kPixelsPerByte > bytes) {
    return Error{ErrorCode::kCorruptImage, 0, "WSQ file is too short for its dimensions"};
  }
  // The memory consists of two float planes and the coefficients.
  if (pixels * (2 * sizeof(float) + sizeof(std::int16_t)) > limits.max_decoder_bytes) {
    return Error{ErrorCode::kImageTooLarge, 0, "WSQ picture needs more memory than the limit"};
  }
  return {};
}

class CoefficientReader final : public BlockSink {
 public:
  CoefficientReader(std::size_t file_bytes, const Limits& limits)
      : file_bytes_(file_bytes), limits_(limits) {}

  Result<std::size_t> block(const Tables& tables, const HuffmanTable& table, Bytes data,
                            std::size_t position) override {
    if (!tables.quantisers)
      return Error{ErrorCode::kCorruptImage, position, "WSQ block before the quantisation table"};
    NETOCR_TRY(check_plausible(*tables.frame, file_bytes_, limits_));
    const SubbandLayout layout = subband_layout(tables.frame->width, tables.frame->height);
    const std::size_t limit = coefficient_count(layout, *tables.quantisers);
    if (coefficients_.size() > limit) {
      return Error{ErrorCode::kCorruptImage, position, "WSQ file has too many coefficients"};
    }
    return decode_block(table, data, position, limit, coefficients_);
  }

  const Coefficients& coefficients() const { return coefficients_; }

 private:
  Coefficients coefficients_;
  std::size_t file_bytes_;
  const Limits& limits_;
};

std::uint8_t to_pixel(float coefficient, const Frame& frame) {
  const float level = coefficient * frame.scale + frame.mid;
  const float rounded = static_cast<float>(static_cast<double>(level) + 0.5);
  if (!(rounded > 0)) return 0;  // also for NaN
  return rounded > 255 ? std::uint8_t{255} : static_cast<std::uint8_t>(rounded);
}

class Source final : public RowSource {
 public:
  explicit Source(Picture picture)
      : picture_(std::move(picture)), geometry_(full_size_planes(1, picture_.width, picture_.height)) {}

  const SourceGeometry& geometry() const override { return geometry_; }
  std::uint32_t warnings() const override { return picture_.warnings; }
  std::uint32_t decoded_rows() const override { return picture_.decoded_rows; }
  Result<RowBatch> next() override {
    RowBatch batch{};
    if (!delivered_) batch[0] = {picture_.grey.data(), picture_.width, picture_.height};
    delivered_ = true;
    return batch;
  }

 private:
  Picture picture_;
  SourceGeometry geometry_;
  bool delivered_ = false;
};

// Returns whether the file has no coefficient of the last nonempty subband. Only trailing zeroes may be
// omitted.
bool lacks_subband(const SubbandLayout& layout, const Quantisers& quantisers, std::size_t coefficients) {
  const std::size_t all = coefficient_count(layout, quantisers);
  std::size_t bands = kSubbands;
  while (bands > 0 && coefficient_count(layout, quantisers, bands) == all) --bands;
  return coefficients <= coefficient_count(layout, quantisers, bands) && all > 0;
}

Result<Picture> decode(Stream& stream, std::size_t file_bytes, const Limits& limits) {
  CoefficientReader reader(file_bytes, limits);
  NETOCR_TRY(stream.read_blocks(reader));
  const Tables& tables = stream.tables();
  const Frame& frame = *tables.frame;
  NETOCR_TRY(check_plausible(frame, file_bytes, limits));
  NETOCR_ASSIGN(const std::size_t product, checked_product(frame.width, frame.height));
  const std::size_t pixels = product;
  NETOCR_ASSIGN(Array<float> plane, Array<float>::create_zeroed(pixels));
  const SubbandLayout layout = subband_layout(frame.width, frame.height);
  dequantise(layout, *tables.quantisers, reader.coefficients(), plane.span(), frame.width);
  NETOCR_TRY(synthesise(*tables.filters, plane.span(), frame.width, frame.height));
  NETOCR_ASSIGN(Buffer grey, Buffer::create(pixels));
  for (std::size_t i = 0; i < pixels; ++i) grey[i] = to_pixel(plane[i], frame);
  Picture picture{frame.width, frame.height, std::move(grey)};
  const std::size_t coefficients = reader.coefficients().size();
  if (lacks_subband(layout, *tables.quantisers, coefficients)) picture.warnings = kWarnTruncated;
  if (coefficients >= coefficient_count(layout, *tables.quantisers, kHalfOfResolutions))
    picture.decoded_rows = frame.height;
  return picture;
}

}  // namespace

Result<std::unique_ptr<RowSource>> open_source(Stream& stream, std::size_t file_bytes, const Limits& limits) {
  NETOCR_ASSIGN(Picture picture, decode(stream, file_bytes, limits));
  NETOCR_ASSIGN(std::unique_ptr<RowSource> source, make_nothrow<Source>(std::move(picture)));
  return source;
}

}  // namespace netocr::wsq
