// Fuzzes inspect: what the header of any picture says is within its bounds.
#include "base/limits.hpp"
#include "cpp/image/opening.hpp"
#include "fuzz/fuzz.hpp"
#include "image/meta/image_info.hpp"
#include "sniff/image_format.hpp"

namespace netocr::fuzz {

using testing::inspect_image;

bool run_inspect(Bytes bytes) {
  const auto info = inspect_image(bytes, kSmallLimits);
  if (!info.ok()) {
    require_typed(info.error(), bytes.size());
    return sniff_image(bytes) != ImageFormat::kUnknown;
  }
  require(info->format == sniff_image(bytes), "the format is the one that was sniffed");
  require(info->orientation >= 1 && info->orientation <= 8, "an orientation is 1..8");
  if (!info->decodable) return true;
  require(check_dimensions(info->width, info->height, kSmallLimits).ok(), "a picture is within the limits");
  require(info->bits_per_sample > 0 && !color_model_name(info->color_model).empty(),
          "a picture has a depth and a colour model");
  return true;
}

}  // namespace netocr::fuzz
