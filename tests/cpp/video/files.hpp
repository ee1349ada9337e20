// Builds small containers for the tests of wasm/video, piece by piece, so that a test can bend one field.
// Frames are filler: nothing here is decoded.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "video/containers.hpp"

namespace netocr::test {

using File = std::vector<std::uint8_t>;

inline File operator+(File a, const File& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline File text(std::string_view characters) { return {characters.begin(), characters.end()}; }
inline File filler(std::size_t count, std::uint8_t byte = 0) { return File(count, byte); }
inline File be(unsigned bytes, std::uint64_t value) {
  File out;
  for (unsigned i = bytes; i-- > 0;) out.push_back(i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : 0);
  return out;
}
inline File le(unsigned bytes, std::uint64_t value) {
  File out;
  for (unsigned i = 0; i < bytes; ++i) out.push_back(i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : 0);
  return out;
}
inline File be_double(double value) { return be(8, std::bit_cast<std::uint64_t>(value)); }
inline File repeat(const File& piece, std::size_t count) {
  File out;
  out.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) out.insert(out.end(), piece.begin(), piece.end());
  return out;
}

// ---- ISO base media ----

inline File box(std::string_view type, const File& payload) {
  return be(4, payload.size() + 8) + text(type) + payload;
}
inline File box64(std::string_view type, const File& payload) {
  return be(4, 1) + text(type) + be(8, payload.size() + 16) + payload;
}
inline File ftyp(std::string_view major, std::string_view compatible = "isommp42") {
  return box("ftyp", text(major) + be(4, 512) + text(compatible));
}
inline File mvhd(std::uint32_t timescale, std::uint64_t duration, std::uint8_t version = 0) {
  const unsigned word = version == 1 ? 8 : 4;
  return box("mvhd", be(1, version) + be(3, 0) + filler(2 * word) + be(4, timescale) + be(word, duration) +
                         filler(80));
}
struct TrackFields {
  std::uint32_t id = 1;
  std::string_view handler = "vide";
  std::uint32_t timescale = 90000;
  std::uint64_t media_duration = 0;
  std::uint64_t movie_duration = 0;  // tkhd
  std::uint32_t samples = 1;
  std::uint8_t version = 0;
};
inline File trak(const TrackFields& track) {
  const unsigned word = track.version == 1 ? 8 : 4;
  const File version = be(1, track.version) + be(3, 0);
  const File tkhd = box("tkhd", version + filler(2 * word) + be(4, track.id) + filler(4) +
                                    be(word, track.movie_duration) + filler(60));
  const File mdhd = box("mdhd", version + filler(2 * word) + be(4, track.timescale) +
                                    be(word, track.media_duration) + filler(4));
  const File hdlr = box("hdlr", filler(8) + text(track.handler) + filler(13));
  const File stsz = box("stsz", filler(4) + be(4, 0) + be(4, track.samples) + filler(4 * track.samples));
  return box("trak", tkhd + box("mdia", mdhd + hdlr + box("minf", box("stbl", stsz))));
}
inline File trex(std::uint32_t id, std::uint32_t sample_duration) {
  return box("trex", be(4, 0) + be(4, id) + be(4, 1) + be(4, sample_duration) + filler(8));
}
inline File tfhd(std::uint32_t id) { return box("tfhd", be(4, 0x020000) + be(4, id)); }
inline File tfhd(std::uint32_t id, std::uint32_t sample_duration) {
  return box("tfhd", be(4, 0x02000B) + be(4, id) + be(8, 0) + be(4, 1) + be(4, sample_duration));
}
inline File tfdt(std::uint64_t time, std::uint8_t version = 0) {
  return box("tfdt", be(1, version) + be(3, 0) + be(version == 1 ? 8 : 4, time));
}
// Samples that last as long as the default.
inline File trun(std::uint32_t count) { return box("trun", be(4, 1) + be(4, count) + be(4, 0)); }
// Samples with a duration and a size each.
inline File trun(const std::vector<std::uint32_t>& durations) {
  File samples;
  for (const std::uint32_t duration : durations) samples = samples + be(4, duration) + be(4, 100);
  return box("trun", be(4, 0x000301) + be(4, durations.size()) + be(4, 0) + samples);
}
inline File moof(const File& traf_payload) {
  return box("moof", box("mfhd", filler(8)) + box("traf", traf_payload));
}
// A plain MP4 of `ms`, moov first.
inline File mp4(std::uint64_t ms, std::size_t media_bytes = 64) {
  const TrackFields video{.media_duration = ms * 90, .movie_duration = ms};
  return ftyp("isom") + box("moov", mvhd(1000, ms) + trak(video)) + box("mdat", filler(media_bytes));
}
// A fragmented one: 40 ms a sample, 25 samples a fragment.
inline File fragmented_mp4(std::uint32_t fragments) {
  const TrackFields video{.samples = 0};
  File out = ftyp("iso5") + box("moov", mvhd(1000, 0) + trak(video) + box("mvex", trex(1, 3600)));
  for (std::uint32_t i = 0; i < fragments; ++i) {
    out = out + moof(tfhd(1) + tfdt(std::uint64_t{i} * 90000, 1) + trun(25)) + box("mdat", filler(40));
  }
  return out;
}

// ---- EBML ----

inline File id_bytes(std::uint32_t id) {
  return be(id > 0xFFFFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1, id);
}
inline File element(std::uint32_t id, const File& payload) {
  return id_bytes(id) + be(4, 0x10000000 | payload.size()) + payload;
}
inline File endless(std::uint32_t id) { return id_bytes(id) + be(8, 0x01FFFFFFFFFFFFFF); }
inline File number(std::uint32_t id, std::uint64_t value, unsigned bytes = 4) {
  return element(id, be(bytes, value));
}
inline File ebml_header(std::string_view doc_type) {
  return element(0x1A45DFA3, number(0x4286, 1, 1) + element(0x4282, text(doc_type)) + number(0x4287, 4, 1));
}
inline File track_entry(std::uint64_t track, std::uint64_t type, std::uint64_t default_duration_ns = 0) {
  File out = number(0xD7, track, 1) + number(0x83, type, 1);
  if (default_duration_ns != 0) out = out + number(0x23E383, default_duration_ns);
  return element(0xAE, out);
}
inline File simple_block(std::uint8_t track, std::int16_t time) {
  return element(0xA3,
                 be(1, 0x80U | track) + be(2, static_cast<std::uint16_t>(time)) + be(1, 0x80) + filler(12));
}
inline File block_group(std::uint8_t track, std::int16_t time, std::uint64_t duration) {
  const File block =
      element(0xA1, be(1, 0x80U | track) + be(2, static_cast<std::uint16_t>(time)) + be(1, 0) + filler(12));
  return element(0xA0, block + number(0x9B, duration, 2));
}
inline File info(const File& fields) { return element(0x1549A966, fields); }
inline File video_tracks(std::uint64_t default_duration_ns = 0) {
  return element(0x1654AE6B, track_entry(1, 1, default_duration_ns));
}
inline File cluster(std::uint64_t time, const File& blocks) {
  return element(0x1F43B675, number(0xE7, time) + blocks);
}
inline File endless_cluster(std::uint64_t time, const File& blocks) {
  return endless(0x1F43B675) + number(0xE7, time) + blocks;
}
inline File blocks_every(std::int16_t step_ms, std::int16_t count) {
  File out;
  for (std::int16_t i = 0; i < count; ++i)
    out = out + simple_block(1, static_cast<std::int16_t>(i * step_ms));
  return out;
}
inline File mkv(double duration_ticks, std::string_view doc_type = "matroska",
                std::uint32_t scale_ns = 1'000'000) {
  return ebml_header(doc_type) +
         element(0x18538067, info(number(0x2AD7B1, scale_ns) + element(0x4489, be_double(duration_ticks))) +
                                 video_tracks() + cluster(0, blocks_every(40, 3)));
}
// As MediaRecorder writes it: no duration, no sizes. One cluster a second, a block every 40 ms.
inline File live_webm(int clusters) {
  File out = ebml_header("webm") + endless(0x18538067) + info(number(0x2AD7B1, 1'000'000)) + video_tracks();
  for (int i = 0; i < clusters; ++i)
    out = out + endless_cluster(static_cast<std::uint64_t>(i) * 1000, blocks_every(40, 25));
  return out;
}

// ---- RIFF ----

inline File chunk(std::string_view id, const File& payload) {
  return text(id) + le(4, payload.size()) + payload + filler(payload.size() % 2);
}
inline File list(std::string_view type, const File& payload, std::string_view id = "LIST") {
  return chunk(id, text(type) + payload);
}
inline File avih(std::uint32_t frame_us, std::uint32_t frames) {
  return chunk("avih", le(4, frame_us) + filler(12) + le(4, frames) + filler(36));
}
inline File strl(std::string_view type, std::uint32_t scale, std::uint32_t rate, std::uint32_t length) {
  const File strh = text(type) + text("MJPG") + filler(12) + le(4, scale) + le(4, rate) + le(4, 0) +
                    le(4, length) + filler(20);
  return list("strl", chunk("strh", strh) + chunk("strf", filler(40)));
}
// 25 frames a second.
inline File avi(std::uint32_t frames) {
  const File headers = list("hdrl", avih(40000, frames) + strl("vids", 1, 25, frames));
  return list("AVI ", headers + list("movi", repeat(chunk("00dc", filler(5)), frames)), "RIFF");
}

// ---- FLV ----

inline File flv_tag(std::uint8_t type, std::uint32_t time_ms, const File& payload) {
  return be(1, type) + be(3, payload.size()) + be(3, time_ms & 0xFFFFFF) + be(1, time_ms >> 24) + be(3, 0) +
         payload + be(4, payload.size() + 11);
}
inline File flv_header() { return text("FLV") + be(1, 1) + be(1, 5) + be(4, 9) + be(4, 0); }
inline File amf_key(std::string_view key) { return be(2, key.size()) + text(key); }
inline File on_meta_data(const File& properties) {
  return be(1, 2) + amf_key("onMetaData") + be(1, 8) + be(4, 1) + properties + be(3, 9);
}
inline File amf_duration(double seconds) { return amf_key("duration") + be(1, 0) + be_double(seconds); }
inline File flv_video(std::uint32_t count, std::uint32_t step_ms, std::uint32_t start_ms = 0) {
  File out;
  for (std::uint32_t i = 0; i < count; ++i) out = out + flv_tag(9, start_ms + i * step_ms, filler(6));
  return out;
}
inline File flv(double seconds) {
  return flv_header() + flv_tag(18, 0, on_meta_data(amf_duration(seconds))) + flv_video(3, 40);
}

// ---- ASF ----

inline const File kAsfHeaderGuid =
    text(std::string_view("\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C", 16));
inline const File kAsfDataGuid =
    text(std::string_view("\x36\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C", 16));
inline const File kAsfFileGuid =
    text(std::string_view("\xA1\xDC\xAB\x8C\x47\xA9\xCF\x11\x8E\xE4\x00\xC0\x0C\x20\x53\x65", 16));
inline const File kAsfStreamGuid =
    text(std::string_view("\x91\x07\xDC\xB7\xB7\xA9\xCF\x11\x8E\xE6\x00\xC0\x0C\x20\x53\x65", 16));
inline const File kAsfVideoGuid =
    text(std::string_view("\xC0\xEF\x19\xBC\x4D\x5B\xCF\x11\xA8\xFD\x00\x80\x5F\x5C\x44\x2B", 16));
inline const File kAsfAudioGuid =
    text(std::string_view("\x40\x9E\x69\xF8\x4D\x5B\xCF\x11\xA8\xFD\x00\x80\x5F\x5C\x44\x2B", 16));
inline File asf_object(const File& id, const File& payload) {
  return id + le(8, payload.size() + 24) + payload;
}
inline File asf_header(const File& objects) {
  return asf_object(kAsfHeaderGuid, le(4, 2) + be(2, 0x0102) + objects);
}
inline File asf_file_properties(std::uint64_t play_ms, std::uint64_t preroll_ms, std::uint32_t flags = 2) {
  return asf_object(kAsfFileGuid, filler(40) + le(8, play_ms * 10'000) + le(8, 0) + le(8, preroll_ms) +
                                      le(4, flags) + filler(12));
}
inline File asf_stream(const File& media) { return asf_object(kAsfStreamGuid, media + filler(38)); }
inline File wmv(std::uint64_t ms) {
  return asf_header(asf_file_properties(ms + 3100, 3100) + asf_stream(kAsfVideoGuid)) +
         asf_object(kAsfDataGuid, filler(60));
}

// ---- RealMedia ----

inline File rm_chunk(std::string_view id, const File& payload) {
  return text(id) + be(4, payload.size() + 10) + be(2, 0) + payload;
}
inline File rm_properties(std::uint32_t ms) { return rm_chunk("PROP", filler(20) + be(4, ms) + filler(16)); }
inline File rm_stream(std::uint32_t ms, std::string_view mime) {
  return rm_chunk(
      "MDPR", filler(26) + be(4, ms) + be(1, 4) + text("name") + be(1, mime.size()) + text(mime) + be(4, 0));
}
inline File rm(std::uint32_t ms) {
  return rm_chunk(".RMF", filler(8)) + rm_properties(ms) + rm_stream(ms, "video/x-pn-realvideo") +
         rm_chunk("DATA", filler(40));
}

// ---- MPEG ----

inline File mpeg_time(std::uint8_t prefix, std::uint64_t ticks) {
  return be(1, std::uint64_t{prefix} << 4 | (ticks >> 30 & 7) << 1 | 1) +
         be(2, (ticks >> 15 & 0x7FFF) << 1 | 1) + be(2, (ticks & 0x7FFF) << 1 | 1);
}
inline File mpeg1_pack() { return be(4, 0x1BA) + be(1, 0x21) + filler(7, 1); }
inline File mpeg2_pack(unsigned stuffing = 0) {
  return be(4, 0x1BA) + be(1, 0x44) + filler(8, 4) + be(1, 0xF8U | stuffing) + filler(stuffing, 0xFF);
}
// 64 x 64 at 25 frames a second unless told otherwise.
inline File sequence_header(std::uint8_t frame_rate_code = 3) {
  return be(4, 0x1B3) + be(3, 0x040040) + be(1, 0x10U | frame_rate_code) + filler(4, 0x20);
}
inline File picture() { return be(4, 0x100) + filler(20, 0x55); }
inline File pes(std::uint8_t stream, const File& rest) {
  return be(3, 1) + be(1, stream) + be(2, rest.size()) + rest;
}
inline File pes1(std::uint64_t ticks, const File& payload) {
  return pes(0xE0, filler(3, 0xFF) + be(2, 0x6020) + mpeg_time(2, ticks) + payload);
}
inline File pes2(std::uint64_t ticks, const File& payload) {
  return pes(0xE0, be(3, 0x808005) + mpeg_time(2, ticks) + payload);
}
// One picture a packet, 40 ms apart.
inline File mpg(std::uint32_t pictures, std::uint64_t first_tick = 45000) {
  File out;
  for (std::uint32_t i = 0; i < pictures; ++i) {
    const File payload = (i == 0 ? sequence_header() : File{}) + picture();
    out = out + mpeg2_pack() + pes2((first_tick + std::uint64_t{i} * 3600) & 0x1'FFFF'FFFF, payload);
  }
  return out + be(4, 0x1B9);
}
inline File transport_packet(std::uint16_t pid, bool begins, const File& payload) {
  const std::size_t stuffing = 184 - payload.size();
  File out = be(1, 0x47) + be(2, (begins ? 0x4000U : 0U) | pid) + be(1, stuffing > 0 ? 0x30 : 0x10);
  if (stuffing > 0) out = out + be(1, stuffing - 1) + filler(stuffing - 1, 0xFF);
  return out + payload;
}
inline File ts(std::uint32_t pictures) {
  File out = transport_packet(0, true, filler(20));
  for (std::uint32_t i = 0; i < pictures; ++i) {
    const File packet = pes2(90000 + std::uint64_t{i} * 3600,
                             (i == 0 ? sequence_header() : File{}) + picture() + filler(200, 0x77));
    out = out + transport_packet(256, true, File(packet.begin(), packet.begin() + 184));
    out = out + transport_packet(256, false, File(packet.begin() + 184, packet.end()));
  }
  return out;
}

// ---- Ogg ----

inline File ogg_page(std::uint8_t flags, const File& payload) {
  return text("OggS") + be(1, 0) + be(1, flags) + filler(20) + be(1, 1) + be(1, payload.size()) + payload;
}
inline File ogg(std::string_view codec_magic) {
  return ogg_page(2, text(codec_magic) + filler(30)) + ogg_page(0, filler(50));
}

// What inspect_video says in one word: "4000" (ms), "unknown" (duration), or "CORRUPT_VIDEO@36" (code and
// position).
inline std::string inspected(const File& file) {
  const Result<VideoInfo> info = inspect_video(file, Limits{});
  if (!info.ok())
    return std::string(error_word(info.error().code)) + "@" + std::to_string(info.error().position);
  if (!info->duration_ms.has_value()) return "unknown";
  return std::to_string(*info->duration_ms);
}

// A walk over a whole file, and the steps it took.
struct Walked {
  Result<detail::ContainerFacts> facts;
  std::uint64_t steps = 0;
};
inline Walked walk(const File& file) {
  detail::StepBudget steps;
  Result<detail::ContainerFacts> facts = detail::probe_container(sniff_video(file), file, steps);
  return {std::move(facts), steps.used()};
}

}  // namespace netocr::test
