// Maps the code points of ITU-T H.273 tables 2 and 3.
#include "image/meta/cicp.hpp"

namespace netocr {
namespace {

struct Primaries {
  std::uint8_t code;
  Chromaticities colors;
};
constexpr Primaries kPrimaries[] = {
    {1, kSrgbChromaticities},
    {9, {kD65, {0.708F, 0.292F}, {0.170F, 0.797F}, {0.131F, 0.046F}}},
    {12, {kD65, {0.680F, 0.320F}, {0.265F, 0.690F}, {0.150F, 0.060F}}},
};

struct Transfer {
  std::uint8_t code;
  TransferCurve curve;
};
constexpr Transfer kTransfers[] = {
    {4, {2.2F, 1, 0, 0, 0}},
    {5, {2.8F, 1, 0, 0, 0}},
    {8, {1, 1, 0, 0, 0}},
    {13, kSrgbTransfer},
};

template <typename Row, std::size_t kCount>
const Row* find_row(const Row (&rows)[kCount], std::uint8_t code) {
  for (const Row& row : rows) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

}  // namespace

Result<MatrixProfile> profile_of_cicp(std::uint8_t primaries, std::uint8_t transfer) {
  const Primaries* colors = find_row(kPrimaries, primaries);
  const Transfer* curve = find_row(kTransfers, transfer);
  if (colors == nullptr || curve == nullptr)
    return Error{ErrorCode::kUnsupportedFeature, 0, "these colour code points are not converted to sRGB"};
  return make_matrix_profile(colors->colors, curve->curve);
}

}  // namespace netocr
