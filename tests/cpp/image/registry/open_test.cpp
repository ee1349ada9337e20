// The errors of opening, which are the same for every format.
#include "image/registry/open.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/jpeg/maker.hpp"
#include "cpp/image/opening.hpp"
#include "cpp/image/png/maker.hpp"

namespace netocr::testing {
namespace {

TEST(InspectImage, EveryErrorHasItsCode) {
  const auto code = [](Bytes bytes, const Limits& limits) {
    auto info = inspect_image(bytes, limits);
    return info.ok() ? ErrorCode::kInternal : info.error().code;
  };
  const ByteVector file = make_png(png_spec(2, 8, 20, 30));
  Limits limits;
  EXPECT_EQ(code({}, limits), ErrorCode::kEmptyInput);
  EXPECT_EQ(code(as_bytes("no image at all"), limits), ErrorCode::kUnrecognizedFormat);
  EXPECT_EQ(code(Bytes(file).first(30), limits), ErrorCode::kCorruptImage);
  limits.max_input_bytes = file.size() - 1;
  EXPECT_EQ(code(file, limits), ErrorCode::kInputTooLarge);
  limits = {};
  limits.max_dimension = 29;
  EXPECT_EQ(code(file, limits), ErrorCode::kImageTooLarge);
  limits = {};
  limits.max_pixels = 599;
  EXPECT_EQ(code(file, limits), ErrorCode::kImageTooLarge);
  limits.max_pixels = 600;
  EXPECT_EQ(code(file, limits), ErrorCode::kInternal);  // no error
  for (const ByteVector& other : {make_jpeg(color_spec(20, 30)), make_bmp(bmp_spec(24, 20, 30))}) {
    limits.max_pixels = 599;
    EXPECT_EQ(code(other, limits), ErrorCode::kImageTooLarge);
  }
}

}  // namespace
}  // namespace netocr::testing
