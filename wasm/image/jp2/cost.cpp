// Counts samples, code-blocks, precincts and packets of the largest tile as openjpeg allocates them. The
// counts are upper bounds in double precision, so that products of hostile numbers do not overflow.
#include "image/jp2/cost.hpp"

#include <algorithm>
#include <cmath>

namespace netocr::jp2 {
namespace {

// Every file may use this much memory; more must be in proportion to its bytes.
constexpr double kFreeMemory = 48.0 * (1U << 20);
// A picture of 256 pixels a byte has 0.03 bits a pixel and shows nothing: at 0.1 bits faces are already hard
// to recognise.
constexpr double kPixelsPerByte = 256;
constexpr double kStructureBytesPerByte = 64;
// A code-block with its ten segments and tag tree nodes takes 350 (wasm) to 500 bytes; a precinct with two
// trees takes less.
constexpr double kBytesPerBlock = 512;
constexpr double kBytesPerPrecinct = 256;
// Every packet has at least one byte; truncated files may lack most of them.
constexpr double kFreePackets = 1'000'000;
constexpr double kMaxInclusions = 16e6;  // two bytes each
constexpr double kMaxSteps = 20e6;       // steps of progressions by position
constexpr double kProgressions = 32;     // max number of progressions (POC)

double halved(double size, std::uint32_t times) {
  return std::ceil(std::ldexp(size, -static_cast<int>(times))) + 1;
}
// Returns the max number of cells of a grid of 2^exponent that a run of `size` can touch.
double cells(double size, std::uint32_t exponent) {
  return std::ldexp(size, -static_cast<int>(exponent)) + 2;
}

struct Tally {
  double samples = 0;  // samples of the components that are decoded
  double blocks = 0;
  double precincts = 0;
  double max_precincts = 0;  // max number of precincts of one resolution
  double step_x = 0;         // smallest precinct on the reference grid; 0: none yet
  double step_y = 0;
};

void count_resolution(const Coding& coding, double width, double height, std::uint32_t halvings,
                      Tally& tally) {
  const std::uint32_t precinct_width = coding.min_precinct_width[halvings];
  const std::uint32_t precinct_height = coding.min_precinct_height[halvings];
  const double precincts =
      cells(halved(width, halvings), precinct_width) * cells(halved(height, halvings), precinct_height);
  tally.precincts += precincts;
  tally.max_precincts = std::max(tally.max_precincts, precincts);
  // A resolution has three subbands of half its size; the lowest one has a single subband of its whole size.
  const bool lowest = halvings == coding.max_levels;
  const std::uint32_t half = lowest ? 0 : 1;
  const auto exponent = [half](std::uint32_t block, std::uint32_t precinct) {
    return std::min(block, precinct > half ? precinct - half : 0);
  };
  tally.blocks += (lowest ? 1 : 3) *
                  cells(halved(width, halvings + half), exponent(coding.min_block_width, precinct_width)) *
                  cells(halved(height, halvings + half), exponent(coding.min_block_height, precinct_height));
}

void keep_smaller(double& kept, double value) { kept = kept == 0 ? value : std::min(kept, value); }

Tally count_tile(const Header& header, const Plan& plan) {
  const double tile_width = std::min(header.tile_width, header.area.width());
  const double tile_height = std::min(header.tile_height, header.area.height());
  const bool all = header.coding.transforms_components;
  Tally tally;
  for (std::uint32_t i = 0; i < header.component_count; ++i) {
    const Component component = header.component(i);
    const double width = std::ceil(tile_width / component.dx) + 1;
    const double height = std::ceil(tile_height / component.dy) + 1;
    for (std::uint32_t halvings = 0; halvings <= header.coding.max_levels; ++halvings) {
      count_resolution(header.coding, width, height, halvings, tally);
      const int scale = static_cast<int>(halvings);
      keep_smaller(tally.step_x,
                   std::ldexp(component.dx, scale + header.coding.min_precinct_width[halvings]));
      keep_smaller(tally.step_y,
                   std::ldexp(component.dy, scale + header.coding.min_precinct_height[halvings]));
    }
    if (all || std::find(plan.components.begin(), plan.components.end(), i) != plan.components.end()) {
      tally.samples += halved(width, plan.reduce) * halved(height, plan.reduce);
    }
  }
  return tally;
}

Error out_of_proportion(const char* detail) { return {ErrorCode::kCorruptImage, 0, detail}; }

Status check_memory(const Header& header, const Plan& plan, const Tally& tally, double bytes,
                    const Limits& limits) {
  const double rows = halved(std::min(header.tile_height, header.area.height()), plan.reduce);
  const double pictures = halved(header.area.width(), plan.reduce) * rows;
  const double samples = tally.samples * sizeof(std::int32_t) + pictures * static_cast<double>(plan.channels);
  const double structures = tally.blocks * kBytesPerBlock + tally.precincts * kBytesPerPrecinct;
  if (samples > kFreeMemory && pictures > bytes * kPixelsPerByte) {
    return out_of_proportion("JPEG 2000 file is too short for its dimensions");
  }
  if (structures > kFreeMemory && structures > bytes * kStructureBytesPerByte) {
    return out_of_proportion("JPEG 2000 code-blocks are too small for the picture");
  }
  if (samples + structures > static_cast<double>(limits.max_decoder_bytes)) {
    return Error{ErrorCode::kImageTooLarge, 0, "the JPEG 2000 picture needs more memory than the limit"};
  }
  return {};
}

Status check_packets(const Header& header, const Tally& tally, double bytes) {
  const Coding& coding = header.coding;
  const double progressions = coding.changes_progression ? kProgressions : 1;
  const double packets = tally.precincts * coding.layers * header.tile_count();
  if (packets > kFreePackets + 8 * bytes) {
    return out_of_proportion("JPEG 2000 file has more packets than bytes");
  }
  const double resolutions = static_cast<double>(header.component_count) * (coding.max_levels + 1);
  if ((coding.layers + 1.0) * resolutions * tally.max_precincts > kMaxInclusions) {
    return out_of_proportion("JPEG 2000 tile has too many packets");
  }
  const double steps = (std::min(header.tile_width, header.area.width()) / tally.step_x + 2) *
                       (std::min(header.tile_height, header.area.height()) / tally.step_y + 2) * resolutions;
  if (steps * progressions * header.tile_count() > kMaxSteps + 8 * bytes) {
    return out_of_proportion("JPEG 2000 precincts are too small for the picture");
  }
  return {};
}

}  // namespace

Status check_cost(const Header& header, const Plan& plan, std::size_t bytes, const Limits& limits) {
  const Tally tally = count_tile(header, plan);
  NETOCR_TRY(check_memory(header, plan, tally, static_cast<double>(bytes), limits));
  return check_packets(header, tally, static_cast<double>(bytes));
}

}  // namespace netocr::jp2
