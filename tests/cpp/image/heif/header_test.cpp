// The header of HEIC and AVIF files: whether another decoder may get the file.
#include "image/heif/header.hpp"

#include <gtest/gtest.h>

#include "cpp/image/heif/maker.hpp"

namespace netocr::testing {
namespace {

TEST(InspectHeif, TheSizeForADecoderIsTheCodedOne) {
  const ByteVector file = make_heif(spec_of({image_size(40, 30), clean_aperture(2, 1)}));
  Limits limits;
  limits.max_pixels = 40 * 30;
  limits.max_dimension = 40;
  limits.max_decoder_bytes = 40 * 30 * 4;
  EXPECT_TRUE(heif::check_size(heif::read_header(file), limits).ok());
  const auto refused = [&](auto change) {
    Limits less = limits;
    change(less);
    const Status status = heif::check_size(heif::read_header(file), less);
    return !status.ok() && status.error().code == ErrorCode::kImageTooLarge;
  };
  EXPECT_TRUE(refused([](Limits& less) { --less.max_pixels; }));
  EXPECT_TRUE(refused([](Limits& less) { --less.max_dimension; }));
  EXPECT_TRUE(refused([](Limits& less) { --less.max_decoder_bytes; }));
  // 4 bytes a pixel of 2^32 x 2^32 do not fit 64 bits.
  limits = Limits{};
  limits.max_pixels = ~std::uint64_t{0};
  limits.max_dimension = 0xffffffff;
  const ByteVector huge = make_heif(spec_of({image_size(0xffffffff, 0xffffffff)}));
  EXPECT_EQ(heif::check_size(heif::read_header(huge), limits).error().code, ErrorCode::kImageTooLarge);
  EXPECT_TRUE(heif::check_size(heif::read_header(make_heif(spec_of({}))), limits).ok());
}

}  // namespace
}  // namespace netocr::testing
