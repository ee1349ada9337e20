// Fuzzes sniff, which detects the format of a file by its first bytes.
#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "sniff/image_format.hpp"
#include "sniff/video_container.hpp"

namespace netocr::fuzz {

bool run_sniff(Bytes bytes) {
  constexpr std::size_t kImageHead = 64 << 10;
  constexpr std::size_t kVideoHead = 4 << 10;
  const ImageFormat image = sniff_image(bytes);
  const VideoContainer video = sniff_video(bytes);
  require(!image_format_name(image).empty() && !video_container_name(video).empty(),
          "what is known has a name");
  require(image == ImageFormat::kUnknown || video == VideoContainer::kUnknown,
          "no file is a picture and a video");
  require(image == sniff_image(bytes.first(std::min(bytes.size(), kImageHead))),
          "an image is known by its first 64 KiB");
  require(video == sniff_video(bytes.first(std::min(bytes.size(), kVideoHead))),
          "a video is known by its first 4 KiB");
  return true;
}

}  // namespace netocr::fuzz
