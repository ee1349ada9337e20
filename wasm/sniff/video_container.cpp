// Detects a video container by its first bytes: signatures first, then the formats that have none.
#include "sniff/video_container.hpp"

#include <iterator>

#include "base/ebml.hpp"
#include "sniff/iso_brands.hpp"

namespace netocr {
namespace {

constexpr std::string_view kNames[] = {"unknown", "avi",  "mp4", "mov", "mpg", "wmv",
                                       "mkv",     "webm", "rm",  "flv", "ogg"};
static_assert(std::size(kNames) == kVideoContainerCount);
static_assert(static_cast<std::size_t>(VideoContainer::kOgg) + 1 == kVideoContainerCount);

constexpr std::size_t kSniffBytes = 4096;
// The major brand decides; an unknown one counts as a picture when the list has picture brands only.
VideoContainer sniff_file_type(Bytes head) {
  const std::optional<IsoFileType> type = read_iso_file_type(head);
  if (!type || is_picture(type->major)) return VideoContainer::kUnknown;
  if (type->major == IsoBrand::kQuicktime) return VideoContainer::kMov;
  if (type->major == IsoBrand::kMovie) return VideoContainer::kMp4;
  ByteReader brands(type->compatible);
  bool picture = false;
  while (brands.remaining() >= 4) {
    const IsoBrand brand = iso_brand(brands.u32be());
    if (brand == IsoBrand::kMovie) return VideoContainer::kMp4;
    picture = picture || is_picture(brand);
  }
  return picture ? VideoContainer::kUnknown : VideoContainer::kMp4;
}

// QuickTime files older than the ftyp box start with one of these. A first byte below 9 (128 MiB; or a 64-bit
// size) excludes text that has one of the words in its place.
bool is_old_quicktime(Bytes head) {
  if (head.size() < 8 || head[0] > 8) return false;
  for (const std::string_view type : {"moov", "mdat", "wide", "free", "skip", "pnot"}) {
    if (bytes_at(head, 4, type)) return true;
  }
  return false;
}

// Reads the DocType within the EBML header (RFC 8794, 11.2.4); it is "matroska" when missing.
VideoContainer sniff_ebml(Bytes head) {
  constexpr std::uint32_t kDocType = 0x4282;
  ByteReader reader(head);
  const Result<EbmlElement> header = read_ebml_element(reader);
  if (!header.ok()) return VideoContainer::kUnknown;
  const std::uint64_t end = reader.position() + header->size;
  while (reader.ok() && reader.position() < end) {
    const Result<EbmlElement> child = read_ebml_element(reader);
    if (!child.ok()) return VideoContainer::kUnknown;
    const std::string_view value = as_text(reader.take(child->size));
    if (child->id != kDocType) continue;
    if (value == "webm") return VideoContainer::kWebm;
    return value == "matroska" ? VideoContainer::kMkv : VideoContainer::kUnknown;
  }
  return reader.ok() ? VideoContainer::kMkv : VideoContainer::kUnknown;
}

// By ISO/IEC 13818-1, 2.4.3.2 there is a sync byte every 188 bytes and no transport error in the first
// packet. "GIF8" starts with the same byte.
bool is_transport_stream(Bytes head) {
  constexpr std::size_t kPacket = 188;
  if (head.size() < 3 * kPacket || bytes_at(head, 0, "GIF8") || (head[1] & 0x80) != 0) return false;
  for (std::size_t at = 0; at < head.size(); at += kPacket) {
    if (head[at] != 0x47) return false;
  }
  return true;
}

// Requires a pack header of MPEG-1 or MPEG-2, or a sequence header with a size and a frame rate.
bool is_program_or_elementary(Bytes head) {
  ByteReader reader(head);
  const std::uint32_t code = reader.u32be();
  const std::uint32_t next = reader.u32be();
  if (!reader.ok()) return false;
  if (code == 0x1BA) return next >> 30 == 1 || next >> 28 == 2;
  if (code != 0x1B3) return false;
  const std::uint32_t frame_rate = next & 15;
  return next >> 20 != 0 && (next >> 8 & 0xFFF) != 0 && frame_rate >= 1 && frame_rate <= 8;
}

}  // namespace

std::string_view video_container_name(VideoContainer container) {
  return kNames[static_cast<std::size_t>(container)];
}

VideoContainer sniff_video(Bytes bytes) {
  constexpr std::string_view kAsfHeader{"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C",
                                        16};
  const Bytes head = bytes.first(bytes.size() < kSniffBytes ? bytes.size() : kSniffBytes);
  if (bytes_at(head, 4, "ftyp")) return sniff_file_type(head);
  if (bytes_at(head, 0, "\x1A\x45\xDF\xA3")) return sniff_ebml(head);
  if (bytes_at(head, 0, "RIFF") && bytes_at(head, 8, "AVI ")) return VideoContainer::kAvi;
  if (bytes_at(head, 0, "FLV\x01")) return VideoContainer::kFlv;
  if (bytes_at(head, 0, kAsfHeader)) return VideoContainer::kWmv;
  if (bytes_at(head, 0, ".RMF")) return VideoContainer::kRm;
  if (bytes_at(head, 0, "OggS")) return VideoContainer::kOgg;
  if (is_program_or_elementary(head) || is_transport_stream(head)) return VideoContainer::kMpg;
  return is_old_quicktime(head) ? VideoContainer::kMov : VideoContainer::kUnknown;
}

}  // namespace netocr
