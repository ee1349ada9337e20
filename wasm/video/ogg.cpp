// Detects whether an Ogg file (RFC 3533) has a video stream. The service does not accept Ogg, so its duration
// is not read.
#include "video/containers.hpp"

namespace netocr::detail {
namespace {

bool is_video_header(Bytes payload) {
  for (const std::string_view magic : {"\x80theora", "BBCD", "OVP80", "\x01video"}) {
    if (bytes_at(payload, 0, magic)) return true;
  }
  return false;
}

}  // namespace

// By section 6 every stream's first page is marked as such, and these pages come before all others.
Result<ContainerFacts> probe_ogg(Bytes bytes, StepBudget& steps) {
  constexpr std::uint8_t kFirstPage = 2;
  ContainerFacts facts;
  ByteReader reader(bytes);
  while (reader.remaining() > 0) {
    const std::size_t start = reader.position();
    if (!steps.take()) return corrupt_video(start, "more pages than a video has");
    if (!bytes_at(bytes, start, "OggS")) return corrupt_video(start, "no page where one should be");
    reader.skip(5);
    const std::uint8_t flags = reader.u8();
    reader.skip(20);  // position, serial number, sequence number, checksum
    std::size_t size = 0;
    for (const std::uint8_t lacing : reader.take(reader.u8())) size += lacing;
    const Bytes payload = reader.take(size);
    if (!reader.ok()) return corrupt_video(start, "a page is longer than the file");
    if ((flags & kFirstPage) == 0) break;
    facts.has_video = facts.has_video || is_video_header(payload);
  }
  return facts;
}

}  // namespace netocr::detail
