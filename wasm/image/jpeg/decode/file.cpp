// Parses T.81 B.1.1 (markers and their codes) and B.2 (frame and scan headers); JFIF 1.02; Adobe TN 5116
// (APP14).
#include "image/jpeg/decode/file.hpp"

#include "base/jpeg_marker.hpp"
#include "image/jpeg/common/marker_byte.hpp"
#include "image/jpeg/decode/lines.hpp"
#include "image/meta/exif.hpp"

namespace netocr::jpeg {
namespace {

using std::string_view_literals::operator""sv;

using namespace jpeg_marker;

bool is_frame_header(std::uint8_t marker) {
  return marker >= kSof0 && marker <= kSof15 && marker != kDht && marker != kJpg && marker != kDac;
}

}  // namespace

Result<File> File::open(Bytes bytes, Walk extent) {
  if (!bytes_at(bytes, 0, "\xff\xd8"sv)) return Error{ErrorCode::kCorruptImage, 0, "no JPEG start marker"};
  File file(bytes, extent);
  NETOCR_TRY(file.read());
  return file;
}

Status File::read() {
  while (!stop_ && !at_end_) {
    const std::uint8_t marker = next_marker();
    if (!reader_.ok()) break;
    if (marker == kEoi) {
      header_.has_metadata = header_.has_metadata || reader_.remaining() > 0;
      header_.complete = at_end_ = true;
    } else if (!is_standalone(marker)) {
      segment(marker);
    }
  }
  if (!has_frame_ || !has_scan_)
    return Error{ErrorCode::kCorruptImage, position_, "no JPEG frame and scan header"};
  if (header_.height == 0) return Error{ErrorCode::kCorruptImage, position_, "the JPEG has no height"};
  return {};
}

// Bytes between segments are skipped as in libjpeg, and so is entropy-coded data with its restart markers.
std::uint8_t File::next_marker() {
  for (;;) {
    const std::size_t skipped = find_segment_marker(bytes_, reader_.position()) - reader_.position();
    reader_.skip(skipped);
    if (has_scan_) entropy_bytes_ += skipped;
    std::uint8_t code = 0xff;
    while (code == 0xff && reader_.ok()) code = reader_.u8();
    if (code != 0 || !reader_.ok()) return code;
  }
}

void File::segment(std::uint8_t marker) {
  position_ = reader_.position();
  const std::uint16_t length = reader_.u16be();
  const Bytes body = reader_.take(length < 2 ? 0 : length - 2U);
  if (!reader_.ok() && has_scan_) whole_bytes_ = position_ - 2;
  if (!reader_.ok() || (length < 2 && !may_be_empty(marker))) {
    stop_ = true;
  } else if (is_frame_header(marker)) {
    frame(marker, body);
  } else if (marker == kDhp) {
    hierarchical_ = true;
  } else if (marker == kSos) {
    scan(body);
  } else if (marker == kDnl) {
    number_of_lines(body);
  } else if (may_be_empty(marker)) {
    application(marker, body);
  }
}

void File::scan(Bytes body) {
  // A height that the frame header lacks follows the first scan.
  stop_ = !has_frame_ || (has_scan_ && header_.height == 0);
  seeks_lines_ = !has_scan_ && may_define_lines(bytes_, header_, ByteReader(body).u8());
  has_scan_ = has_frame_;
  stop_with_metadata();
}

// From the first scan on only metadata and a height can be found, and walking the entropy-coded data takes
// time.
void File::stop_with_metadata() {
  if (seeks_lines_ || (extent_ == Walk::kWhole && !header_.has_metadata)) return;
  stop_ = true;
  header_.complete = true;
}

void File::number_of_lines(Bytes body) {
  if (!seeks_lines_) return;
  seeks_lines_ = false;
  const std::uint16_t lines = ByteReader(body).u16be();
  if (lines != 0 && (header_.height == 0 || lines < header_.height)) {
    header_.height = lines;
    header_.height_offset = height_at_;
  }
  stop_with_metadata();
}

void File::frame(std::uint8_t marker, Bytes body) {
  if (has_frame_) {
    stop_ = !hierarchical_;
    return;
  }
  ByteReader reader(body);
  header_.bits_per_sample = reader.u8();
  height_at_ = position_ + 3;  // behind the length and the precision
  header_.height = reader.u16be();
  header_.width = reader.u16be();
  header_.component_count = reader.u8();
  for (std::size_t i = 0; i < header_.component_count; ++i) {
    const std::uint8_t id = reader.u8();
    const std::uint8_t factors = reader.u8();
    reader.skip(1);
    if (i >= header_.components.size()) continue;
    header_.components[i] = {id, static_cast<std::uint8_t>(factors >> 4),
                             static_cast<std::uint8_t>(factors & 15)};
  }
  header_.arithmetic = marker > kJpg;
  header_.process = process_of(marker);
  has_frame_ = reader.ok();
  stop_ = !has_frame_;
}

// SOF0..3 and 9..11 are baseline, extended sequential, progressive, lossless; 5..7 and 13..15 are
// differential.
Process File::process_of(std::uint8_t marker) const {
  if (hierarchical_ || (marker & 4) != 0) return Process::kHierarchical;
  if ((marker & 3) == 2) return Process::kProgressive;
  return (marker & 3) == 3 ? Process::kLossless : Process::kSequential;
}

void File::application(std::uint8_t marker, Bytes body) {
  if (has_scan_) {
    header_.has_metadata = true;  // too late to change how the picture is shown, also in libjpeg
  } else if (marker == kApp0 && bytes_at(body, 0, "JFIF\0"sv)) {
    header_.has_jfif = true;
    constexpr std::size_t kPlainJfif = 14;  // size without a thumbnail
    header_.has_metadata = header_.has_metadata || body.size() != kPlainJfif;
  } else if (marker == kApp14 && bytes_at(body, 0, "Adobe") && body.size() >= 12) {
    header_.has_adobe = true;
    header_.adobe_transform = body[11];
  } else {
    header_.has_metadata = true;
    if (marker == kApp1) exif(find_exif(body));
    if (marker == kApp2) profile_.add(body);
  }
}

void File::exif(Bytes tiff) {
  if (has_exif_ || tiff.empty()) return;
  header_.orientation = exif_orientation(tiff);
  has_exif_ = true;
}

// Walks to EOI or to the end of the bytes, whatever the markers are.
void File::walk_to_end() {
  while (reader_.ok() && !at_end_) {
    const std::uint8_t marker = next_marker();
    if (!reader_.ok()) break;
    if (is_standalone(marker) && marker != kEoi) continue;
    at_end_ = marker == kEoi;
    if (at_end_) break;
    position_ = reader_.position();
    const std::uint16_t length = reader_.u16be();
    reader_.skip(length < 2 ? 0 : length - 2U);
    if (!reader_.ok()) whole_bytes_ = position_ - 2;
  }
}

Result<IccProfile> File::profile(Buffer& whole) const {
  NETOCR_ASSIGN(whole, profile_.join());
  return read_icc(whole.span());
}

const Tables* File::first_scan() {
  if (!has_tables_) {
    has_tables_ = true;
    tables_.emplace(bytes_, header_);
    if (tables_->next_scan() != Tables::Next::kScan) tables_.reset();
  }
  return tables_ ? &*tables_ : nullptr;
}

std::uint64_t File::entropy_bytes() {
  walk_to_end();
  return entropy_bytes_;
}

std::size_t File::whole_bytes() {
  walk_to_end();
  return whole_bytes_;
}

}  // namespace netocr::jpeg
