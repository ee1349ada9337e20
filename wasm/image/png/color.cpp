// Follows Chromium's rules (Skia's PNG codec), except that impossible gammas and chromaticities are rejected.
#include "image/png/color.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "image/meta/cicp.hpp"
#include "image/png/inflate.hpp"

namespace netocr::png {
namespace {

// Matrix profiles have 0.5 to 4 KiB, those with lookup tables for printers some hundreds.
constexpr std::size_t kProfileStep = 16U << 10;
constexpr std::size_t kMaxProfile = 4U << 20;

// gAMA stores 100000 / gamma. Without cHRM a value within 5 % of 1 / 2.2 counts as sRGB's curve, which it
// approximates.
constexpr float kGammaUnit = 100'000;
constexpr std::uint32_t kMinNeutralGamma = 43'182;
constexpr std::uint32_t kMaxNeutralGamma = 47'727;
// Beyond the powers 10 and 1/10 middle grey would be black or white, so such a gamma is a writer's mistake.
constexpr std::uint32_t kMinGamma = 10'000;
constexpr std::uint32_t kMaxGamma = 1'000'000;

struct Kind {
  std::string_view type;
  Bytes Color::* data;
  std::size_t size;  // 0: any size
};
constexpr Kind kKinds[] = {
    {"cICP", &Color::cicp, 4},  {"iCCP", &Color::profile, 0},         {"sRGB", &Color::srgb, 1},
    {"gAMA", &Color::gamma, 4}, {"cHRM", &Color::chromaticities, 32},
};

const Kind* find_kind(std::string_view type) {
  for (const Kind& kind : kKinds) {
    if (kind.type == type) return &kind;
  }
  return nullptr;
}

Error corrupt(const char* detail) { return {ErrorCode::kCorruptImage, 0, detail}; }
Error unsupported(const char* detail) { return {ErrorCode::kUnsupportedFeature, 0, detail}; }

// Returns all bytes in one piece.
class OnePiece final : public PieceSource {
 public:
  explicit OnePiece(Bytes bytes) : bytes_(bytes) {}
  Bytes next() override { return std::exchange(bytes_, Bytes{}); }

 private:
  Bytes bytes_;
};

Result<Buffer> inflate_profile(Bytes chunk) {
  constexpr std::size_t kMaxName = 80;  // length including the terminating zero
  const Bytes head = chunk.first(std::min(kMaxName, chunk.size()));
  const auto name_end = std::find(head.begin(), head.end(), std::uint8_t{0});
  const auto start = static_cast<std::size_t>(name_end - head.begin()) + 2;  // skips the zero and the method
  if (start > chunk.size() || chunk[start - 1] != 0) return corrupt("the PNG's iCCP chunk is damaged");
  OnePiece piece(chunk.subspan(start));
  NETOCR_ASSIGN(auto inflater, Inflater::create(piece, kProfileStep));
  Buffer profile;
  std::size_t size = 0;
  while (size <= kMaxProfile) {
    const Bytes bytes = inflater.need(kProfileStep);
    if (bytes.empty()) break;
    NETOCR_TRY(profile.resize(size + bytes.size()));
    std::memcpy(profile.data() + size, bytes.data(), bytes.size());
    size += bytes.size();
    inflater.take(bytes.size());
  }
  if (size > kMaxProfile || inflater.state() != Inflater::State::kEnded)
    return corrupt("the PNG's ICC profile is damaged or over 4 MiB");
  return profile;
}

// Samples count as full-range RGB (or grey): a matrix other than 0 and narrow range are not converted.
Result<IccProfile> profile_of_chunk(Bytes cicp) {
  if (cicp[2] != 0 || cicp[3] != 1) return unsupported("cICP of another matrix or of narrow range");
  NETOCR_ASSIGN(const MatrixProfile& profile, profile_of_cicp(cicp[0], cicp[1]));
  return icc_profile_of(profile);
}

Chromaticities read_chromaticities(Bytes data) {
  ByteReader reader(data);
  const auto next = [&reader] {
    const float x = static_cast<float>(reader.u32be()) / 100'000;
    return Xy{x, static_cast<float>(reader.u32be()) / 100'000};
  };
  Chromaticities colors;
  for (Xy* color : {&colors.white, &colors.red, &colors.green, &colors.blue}) *color = next();
  return colors;
}

// Requires gAMA or cHRM. Browsers ignore cHRM without gAMA, so that only sRGB's primaries are accepted alone.
Result<IccProfile> profile_of_gamma(const Color& color) {
  const std::uint32_t gamma = ByteReader(color.gamma).u32be();
  const bool has_primaries = !color.chromaticities.empty();
  if (!has_primaries && gamma >= kMinNeutralGamma && gamma <= kMaxNeutralGamma) return IccProfile{};
  if (!color.gamma.empty() && (gamma < kMinGamma || gamma > kMaxGamma))
    return unsupported("gAMA is beyond a power of 10");
  const Chromaticities colors =
      has_primaries ? read_chromaticities(color.chromaticities) : kSrgbChromaticities;
  TransferCurve curve = kSrgbTransfer;
  if (!color.gamma.empty()) curve = {kGammaUnit / static_cast<float>(gamma), 1, 0, 0, 0};
  NETOCR_ASSIGN(const MatrixProfile& described, make_matrix_profile(colors, curve));
  IccProfile profile = icc_profile_of(described);
  if (color.gamma.empty() && profile.kind != IccKind::kSrgb)
    return unsupported("cHRM without gAMA is not converted");
  return profile;
}

bool is_usable(IccKind kind, bool is_grey) {
  if (kind == IccKind::kGrey || kind == IccKind::kGreyTables) return is_grey;
  return kind == IccKind::kSrgb || kind == IccKind::kRgb || kind == IccKind::kRgbTables;
}

// The profile may be of a kind that cannot be used. Errors: those of inflate_profile.
Result<IccProfile> read_embedded(Bytes chunk, Buffer& whole) {
  NETOCR_ASSIGN(whole, inflate_profile(chunk));
  return read_icc(whole.span());
}

}  // namespace

bool is_color_chunk(std::string_view type) { return find_kind(type) != nullptr; }

void note_color(std::string_view type, Bytes data, bool intact, Color& color) {
  const Kind& kind = *find_kind(type);
  Bytes& first = color.*kind.data;
  if (!intact || data.empty() || (kind.size != 0 && data.size() != kind.size)) {
    color.unusable = color.unusable || type != "sRGB";
  } else if (first.empty()) {
    first = data;
  }
}

Result<IccProfile> read_colors(const Color& color, bool is_grey, Buffer& whole) {
  Result<IccProfile> unused = IccProfile{};
  if (color.unusable) unused = corrupt("a colour chunk of the PNG is damaged or out of place");
  if (!color.cicp.empty()) {
    unused = profile_of_chunk(color.cicp);
    if (unused.ok()) return unused;
  }
  if (!color.profile.empty()) {
    unused = read_embedded(color.profile, whole);
    if (unused.ok() && is_usable(unused->kind, is_grey)) return unused;
    if (!unused.ok() && unused.error().code == ErrorCode::kOutOfMemory) return unused;
  }
  if (!color.srgb.empty()) return IccProfile{};
  if (!color.gamma.empty() || !color.chromaticities.empty()) {
    auto described = profile_of_gamma(color);
    if (described.ok() && described->kind != IccKind::kNone) return described;
    if (unused.ok() && unused->kind == IccKind::kNone) return described;
  }
  return unused;
}

}  // namespace netocr::png
