// Walks MPEG-1/2 program streams (ISO/IEC 11172-1, 13818-1), transport streams and video elementary streams.
// These may be cut anywhere, so bytes outside a packet are searched for the next start code, as in players.
#include "video/containers.hpp"
#include "video/mpeg_clock.hpp"

namespace netocr::detail {
namespace {

constexpr std::uint8_t kPack = 0xBA;
constexpr std::uint8_t kProgramEnd = 0xB9;

bool is_video_stream(std::uint8_t id) { return id >> 4 == 0xE; }

struct MpegFile {
  MpegClock clock;
  std::optional<std::uint32_t> video;  // stream id or PID of the first video stream
};

void add_packet(MpegFile& file, Bytes packet) {
  const PesHeader header = read_pes_header(packet);
  if (header.time.has_value()) file.clock.add_time(*header.time);
  file.clock.add_payload(packet.subspan(header.payload));
}

// Reads one system layer unit; the reader is behind its start code 00 00 01 `id`.
void read_unit(MpegFile& file, ByteReader& reader, std::uint8_t id) {
  if (id == kPack) {
    const bool is_mpeg2 = reader.peek().value_or(0) >> 6 == 1;
    reader.skip(is_mpeg2 ? 9 : 8);
    if (is_mpeg2) reader.skip(reader.u8() & 7);  // stuffing
    return;
  }
  if (id == kProgramEnd || id < kProgramEnd) return;
  const std::size_t length = reader.u16be();
  const Bytes packet = reader.take(std::min(length, reader.remaining()));
  if (!is_video_stream(id)) return;
  if (!file.video.has_value()) file.video = id;
  if (file.video == id) add_packet(file, packet);
}

Result<ContainerFacts> probe_program_stream(Bytes bytes, StepBudget& steps) {
  MpegFile file;
  ByteReader reader(bytes);
  std::uint32_t window = 0xFFFF'FFFF;
  while (reader.ok() && reader.remaining() > 0) {
    const std::size_t start = reader.position();
    window = window << 8 | reader.u8();
    if (window >> 8 != 1) continue;
    if (!steps.take()) return corrupt_video(start, "more packets than a video has");
    read_unit(file, reader, static_cast<std::uint8_t>(window));
    window = 0xFFFF'FFFF;
  }
  return ContainerFacts{file.video.has_value() ? file.clock.duration_ms() : std::nullopt,
                        file.video.has_value()};
}

// A packet (13818-1, 2.4.3.2) has 0x47 | error, start, priority, 13 bits of PID | scrambling, adaptation,
// counter | [adaptation] | payload
void read_transport_packet(MpegFile& file, Bytes packet) {
  ByteReader reader(packet, 1);
  const std::uint16_t head = reader.u16be();
  const std::uint8_t control = reader.u8();
  const std::uint32_t pid = head & 0x1FFF;
  if ((control & 0x20) != 0) reader.skip(reader.u8());
  if ((control & 0x10) == 0 || !reader.ok()) return;
  const std::size_t start = reader.position();
  const bool begins = (head & 0x4000) != 0 && bytes_at(packet, start, std::string_view("\0\0\1", 3));
  if (begins && start + 6 <= packet.size() && is_video_stream(packet[start + 3])) {
    if (!file.video.has_value()) file.video = pid;
    if (file.video == pid) add_packet(file, packet.subspan(start + 6));
  } else if (file.video == pid) {
    file.clock.add_payload(packet.subspan(start));
  }
}

Result<ContainerFacts> probe_transport_stream(Bytes bytes, StepBudget& steps) {
  constexpr std::size_t kPacket = 188;
  MpegFile file;
  std::size_t start = 0;
  while (start + kPacket <= bytes.size()) {
    if (!steps.take()) return corrupt_video(start, "more packets than a video has");
    const bool is_packet = bytes[start] == 0x47;
    if (is_packet) read_transport_packet(file, bytes.subspan(start, kPacket));
    start += is_packet ? kPacket : 1;
  }
  return ContainerFacts{file.video.has_value() ? file.clock.duration_ms() : std::nullopt,
                        file.video.has_value()};
}

}  // namespace

Result<ContainerFacts> probe_mpeg(Bytes bytes, StepBudget& steps) {
  if (bytes_at(bytes, 0, "\x47")) return probe_transport_stream(bytes, steps);
  if (!bytes_at(bytes, 0, std::string_view("\0\0\1\xB3", 4))) return probe_program_stream(bytes, steps);
  MpegFile file;
  file.clock.add_payload(bytes);
  return ContainerFacts{file.clock.duration_ms(), true};
}

}  // namespace netocr::detail
