// Chooses quality, and below the quality floor the size; codes once.
#include "image/jpeg_sink.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "base/math.hpp"
#include "image/bit_writer.hpp"
#include "image/jpeg_segments.hpp"
#include "image/rate.hpp"
#include "image/resample.hpp"
#include "image/trellis.hpp"

namespace netocr {
namespace {

constexpr int kMaxCodings = 4;
constexpr int kMaxSizes = 12;
// ln(bytes) / ln(scale) at a fixed quality: less than 2, since a smaller picture has more detail per pixel.
constexpr double kTypicalExponent = 1.7;

// What the rate search recorded, or nothing: then the scan has to be walked once more.
using Recorded = const ScanTokens*;

// The coded file, or nothing when stuffing made it larger than max_bytes; then *excess tells by how much at
// least.
Result<std::optional<Buffer>> code_file(const Frame& frame, const Candidate& candidate, Recorded tokens,
                                        std::size_t max_bytes, std::size_t* excess) {
  // Stuffing at most doubles a scan.
  const std::uint64_t longest = candidate.header_bytes + candidate.scan_bits / 4 + 16;
  const auto largest = static_cast<std::size_t>(std::min<std::uint64_t>(max_bytes, longest));
  auto buffer = Buffer::create(std::max(largest, kMaxHeaderBytes) + BitWriter::kSlack);
  if (!buffer) return buffer.error();
  const std::size_t header = write_jpeg_header(frame, candidate.quant, candidate.tables, buffer->span());
  const MutableBytes room = buffer->span().subspan(header);
  const CodedScan scan = tokens != nullptr ? code_tokens(*tokens, candidate.tables, room)
                                           : code_scan(frame, candidate.quant, candidate.tables, room);
  const std::size_t size = header + scan.bytes + kEndOfImageBytes;
  if (!scan.fits || size > max_bytes) {
    *excess = size > max_bytes ? size - max_bytes : 1;
    return std::optional<Buffer>();
  }
  write_end_of_image(buffer->span().subspan(header + scan.bytes));
  const Status shrunk = buffer->resize(size);
  if (!shrunk) return shrunk.error();
  return std::optional<Buffer>(std::move(*buffer));
}

// One picture size. Nothing when it does not fit at min_quality; *bytes_at_floor is then its size there.
Result<std::optional<EncodedJpeg>> encode_at_size(const PlanarImage& image, const JpegOptions& options,
                                                  std::size_t* bytes_at_floor) {
  auto frame = make_frame(image);
  if (!frame) return frame.error();
  Frame best;  // kBest: the coefficients that the trellis chose
  if (options.effort == Effort::kBest) {
    auto made = make_frame_like(*frame);
    if (!made) return made.error();
    best = std::move(*made);
  }
  Frame* const scratch = options.effort == Effort::kBest ? &best : nullptr;
  auto tokens = make_scan_tokens(*frame, options.max_bytes);
  if (!tokens) return tokens.error();
  RateLimits limits{options.max_bytes, static_cast<double>(options.min_quality),
                    static_cast<double>(options.max_quality)};
  for (int i = 0; i < kMaxCodings; ++i) {
    const RateChoice choice = choose_rate(*frame, limits, *tokens, scratch);
    *bytes_at_floor = choice.candidate.bytes_expected();
    if (!choice.fits) break;
    std::size_t excess = 0;
    if (scratch != nullptr && !choice.is_recorded) {
      trellis_frame(*frame, choice.candidate.quant, choice.candidate.trellis_tables, best);
    }
    auto file = code_file(scratch != nullptr ? best : *frame, choice.candidate,
                          choice.is_recorded ? &*tokens : nullptr, options.max_bytes, &excess);
    if (!file) return file.error();
    if (file->has_value()) {
      const double quality = std::max(1.0, std::floor(quality_of_percent(choice.candidate.percent) + 1e-9));
      return std::optional<EncodedJpeg>(
          EncodedJpeg{std::move(**file), image.width(), image.height(), static_cast<std::uint8_t>(quality)});
    }
    limits.max_bytes -= std::min(limits.max_bytes, excess + limits.max_bytes / 400);
  }
  return std::optional<EncodedJpeg>();
}

// Proposes ever smaller long edges from the sizes that earlier ones had at the quality floor.
class SizeSearch {
 public:
  SizeSearch(std::uint32_t long_edge, std::size_t max_bytes)
      : smallest_(std::min(long_edge, kSmallestLongEdge)),
        edge_(long_edge),
        aim_(rough_log(static_cast<double>(max_bytes) * 0.97)) {}

  // The next edge, or 0 when even the smallest was too large.
  std::uint32_t next(std::size_t bytes) {
    if (edge_ == smallest_) return 0;
    const double height = rough_log(static_cast<double>(bytes));
    const double position = rough_log(static_cast<double>(edge_));
    if (last_height_ > height) {
      exponent_ = std::clamp((last_height_ - height) / (last_position_ - position), 1.0, 2.5);
    }
    last_height_ = height;
    last_position_ = position;
    const auto proposal = static_cast<std::uint32_t>(rough_exp(position + (aim_ - height) / exponent_));
    edge_ = std::clamp(proposal, smallest_, edge_ - 1);
    return edge_;
  }

 private:
  std::uint32_t smallest_;
  std::uint32_t edge_;
  double aim_;
  double exponent_ = kTypicalExponent;
  double last_height_ = 0;
  double last_position_ = 0;
};

std::uint32_t scaled_side(std::uint32_t side, std::uint32_t long_edge, std::uint32_t full_edge) {
  const double exact = static_cast<double>(side) * long_edge / full_edge;
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::lround(exact)));
}

}  // namespace

Result<EncodedJpeg> encode_jpeg(const PlanarImage& image, const JpegOptions& options) {
  const std::uint32_t full_edge = std::max(image.width(), image.height());
  SizeSearch sizes(full_edge, options.max_bytes);
  PlanarImage smaller;
  const PlanarImage* current = &image;
  for (int i = 0; i < kMaxSizes; ++i) {
    std::size_t bytes = 0;
    auto encoded = encode_at_size(*current, options, &bytes);
    if (!encoded) return encoded.error();
    if (encoded->has_value()) return std::move(**encoded);
    const std::uint32_t edge = sizes.next(bytes);
    if (edge == 0) break;
    auto shrunk = shrink(image, scaled_side(image.width(), edge, full_edge),
                         scaled_side(image.height(), edge, full_edge));
    if (!shrunk) return shrunk.error();
    smaller = std::move(*shrunk);
    current = &smaller;
  }
  return Error{ErrorCode::kBudgetUnreachable, 0, "does not fit at the lowest quality and the smallest size"};
}

}  // namespace netocr
