// Chooses the quality, then codes once, or again when stuffing makes the file too large.
#include "image/jpeg/encode/encoder.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "image/jpeg/encode/bit_writer.hpp"
#include "image/jpeg/encode/rate.hpp"
#include "image/jpeg/encode/segments.hpp"
#include "image/jpeg/encode/trellis.hpp"

namespace netocr::jpeg {
namespace {

constexpr int kMaxCodings = 4;

// The tokens that the rate search recorded, or null: then the scan is walked once more.
using Recorded = const ScanTokens*;

// Returns the coded file, or nothing when stuffing made it larger than max_bytes; then *excess is a lower
// bound of the difference.
Result<std::optional<Buffer>> code_file(const Frame& frame, const Candidate& candidate, Recorded tokens,
                                        std::size_t max_bytes, std::size_t* excess) {
  // Stuffing at most doubles a scan.
  const std::uint64_t longest = candidate.header_bytes + candidate.scan_bits / 4 + 16;
  const auto largest = static_cast<std::size_t>(std::min<std::uint64_t>(max_bytes, longest));
  NETOCR_ASSIGN(auto buffer, Buffer::create(std::max(largest, kMaxHeaderBytes) + BitWriter::kSlack));
  const std::size_t header = write_header(frame, candidate.quant, candidate.tables, buffer.span());
  const MutableBytes room = buffer.span().subspan(header);
  const CodedScan scan = tokens != nullptr ? code_tokens(*tokens, candidate.tables, room)
                                           : code_scan(frame, candidate.quant, candidate.tables, room);
  const std::size_t size = header + scan.bytes + kEndOfImageBytes;
  if (!scan.fits || size > max_bytes) {
    *excess = size > max_bytes ? size - max_bytes : 1;
    return std::optional<Buffer>();
  }
  write_end_of_image(buffer.span().subspan(header + scan.bytes));
  NETOCR_TRY(buffer.resize(size));
  return std::optional<Buffer>(std::move(buffer));
}

}  // namespace

Result<Attempt> encode(const PlanarImage& image, const Options& options) {
  Attempt attempt;
  NETOCR_ASSIGN(auto frame, make_frame(image));
  Frame best;  // kBest: the coefficients after trellis quantisation
  if (options.effort == Effort::kBest) {
    NETOCR_ASSIGN(best, make_frame_like(frame));
  }
  Frame* const scratch = options.effort == Effort::kBest ? &best : nullptr;
  NETOCR_ASSIGN(auto tokens, make_scan_tokens(frame, options.max_bytes));
  RateLimits limits{options.max_bytes, static_cast<double>(options.min_quality),
                    static_cast<double>(options.max_quality)};
  for (int i = 0; i < kMaxCodings; ++i) {
    const RateChoice choice = choose_rate(frame, limits, tokens, scratch);
    attempt.bytes_at_floor = choice.candidate.bytes_expected();
    if (!choice.fits) break;
    std::size_t excess = 0;
    if (scratch != nullptr && !choice.is_recorded) {
      trellis_frame(frame, choice.candidate.quant, choice.candidate.trellis_tables, best);
    }
    NETOCR_ASSIGN(auto file, code_file(scratch != nullptr ? best : frame, choice.candidate,
                                       choice.is_recorded ? &tokens : nullptr, options.max_bytes, &excess));
    if (file.has_value()) {
      const double quality = std::max(1.0, std::floor(quality_of_percent(choice.candidate.percent) + 1e-9));
      attempt.file =
          Encoded{std::move(*file), image.width(), image.height(), static_cast<std::uint8_t>(quality)};
      return attempt;
    }
    limits.max_bytes -= std::min(limits.max_bytes, excess + limits.max_bytes / 400);
  }
  return attempt;
}

}  // namespace netocr::jpeg
