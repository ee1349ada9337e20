// The image flow from end to end: opens the file, then rewrites it without loss, or decodes it at a reduced
// size, resamples, turns and encodes it.
#include "image/prepare.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "image/chroma.hpp"
#include "image/few_colors.hpp"
#include "image/fit.hpp"
#include "image/registry/open.hpp"
#include "image/scale/color_profile.hpp"
#include "image/scale/resample.hpp"

namespace netocr {
namespace {

constexpr std::uint32_t kSmallestBudget = 1024;
constexpr std::uint32_t kSmallestEdge = 16;
constexpr std::uint32_t kLargestEdge = 65'500;
constexpr double kDecodedFraction =
    0.8;  // share of decoding and resampling in the whole time for a large photo
constexpr double kEncodeStart = 0.85;

Status check_options(const PrepareOptions& options) {
  const auto invalid = [](const char* detail) {
    return Status(Error{ErrorCode::kInvalidArgument, 0, detail});
  };
  if (options.max_bytes < kSmallestBudget) return invalid("max_bytes is below 1024");
  if (options.max_edge < kSmallestEdge || options.max_edge > kLargestEdge)
    return invalid("max_edge is not 16..65500");
  if (options.min_quality < 1 || options.min_quality > 95) return invalid("min_quality is not 1..95");
  if (options.max_quality < options.min_quality || options.max_quality > 100) {
    return invalid("max_quality is not min_quality..100");
  }
  return {};
}

// Calls on_progress in steps of at least 1/48, and with 1 once.
class Progress {
 public:
  explicit Progress(const PrepareOptions& options) : options_(options) {}

  void report(double fraction) {
    if (options_.on_progress == nullptr || last_ >= 1) return;
    if (fraction < 1 && fraction < last_ + kStep) return;
    last_ = std::min(fraction, 1.0);
    options_.on_progress(options_.progress_context, last_);
  }

 private:
  static constexpr double kStep = 1.0 / 48;
  const PrepareOptions& options_;
  double last_ = -kStep;
};

struct Size {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

// Returns the stored picture's size scaled down to `max_edge` along its longer side; the shorter one is
// rounded, at least 1.
Size target_size(const ImageInfo& info, std::uint32_t max_edge) {
  const std::uint32_t longer = std::max(info.width, info.height);
  if (longer <= max_edge) return {info.width, info.height};
  const auto scaled = [&](std::uint32_t side) {
    const std::uint64_t doubled =
        2ULL * side * max_edge + longer;  // rounds to nearest without leaving integers
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(doubled / (2ULL * longer)));
  };
  return {scaled(info.width), scaled(info.height)};
}

// Passes all rows to `take` and reports progress up to `end`.
template <typename Take>
Status drain(RowSource& source, Progress& progress, double end, Take take) {
  const std::uint32_t height = source.geometry().planes[0].height;
  std::uint64_t rows = 0;
  while (true) {
    NETOCR_ASSIGN(auto batch, source.next());
    std::uint32_t count = 0;
    for (const PlaneRows& plane : batch) count += plane.count;
    if (count == 0) return {};
    take(batch);
    rows += batch[0].count;
    progress.report(end * std::min(1.0, static_cast<double>(rows) / height));
  }
}

// Returns whether the header allows the picture to keep its own coefficients or pixels.
bool may_be_kept(const ImageInfo& info, const PrepareOptions& options) {
  return std::max(info.width, info.height) <= options.max_edge && (info.warnings & kWarnTruncated) == 0 &&
         info.profile != ProfileUse::kConverted;
}

// Rewrites the picture from its own coefficients or pixels; returns nothing when that is impossible or does
// not fit.
Result<std::optional<Prepared>> rewrite(OpenImage& image, const PrepareOptions& options) {
  const ImageInfo& info = image.info();
  if (!may_be_kept(info, options)) return std::optional<Prepared>();
  NETOCR_ASSIGN(auto written, image.lossless(options.max_bytes));
  if (!written.has_value()) return std::optional<Prepared>();
  Prepared prepared;
  prepared.bytes = std::move(written->bytes);
  prepared.format = info.format;
  prepared.width = written->width;
  prepared.height = written->height;
  prepared.lossless = true;
  prepared.decoded_rows = info.height;
  return std::optional<Prepared>(std::move(prepared));
}

// Returns how many rows of the stored picture the source found in the file. Errors: CORRUPT_IMAGE when they
// are too few.
Result<std::uint32_t> count_rows(const RowSource& source, const ImageInfo& info,
                                 const PrepareOptions& options) {
  // A row that was scaled during decoding represents several, the last one possibly only some of them.
  const double scale = info.height / source.geometry().planes[0].extent_height;
  const auto rows =
      std::min(info.height, static_cast<std::uint32_t>(std::lround(source.decoded_rows() * scale)));
  if (source.decoded_rows() == 0)
    return Error{ErrorCode::kCorruptImage, 0, "no row of the picture could be decoded"};
  if (2 * std::uint64_t{rows} < info.height && !options.allow_truncated)
    return Error{ErrorCode::kCorruptImage, 0,
                 "less than half of the picture is there (image.allowTruncated)"};
  return std::max<std::uint32_t>(1, rows);
}

// Returns the stored picture of `size`, resampled from all rows of the source.
Result<PlanarImage> resample_all(RowSource& source, const Size& size, Orientation orientation,
                                 ChromaSubsampling chroma, Progress& progress) {
  NETOCR_ASSIGN(auto resampler,
                ImageResampler::create(source.geometry(), size.width, size.height, orientation, chroma));
  NETOCR_TRY(
      drain(source, progress, kDecodedFraction, [&](const RowBatch& batch) { resampler.push(batch); }));
  return resampler.finish();
}

Status convert_colors(OpenImage& image, PlanarImage& stored) {
  if (image.info().profile != ProfileUse::kConverted) return {};
  if (ColorConverter* const converter = image.converter()) return converter->to_srgb(stored);
  return convert_to_srgb(image.profile(), stored);
}

// Returns the upright resampled picture. The decoder and its memory are freed when it returns.
Result<PlanarImage> load_upright(OpenImage& image, const PrepareOptions& options, Progress& progress,
                                 Prepared& prepared) {
  const ImageInfo& info = image.info();
  const Size size = target_size(info, options.max_edge);
  const Orientation orientation = orientation_from_exif(info.orientation);
  // A codec that scales during decoding does so block by block, which is no good filter close to the final
  // size: from twice the size on, SSIMULACRA2 of three photos of 12 to 49 megapixels was 0.2 to 0.5 higher.
  const std::uint32_t factor = options.effort == jpeg::Effort::kBest ? 2 : 1;
  NETOCR_ASSIGN(auto source, image.rows({factor * size.width, factor * size.height}));
  const ChromaSubsampling chroma =
      image.converter() != nullptr
          ? k444
          : wanted_chroma(source->geometry(), size.width, size.height, options.max_bytes);
  NETOCR_ASSIGN(auto stored, resample_all(*source, size, orientation, chroma, progress));
  prepared.warnings |= source->warnings();
  NETOCR_ASSIGN(prepared.decoded_rows, count_rows(*source, info, options));
  source.reset();
  NETOCR_TRY(convert_colors(image, stored));
  return orient(std::move(stored), orientation);
}

// Returns the PNG of an upright picture of few colours. Where nothing in the flow changed the pixels, they
// are decoded once more, and the PNG has the file's own red, green and blue.
Result<std::optional<Buffer>> few_colors_png(OpenImage& image, const PlanarImage& upright,
                                             const PrepareOptions& options, const Prepared& prepared,
                                             Progress& progress) {
  const ImageInfo& info = image.info();
  if (!may_have_few_colors(upright)) return std::optional<Buffer>();
  if (may_be_kept(info, options) && (prepared.warnings & kWarnTruncated) == 0) {
    NETOCR_ASSIGN(const auto source, image.rgb_rows());
    if (source != nullptr) {
      const Orientation orientation = orientation_from_exif(info.orientation);
      NETOCR_ASSIGN(auto stored,
                    resample_all(*source, {info.width, info.height}, orientation, k444, progress));
      NETOCR_ASSIGN(const auto rgb, orient(std::move(stored), orientation));
      return write_few_colors(rgb, PlaneColors::kRgb, options.max_bytes);
    }
  }
  return write_few_colors(upright, PlaneColors::kYcc, options.max_bytes);
}

// Whether a JPEG is smaller than an exact PNG of `size` that has `png_bytes`, without having been made
// smaller.
bool is_better(const Result<jpeg::Encoded>& encoded, std::size_t png_bytes, const Size& size) {
  return encoded.ok() && encoded->width == size.width && encoded->height == size.height &&
         encoded->bytes.size() < png_bytes;
}

Result<Prepared> reencode(OpenImage& image, const PrepareOptions& options, Progress& progress) {
  Prepared prepared;
  NETOCR_ASSIGN(auto upright, load_upright(image, options, progress, prepared));
  progress.report(kEncodeStart);
  NETOCR_ASSIGN(auto png, few_colors_png(image, upright, options, prepared, progress));
  const Size size{upright.width(), upright.height()};
  const jpeg::Options to_fit{options.max_bytes, options.min_quality, options.max_quality, options.effort};
  NETOCR_ASSIGN(upright, choose_chroma(std::move(upright), to_fit));
  auto encoded = fit_jpeg(upright, to_fit);
  if (png && !is_better(encoded, png->size(), size)) {
    prepared.bytes = std::move(*png);
    prepared.format = ImageFormat::kPng;
    prepared.width = size.width;
    prepared.height = size.height;
    return prepared;
  }
  if (!encoded.ok()) return encoded.error();
  prepared.bytes = std::move(encoded->bytes);
  prepared.width = encoded->width;
  prepared.height = encoded->height;
  prepared.quality = encoded->quality;
  return prepared;
}

Result<Prepared> prepare_opened(OpenImage& image, const PrepareOptions& options, Progress& progress) {
  NETOCR_ASSIGN(auto kept, rewrite(image, options));
  progress.report(kDecodedFraction / 2);
  if (kept.has_value()) return std::move(*kept);
  return reencode(image, options, progress);
}

}  // namespace

Result<Prepared> prepare_image(Bytes bytes, const PrepareOptions& options) {
  NETOCR_TRY(check_options(options));
  NETOCR_ASSIGN(const auto image, open_image(bytes, options.limits));
  return prepare_image(*image, options);
}

Result<Prepared> prepare_image(OpenImage& image, const PrepareOptions& options) {
  NETOCR_TRY(check_options(options));
  if (image.lacks_converter())
    return Error{ErrorCode::kUnsupportedFeature, 0, "this profile is converted by the codecs module only",
                 true};
  if (image.is_left_to_codecs()) return image.rows({}).error();
  Progress progress(options);
  progress.report(0);
  NETOCR_ASSIGN(auto prepared, prepare_opened(image, options, progress));
  prepared.source = image.info();
  prepared.warnings |= image.info().warnings;
  progress.report(1);
  return prepared;
}

}  // namespace netocr
