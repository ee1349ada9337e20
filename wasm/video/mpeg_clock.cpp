// Reads time stamps and pictures of an MPEG stream and computes its duration.
#include "video/mpeg_clock.hpp"

#include "video/walk.hpp"

namespace netocr::detail {
namespace {

constexpr std::uint32_t kTicksPerSecond = 90'000;

// Microseconds per frame by frame_rate_code: ISO/IEC 13818-2, table 6-4.
constexpr std::uint32_t kFrameUs[] = {0, 41'708, 41'667, 40'000, 33'367, 33'333, 20'000, 16'683, 16'667};

// A time stamp has four bits, then 33 bits in three parts, each followed by a marker bit.
std::optional<std::uint64_t> read_time_stamp(ByteReader& reader) {
  const std::uint64_t head = reader.u8();
  const std::uint64_t middle = reader.u16be();
  const std::uint64_t tail = reader.u16be();
  if (!reader.ok() || (head & middle & tail & 1) == 0) return std::nullopt;
  return (head >> 1 & 7) << 30 | (middle >> 1) << 15 | tail >> 1;
}

// `flags` is the byte that begins the header: '10' and scrambling, priority, ...
PesHeader read_mpeg2_header(ByteReader& reader) {
  const std::uint8_t flags = reader.u8();
  const std::uint8_t length = reader.u8();
  PesHeader header;
  header.payload = reader.position() + length;
  if ((flags & 0x80) != 0) header.time = read_time_stamp(reader);
  return header;
}

}  // namespace

PesHeader read_pes_header(Bytes packet) {
  ByteReader reader(packet);
  while (reader.peek() == 0xFF && reader.position() < 16) reader.skip(1);  // MPEG-1 stuffing
  const std::uint8_t first = reader.peek().value_or(0);
  PesHeader header;
  if (first >> 6 == 2) {
    reader.skip(1);
    header = read_mpeg2_header(reader);
  } else {
    if (first >> 6 == 1) reader.skip(2);  // buffer size
    const std::uint8_t kind = reader.peek().value_or(0) >> 4;
    if (kind == 2 || kind == 3) header.time = read_time_stamp(reader);
    if (kind == 3) reader.skip(5);  // decoding time stamp
    if (kind == 0) reader.skip(1);
    header.payload = reader.position();
  }
  header.payload = std::min(header.payload, packet.size());
  return header;
}

void MpegClock::add_time(std::uint64_t time) {
  if (times_++ == 0) first_ = time;
  // The time is the difference of two 33-bit counters, sign-extended, as they wrap every 26.5 hours.
  const auto relative = static_cast<std::int64_t>((time - first_) << 31) >> 31;
  earliest_ = std::min(earliest_, relative);
  latest_ = std::max(latest_, relative);
  pictures_since_time_ = 0;
}

void MpegClock::add_payload(Bytes run) {
  for (const std::uint8_t byte : run) {
    if (until_frame_rate_ > 0) {
      --until_frame_rate_;
      if (until_frame_rate_ == 0 && frame_rate_code_ == 0) frame_rate_code_ = byte & 15;
    }
    window_ = window_ << 8 | byte;
    if (window_ >> 8 == 1) add_start_code(byte);
  }
}

void MpegClock::add_start_code(std::uint8_t code) {
  constexpr std::uint8_t kPicture = 0x00;
  constexpr std::uint8_t kSequence = 0xB3;
  if (code == kPicture) {
    ++pictures_;
    ++pictures_since_time_;
  }
  if (code == kSequence)
    until_frame_rate_ = 4;  // skips 12 bits each of width and height and 4 of aspect ratio
}

std::optional<std::uint64_t> MpegClock::duration_ms() const {
  const std::uint64_t frame_us = frame_rate_code_ <= 8 ? kFrameUs[frame_rate_code_] : 0;
  if (times_ == 0) {
    if (pictures_ == 0 || frame_us == 0) return std::nullopt;
    return (pictures_ * frame_us + 500) / 1000;
  }
  const auto span = static_cast<std::uint64_t>(latest_ - earliest_);
  const std::uint64_t frames = std::max<std::uint64_t>(pictures_since_time_, 1);
  // Other codecs (H.264 in a transport stream) have one picture per packet: the duration of the last is the
  // mean of all.
  const std::uint64_t mean = times_ < 2 ? 0 : span / (times_ - 1);
  const std::uint64_t tail = frame_us > 0 ? frames * frame_us * 9 / 100 : mean;
  return ticks_to_ms(span + tail, kTicksPerSecond);
}

}  // namespace netocr::detail
