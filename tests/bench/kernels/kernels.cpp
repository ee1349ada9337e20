// The kernels with their inputs, which are computed once before the first kernel runs.
#include "kernels.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "deflated.hpp"
#include "image/fit.hpp"
#include "image/jpeg/decode/sequential.hpp"
#include "image/jpeg/encode/rate.hpp"
#include "image/pixel/color.hpp"
#include "image/png/filter.hpp"
#include "image/png/inflate.hpp"
#include "image/scale/resample.hpp"
#include "picture.hpp"
#include "text/base64.hpp"
#include "text/form.hpp"

namespace netocr::bench {
namespace {

constexpr std::uint32_t kWidth = 640;
constexpr std::uint32_t kHeight = 480;
constexpr std::uint32_t kSourceWidth = 1600;
constexpr std::uint32_t kSourceHeight = 1200;
constexpr std::uint64_t kPixels = std::uint64_t{kWidth} * kHeight;
constexpr std::size_t kMaxBytes = 40 * 1024;
constexpr std::size_t kJpegBytes = 1024 * 1024;
constexpr std::size_t kFileBytes = 200 * 1024;
constexpr std::size_t kColors = kFileBytes / 3;

template <typename T>
T must(Result<T> made) {
  if (!made.ok()) {
    std::fprintf(stderr, "an input of the kernels cannot be made: %s\n", made.error().detail);
    std::exit(1);
  }
  return std::move(*made);
}

PlanarImage make_picture(std::uint32_t width, std::uint32_t height) {
  PlanarImage image = must(make_planar_image(width, height, 3));
  for (std::uint32_t i = 0; i < 3; ++i) paint(image.planes[i], i + 1);
  return image;
}

// The kernels' inputs and outputs. They are allocated once, so that only the kernel's own work is counted.
struct Inputs {
  PlanarImage picture = make_picture(kWidth, kHeight);
  PlanarImage source = make_picture(kSourceWidth, kSourceHeight);
  PlanarImage turned = make_picture(kWidth, kHeight);
  Buffer jpeg = must(fit_jpeg(source, {kJpegBytes, 50, 95})).bytes;  // `source` as a camera would store it
  jpeg::File jpeg_file = must(jpeg::File::open(jpeg.span(), jpeg::Walk::kFirstScan));
  jpeg::Frame frame = must(jpeg::make_frame(picture));
  jpeg::ScanTokens tokens = must(jpeg::make_scan_tokens(frame, kMaxBytes));
  jpeg::RateChoice choice = jpeg::choose_rate(frame, {kMaxBytes, 50, 95}, tokens);
  jpeg::ScanTokens chosen = must(jpeg::make_scan_tokens(frame, kMaxBytes));
  Buffer coded = must(Buffer::create(2 * kMaxBytes));
  std::vector<std::uint8_t> file = std::vector<std::uint8_t>(kFileBytes);
  Deflated deflated = make_deflated(kFileBytes);
  Buffer body = must(Buffer::create(max_form_base64_length(kFileBytes)));

  Inputs() {
    jpeg::record_tokens(frame, choice.candidate.quant, chosen);
    std::uint32_t state = 1;
    for (std::uint8_t& byte : file)
      byte = static_cast<std::uint8_t>((state = state * 1664525U + 1013904223U) >> 24);
  }
};

Inputs& inputs() {
  static Inputs made;
  return made;
}

SourceGeometry geometry_of(const PlanarImage& image) {
  SourceGeometry geometry;
  geometry.plane_count = image.plane_count;
  for (std::size_t i = 0; i < image.plane_count; ++i) {
    const Plane& plane = image.planes[i];
    geometry.planes[i] = {plane.width, plane.height, static_cast<double>(plane.width),
                          static_cast<double>(plane.height)};
  }
  return geometry;
}

// Measures entropy decoding and the inverse DCT at kEighths / 8 of the size.
template <std::uint32_t kEighths>
bool decode() {
  const WantedSize wanted{kSourceWidth * kEighths / 8, kSourceHeight * kEighths / 8};
  auto source = jpeg::open_sequential(inputs().jpeg_file, wanted);
  if (!source.ok() || *source == nullptr || (*source)->geometry().planes[0].width != wanted.width)
    return false;
  std::uint32_t rows = 0;
  while (true) {
    const auto batch = (*source)->next();
    if (!batch.ok()) return false;
    if ((*batch)[0].count == 0) return rows == wanted.height && (*source)->warnings() == 0;
    rows += (*batch)[0].count;
  }
}

class Piece final : public png::PieceSource {
 public:
  explicit Piece(Bytes bytes) : bytes_(bytes) {}
  Bytes next() override { return std::exchange(bytes_, Bytes{}); }

 private:
  Bytes bytes_;
};

bool unpack() {
  constexpr std::size_t kStep = 4800;
  Piece piece(inputs().deflated.stream);
  auto inflater = png::Inflater::create(piece, kStep);
  if (!inflater.ok()) return false;
  std::size_t size = 0;
  for (Bytes bytes = inflater->need(kStep); !bytes.empty(); bytes = inflater->need(kStep)) {
    size += bytes.size();
    inflater->take(bytes.size());
  }
  return inflater->state() == png::Inflater::State::kEnded && size == inputs().deflated.size;
}

// Runs each filter over a share of the bytes, as rows of RGB.
bool unfilter() {
  constexpr std::size_t kRow = kFileBytes / (2 * png::kFilterCount) / 3 * 3;
  for (std::uint8_t i = 0; i < png::kFilterCount; ++i) {
    const std::uint8_t* const filtered = inputs().file.data() + 2 * i * kRow;
    png::undo_filter(static_cast<png::Filter>(i), filtered, filtered + kRow, kRow - png::kRowPadding, 3,
                     inputs().body.data());
  }
  return true;
}

// The bytes need no picture: any values are valid colours.
bool convert() {
  std::uint8_t* const planes = inputs().body.data();
  rgb_to_ycc(inputs().file.data(), kColors, {planes, planes + kColors, planes + 2 * kColors});
  return true;
}

// The bytes are read as two rows of RGBA.
bool convert_halved() {
  constexpr std::size_t kWidthOfRow = kFileBytes / 8;
  std::uint8_t* const planes = inputs().body.data();
  std::uint8_t* const chroma = planes + 2 * kWidthOfRow;
  rgba_rows_to_halved_ycc(inputs().file.data(), inputs().file.data() + 4 * kWidthOfRow, kWidthOfRow,
                          {{planes, planes + kWidthOfRow}, chroma, chroma + kWidthOfRow / 2});
  return true;
}

// The picture arrives as a decoder delivers it, one row of MCUs at a time.
bool resample() {
  const PlanarImage& source = inputs().source;
  auto resampler = ImageResampler::create(geometry_of(source), kWidth, kHeight, Orientation{});
  if (!resampler.ok()) return false;
  for (std::uint32_t y = 0; y < source.height(); y += 16) {
    RowBatch batch;
    for (std::size_t i = 0; i < 3; ++i) {
      const Plane& plane = source.planes[i];
      const std::uint32_t rows = i == 0 ? 16 : 8;
      batch[i] = {plane.row(i == 0 ? y : y / 2), plane.stride, rows};
    }
    resampler->push(batch);
  }
  return resampler->finish().ok();
}

bool turn() {
  auto turned = orient(std::move(inputs().turned), orientation_from_exif(6));
  if (!turned.ok()) return false;
  auto back = orient(std::move(*turned), orientation_from_exif(8));
  if (!back.ok()) return false;
  inputs().turned = std::move(*back);
  return true;
}

bool forward() { return jpeg::make_frame(inputs().picture).ok(); }

bool quantise() {
  const jpeg::CoefficientPlane& plane = inputs().frame.components[0];
  const jpeg::Quantiser quantiser = jpeg::make_rounding_quantiser(inputs().choice.candidate.quant.luma);
  std::uint64_t used = 0;
  jpeg::Levels levels;
  for (std::uint32_t y = 0; y < plane.blocks_high; ++y) {
    for (std::uint32_t x = 0; x < plane.blocks_wide; ++x)
      used |= jpeg::quantise_block(plane.block(x, y), quantiser, levels);
  }
  return used != 0;
}

bool search() { return jpeg::choose_rate(inputs().frame, {kMaxBytes, 50, 95}, inputs().tokens).fits; }

bool count() {
  const jpeg::Candidate candidate =
      jpeg::measure_candidate(inputs().frame, inputs().choice.candidate.percent, inputs().tokens);
  return candidate.scan_bits == inputs().choice.candidate.scan_bits;
}

bool code() {
  return jpeg::code_tokens(inputs().chosen, inputs().choice.candidate.tables, inputs().coded.span()).fits;
}

bool walk_and_code() {
  const jpeg::Candidate& best = inputs().choice.candidate;
  return jpeg::code_scan(inputs().frame, best.quant, best.tables, inputs().coded.span()).fits;
}

bool encode() {
  const auto jpeg = fit_jpeg(inputs().picture, {kMaxBytes, 50, 95});
  return jpeg.ok() && jpeg->bytes.size() <= kMaxBytes;
}

bool base64() {
  return base64_encode(inputs().file, inputs().body.span()) == base64_length_from_binary(kFileBytes);
}

bool form() {
  const std::uint64_t length = form_base64_length(inputs().file);
  return form_base64_encode(inputs().file, inputs().body.span()) == length;
}

constexpr Kernel kKernels[] = {
    {"decode to 8/8", std::uint64_t{kSourceWidth} * kSourceHeight, "pixels", decode<8>},
    {"decode to 4/8", std::uint64_t{kSourceWidth} * kSourceHeight, "pixels", decode<4>},
    {"decode to 2/8", std::uint64_t{kSourceWidth} * kSourceHeight, "pixels", decode<2>},
    {"decode to 1/8", std::uint64_t{kSourceWidth} * kSourceHeight, "pixels", decode<1>},
    {"inflate", kFileBytes, "bytes", unpack},
    {"undo PNG filters", kFileBytes / 2, "bytes", unfilter},
    {"RGB to YCbCr", kColors, "pixels", convert},
    {"RGBA to halved YCbCr", kFileBytes / 4, "pixels", convert_halved},
    {"resample", std::uint64_t{kSourceWidth} * kSourceHeight, "pixels", resample},
    {"turn twice", 2 * kPixels, "pixels", turn},
    {"forward DCT", kPixels, "pixels", forward},
    {"quantise", kPixels, "coefficients", quantise},
    {"count symbols", kPixels, "pixels", count},
    {"rate search", kPixels, "pixels", search},
    {"entropy coding", kPixels, "pixels", code},
    {"quantising and coding", kPixels, "pixels", walk_and_code},
    {"whole encoding", kPixels, "pixels", encode},
    {"base64", kFileBytes, "bytes", base64},
    {"form of base64", kFileBytes, "bytes", form},
};

}  // namespace

std::span<const Kernel> kernels() {
  if (!inputs().choice.fits) {
    std::fprintf(stderr, "the kernels' picture does not fit its bytes\n");
    std::exit(1);
  }
  return kKernels;
}

}  // namespace netocr::bench
