// A whole stream is decoded as it is; otherwise each strip or tile becomes a separate stream, as the
// prediction of its coefficients restarts: damage in one then does not affect the others.
#include "image/tiff/old_jpeg.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/jpeg_marker.hpp"

namespace netocr::tiff {
namespace {

constexpr std::size_t kQuantBytes = 64;
constexpr std::size_t kCodeLengths = 16;
constexpr std::size_t kMaxCodes = 256;
// Strips may overlap, so their sum may exceed the file. This bounds the work of copying them.
constexpr std::uint64_t kMaxReuse = 4;

// Returns at most `length` bytes from `offset` on; 0 means all that follow.
Bytes part_of(Bytes file, std::uint64_t offset, std::uint64_t length) {
  if (offset >= file.size()) return {};
  const Bytes rest = file.subspan(static_cast<std::size_t>(offset));
  if (length == 0 || length >= rest.size()) return rest;
  return rest.first(static_cast<std::size_t>(length));
}

bool is_restart_at(Bytes bytes, std::uint64_t at) {
  const auto i = static_cast<std::size_t>(at);
  return at < bytes.size() && bytes.size() - i > 1 && bytes[i] == 0xff &&
         jpeg_marker::is_restart(bytes[i + 1]);
}

// Returns the position of EOI behind the entropy-coded data at the start of `data`; 0 when the data does not
// end with EOI.
std::size_t end_of_data(Bytes data) {
  for (std::size_t i = 0; i + 1 < data.size(); ++i) {
    const bool goes_on = data[i] != 0xff || data[i + 1] == 0 || data[i + 1] == 0xff;
    if (goes_on || jpeg_marker::is_restart(data[i + 1])) continue;
    return data[i + 1] == jpeg_marker::kEoi ? i : 0;
  }
  return 0;
}

// A scan header without data behind it is a head for the strips.
bool has_data(Bytes stream, std::size_t data) {
  if (data + 1 >= stream.size()) return false;
  return stream[data] != 0xff || stream[data + 1] == 0 || jpeg_marker::is_restart(stream[data + 1]);
}

}  // namespace

Bytes JpegStreams::tag_table(const TiffField& offsets, std::uint64_t index, bool is_quant) const {
  if (offsets.offset(index) == 0) return {};
  const Bytes rest = part_of(file_, offsets.offset(index), 0);
  if (is_quant) return rest.size() < kQuantBytes ? Bytes{} : rest.first(kQuantBytes);
  if (rest.size() < kCodeLengths) return {};
  std::size_t codes = 0;
  for (const std::uint8_t count : rest.first(kCodeLengths)) codes += count;
  const std::size_t size = kCodeLengths + codes;
  return codes > kMaxCodes || size > rest.size() ? Bytes{} : rest.first(size);
}

void JpegStreams::read_tag_tables() {
  const OldJpeg& tags = header_.old_jpeg;
  for (std::size_t i = 0; i < 3; ++i) {
    tables_.quant[i] = tag_table(tags.quant_tables, i, true);
    tables_.dc[i] = tag_table(tags.dc_tables, i, false);
    tables_.ac[i] = tag_table(tags.ac_tables, i, false);
  }
  head_.restart_interval = tags.restart_interval;
}

// When only one strip is listed, it is the whole picture, whatever its tag says about rows.
void JpegStreams::lay_out() {
  const bool is_one = !header_.is_tiled && header_.piece_offsets.values() <= 1;
  piece_width_ = header_.is_tiled ? header_.piece_width : header_.width;
  piece_height_ = is_one ? header_.height : header_.piece_height;
  across_ = (header_.width - 1) / piece_width_ + 1;
  down_ = (header_.height - 1) / piece_height_ + 1;
}

std::uint32_t JpegStreams::rows_of(std::uint32_t index) const {
  if (header_.is_tiled) return piece_height_;
  return std::min(piece_height_, header_.height - index * piece_height_);
}

// The length in the tag is used only if a frame header fits into it.
void JpegStreams::find_interchange_stream() {
  const OldJpeg& tags = header_.old_jpeg;
  if (tags.stream == 0) return;
  interchange_ = part_of(file_, tags.stream, tags.stream_bytes);
  JpegHead head;
  head.read(interchange_);
  if (head.frame.empty()) interchange_ = part_of(file_, tags.stream, 0);
}

// A length of 0 means a strip that was left out, or the only strip with an unknown length.
Bytes JpegStreams::listed_piece(std::uint32_t index) const {
  const std::uint64_t offset = header_.piece_offsets.offset(index);
  const std::uint64_t length = header_.piece_lengths.offset(index);
  const bool is_left_out = length == 0 && index < header_.piece_lengths.values() && !is_only();
  return offset == 0 || is_left_out ? Bytes{} : part_of(file_, offset, length);
}

// Returns whether the strips follow each other behind `data` without the restart markers between them that a
// single stream has: they are then separate streams.
bool JpegStreams::has_own_strips(std::uint64_t data) const {
  const std::uint64_t count = std::uint64_t{across_} * down_;
  if (count < 2 || header_.piece_offsets.values() < count || header_.piece_lengths.values() < count) {
    return false;
  }
  std::uint64_t end = data;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t offset = header_.piece_offsets.offset(i);
    const std::uint64_t length = header_.piece_lengths.offset(i);
    if (offset < end || length == 0) return false;
    if (i > 0 && (is_restart_at(file_, offset) || is_restart_at(file_, offset - 2))) return false;
    end = offset + length;
  }
  return true;
}

// Returns whether the interchange stream, which has this head, is the whole picture and not just the head of
// its strips. `data` is the offset at which the head ends.
bool JpegStreams::is_whole(const JpegHead& head, std::size_t data) const {
  if (!head.has_start || head.frame.empty() || head.scan.empty() || !has_data(interchange_, data)) {
    return false;
  }
  const bool covers =
      head.width() >= header_.width && (head.height() >= header_.height || head.height() == 0);
  if (!covers) return false;
  const std::uint64_t begin = header_.old_jpeg.stream;
  const std::uint64_t first = header_.piece_offsets.offset();
  if (first == 0 || (first >= begin && first <= begin + data)) return !has_own_strips(begin + data);
  // With the strips elsewhere a stream counts only if its end is found, and not within the strips.
  const std::size_t end = end_of_data(part_of(file_, begin + data, 0));
  return end > 0 && (first < begin || first > begin + data + end);
}

Result<JpegStreams> JpegStreams::create(Bytes file, const Header& header) {
  JpegStreams streams(file, header);
  streams.read_tag_tables();
  streams.lay_out();
  streams.find_interchange_stream();
  streams.budget_ = kMaxReuse * file.size();
  JpegHead head = streams.head_;
  const std::size_t data = head.read(streams.interchange_);
  if (streams.is_whole(head, data)) {
    // The lengths are unreliable, so it extends to the end of the file: a decoder stops at EOI.
    streams.whole_ = part_of(file, header.old_jpeg.stream, 0);
    streams.across_ = streams.down_ = 1;
    streams.piece_width_ = header.width;
    streams.piece_height_ = header.height;
    return streams;
  }
  const std::uint64_t count = std::uint64_t{streams.across_} * streams.down_;
  if (header.planar && header.piece_offsets.values() > count) {
    return Error{ErrorCode::kUnsupportedFeature, 0,
                 "TIFF with old-style JPEG in separate planes is not decoded: save it as RGB"};
  }
  streams.head_ = head;
  streams.head_.read(streams.listed_piece(0));
  return streams;
}

Result<JpegStream> JpegStreams::assemble(std::uint32_t index, Bytes piece) {
  JpegHead head = head_;
  // `head_` already contains the first piece's markers.
  JpegHead own;
  const std::size_t data = own.read(piece);
  const std::uint32_t rows = rows_of(index);
  if (own.has_start && own.has_quant && !own.frame.empty() && !own.scan.empty() &&
      (is_only() || own.height() == rows)) {
    const auto at = static_cast<std::uint64_t>(piece.data() - file_.data());
    return JpegStream{is_only() ? part_of(file_, at, 0) : piece, {}};
  }
  if (index > 0) head.read(piece);
  const auto [horizontal, vertical] = header_.subsampling;
  if (head.frame.empty() && (horizontal - 1U > 3 || vertical - 1U > 3)) {
    return Error{ErrorCode::kCorruptImage, 0, "TIFF with impossible chroma subsampling"};
  }
  const JpegFrame frame{header_.is_tiled ? piece_width_ : std::max(piece_width_, head.width()),
                        rows,
                        static_cast<std::uint8_t>(header_.samples_per_pixel),
                        {static_cast<std::uint8_t>(horizontal), static_cast<std::uint8_t>(vertical)}};
  NETOCR_ASSIGN(Buffer made, assemble_jpeg(tables_, head, frame, piece.subspan(data)));
  JpegStream stream{{}, std::move(made)};
  stream.bytes = {stream.made.data(), stream.made.size()};
  return stream;
}

Result<JpegStream> JpegStreams::stream(std::uint32_t index) {
  if (!whole_.empty()) return JpegStream{whole_, {}};
  Bytes piece = listed_piece(index);
  if (piece.empty() && is_only()) piece = interchange_;
  if (piece.empty() || piece.size() > budget_) {
    return Error{ErrorCode::kCorruptImage, 0, "a strip or tile of the TIFF is missing"};
  }
  budget_ -= piece.size();
  return assemble(index, piece);
}

}  // namespace netocr::tiff
