// Every input yields a small clean picture or a typed error.
#include "fuzz/image/prepare_check.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "cpp/image/opening.hpp"
#include "fuzz/fuzz.hpp"
#include "image/pixel/row_source.hpp"
#include "image/prepare.hpp"

namespace netocr::fuzz {

using testing::inspect_image;
using testing::open_row_source;

namespace {

struct Progress {
  double last = -1;

  static void report(void* context, double fraction) {
    Progress& progress = *static_cast<Progress*>(context);
    require(fraction > progress.last && fraction <= 1, "progress only rises, to 1");
    progress.last = fraction;
  }
};

// Derives the settings from the size of the file, so that all bytes belong to the file.
PrepareOptions options_for(Bytes bytes) {
  constexpr std::uint32_t kEdges[] = {16, 25, 40, 64};
  constexpr std::uint32_t kBudgets[] = {1024, 3000, 20'000};
  PrepareOptions options;
  options.max_edge = kEdges[bytes.size() % 4];
  options.max_bytes = kBudgets[bytes.size() % 3];
  options.allow_truncated = bytes.size() % 2 == 0;
  options.limits = kSmallLimits;
  return options;
}

// Requires that every plane's rows are delivered exactly once and without a warning.
void require_decodes(Bytes bytes, std::uint32_t width, std::uint32_t height) {
  auto source = open_row_source(bytes, {width, height}, Limits{});
  require(source.ok(), "what was prepared can be opened");
  const SourceGeometry geometry = (*source)->geometry();
  require(geometry.planes[0].width == width && geometry.planes[0].height == height,
          "what was prepared has the size that was announced");
  std::array<std::uint32_t, kMaxPlanes> rows{};
  for (bool more = true; more;) {
    const auto batch = (*source)->next();
    require(batch.ok(), "what was prepared can be decoded");
    more = false;
    for (std::size_t i = 0; i < batch->size(); ++i) {
      rows[i] += (*batch)[i].count;
      more = more || (*batch)[i].count > 0;
    }
  }
  for (std::size_t i = 0; i < geometry.plane_count; ++i)
    require(rows[i] == geometry.planes[i].height, "every row is delivered once");
  require((*source)->warnings() == 0, "what was prepared decodes without a warning");
  require((*source)->decoded_rows() == geometry.planes[0].height, "what was prepared is whole");
}

// Requires the marker segments of our baseline JPEG, in their order, and nothing between or behind them.
void require_own_jpeg(Bytes file) {
  constexpr std::uint8_t kSegments[] = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA};
  ByteReader reader(file);
  require(reader.u16be() == 0xFFD8, "a JPEG begins with SOI");
  for (const std::uint8_t code : kSegments) {
    require(reader.u8() == 0xFF && reader.u8() == code, "a JPEG has JFIF, DQT, SOF0, DHT and SOS");
    reader.skip(reader.u16be() - 2U);
  }
  std::uint8_t last = 0;
  std::uint8_t code = 0;
  while (reader.ok() && (last != 0xFF || code == 0)) {
    last = code;
    code = reader.u8();
  }
  require(reader.ok() && code == 0xD9 && reader.remaining() == 0, "a JPEG ends with its scan and EOI");
}

// Requires that the file has only the chunks that a picture needs.
void require_own_png(Bytes file) {
  ByteReader reader(file, 8);
  std::string types;
  while (reader.ok() && reader.remaining() > 0) {
    const std::uint32_t length = reader.u32be();
    types.append(as_text(reader.take(4)));
    reader.skip(std::size_t{length} + 4);
  }
  require(reader.ok() && (types == "IHDRIDATIEND" || types == "IHDRPLTEIDATIEND"),
          "a PNG has IHDR, PLTE, one IDAT and IEND");
}

constexpr std::string_view kNeedle = "needle in a file";

void insert(std::vector<std::uint8_t>& file, std::size_t at, std::initializer_list<std::uint8_t> head) {
  std::vector<std::uint8_t> piece(head);
  piece.insert(piece.end(), kNeedle.begin(), kNeedle.end());
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(std::min(at, file.size())), piece.begin(),
              piece.end());
}

// Inserts a tEXt chunk that holds the needle behind IHDR. Its CRC is wrong, which readers ignore in such
// chunks.
void insert_chunk(std::vector<std::uint8_t>& png) {
  constexpr std::size_t kBehindHeader = 33;
  insert(png, kBehindHeader, {0, 0, 0, 0});
  insert(png, kBehindHeader, {0, 0, 0, static_cast<std::uint8_t>(2 * kNeedle.size()), 't', 'E', 'X', 't'});
}

// Returns the file with the needle behind its end and, where the format has a simple place for comments, in a
// comment.
std::vector<std::uint8_t> with_needle(Bytes bytes) {
  constexpr auto kSize = static_cast<std::uint8_t>(kNeedle.size() + 2);
  std::vector<std::uint8_t> file(bytes.begin(), bytes.end());
  const ImageFormat format = sniff_image(bytes);
  insert(file, file.size(), {});
  if (format == ImageFormat::kJpeg) insert(file, 2, {0xFF, 0xFE, 0, kSize});
  if (format == ImageFormat::kWsq) insert(file, 2, {0xFF, 0xA8, 0, kSize});
  if (format == ImageFormat::kPng) insert_chunk(file);
  return file;
}

void require_no_needle(Bytes bytes, const PrepareOptions& options) {
  const auto prepared = prepare_image(with_needle(bytes), options);
  if (!prepared.ok()) return;
  const Bytes out = prepared->bytes.span();
  require(std::search(out.begin(), out.end(), kNeedle.begin(), kNeedle.end()) == out.end(),
          "nothing goes out but the picture");
}

void require_upload(const Prepared& prepared, const PrepareOptions& options) {
  const Bytes bytes = prepared.bytes.span();
  require(bytes.size() <= options.max_bytes, "what was prepared is within its budget");
  require(std::max(prepared.width, prepared.height) <= options.max_edge && prepared.width > 0 &&
              prepared.height > 0,
          "what was prepared is within its edge");
  const auto info = inspect_image(bytes, Limits{});
  require(info.ok() && info->format == prepared.format, "what was prepared is of its format");
  require(info->orientation == 1 && !info->has_metadata && info->warnings == 0 && !info->has_alpha,
          "what was prepared is upright, opaque and without metadata");
  require_decodes(bytes, prepared.width, prepared.height);
  prepared.format == ImageFormat::kPng ? require_own_png(bytes) : require_own_jpeg(bytes);
  if (!prepared.lossless) {
    require(prepared.format == ImageFormat::kJpeg && prepared.quality >= 1 && prepared.quality <= 100,
            "what was encoded is a JPEG of a quality");
  }
  PrepareOptions silent = options;
  silent.on_progress = nullptr;
  const auto again = prepare_image(bytes, silent);
  require(again.ok() && again->lossless && std::ranges::equal(again->bytes.span(), bytes),
          "what was prepared is prepared already");
}

}  // namespace

void check_preparing(Bytes bytes) {
  PrepareOptions options = options_for(bytes);
  Progress progress;
  options.on_progress = Progress::report;
  options.progress_context = &progress;
  const auto info = inspect_image(bytes, options.limits);
  const auto prepared = prepare_image(bytes, options);
  if (!prepared.ok()) return require_typed(prepared.error(), bytes.size());
  require(info.ok() && info->decodable, "what can be prepared can be inspected");
  require(prepared->source.width == info->width && prepared->source.height == info->height,
          "the source is as it was inspected");
  require(progress.last == 1, "progress ends at 1");
  const std::uint32_t fewest = options.allow_truncated ? 1 : (prepared->source.height + 1) / 2;
  require(prepared->decoded_rows >= fewest && prepared->decoded_rows <= prepared->source.height,
          "enough rows were decoded, and no more than there are");
  require(prepared->decoded_rows == prepared->source.height || (prepared->warnings & kWarnTruncated) != 0,
          "rows that are missing are warned of");
  require_upload(*prepared, options);
  options.on_progress = nullptr;
  require_no_needle(bytes, options);
}

bool prepare_if(Bytes bytes, std::initializer_list<ImageFormat> family) {
  const ImageFormat format = sniff_image(bytes);
  if (std::find(family.begin(), family.end(), format) == family.end()) return false;
  check_preparing(bytes);
  return true;
}

}  // namespace netocr::fuzz
