// T.81 B.1.1 (markers and their codes), B.2 (frame and scan headers); JFIF 1.02; Adobe TN 5116 (APP14).
#include "image/jpeg/decode/header.hpp"

#include "base/bytes.hpp"
#include "base/jpeg_marker.hpp"
#include "image/jpeg/common/marker_byte.hpp"
#include "image/jpeg/decode/lines.hpp"
#include "image/jpeg/decode/profile.hpp"
#include "image/meta/exif.hpp"

namespace netocr::jpeg {
namespace {

using std::string_view_literals::operator""sv;

using namespace jpeg_marker;

bool is_frame_header(std::uint8_t marker) {
  return marker >= kSof0 && marker <= kSof15 && marker != kDht && marker != kJpg && marker != kDac;
}

class MarkerWalk {
 public:
  MarkerWalk(Bytes bytes, Walk extent)
      : reader_(bytes, 2), bytes_(bytes), extent_(extent), whole_bytes_(bytes.size()) {}

  Result<Header> run() {
    while (!stop_) {
      const std::uint8_t marker = next_marker();
      if (!reader_.ok()) break;
      if (marker == kEoi) {
        header_.has_metadata = header_.has_metadata || reader_.remaining() > 0;
        header_.complete = true;
        break;
      }
      if (is_standalone(marker)) continue;
      segment(marker);
    }
    if (!has_frame_ || !has_scan_)
      return Error{ErrorCode::kCorruptImage, position_, "no JPEG frame and scan header"};
    if (header_.height == 0) return Error{ErrorCode::kCorruptImage, position_, "the JPEG has no height"};
    return header_;
  }

  // Goes on to the end, whatever it finds.
  void walk_to_end() {
    while (reader_.ok()) {
      const std::uint8_t marker = next_marker();
      if (marker == kEoi) break;
      if (!reader_.ok() || is_standalone(marker)) continue;
      position_ = reader_.position();
      const std::uint16_t length = reader_.u16be();
      reader_.skip(length < 2 ? 0 : length - 2U);
      if (!reader_.ok() && has_scan_) whole_bytes_ = position_ - 2;
      has_scan_ = has_scan_ || marker == kSos;
    }
  }
  std::uint64_t entropy_bytes() const { return entropy_bytes_; }
  std::size_t whole_bytes() const { return whole_bytes_; }

  Result<Buffer> profile() const { return profile_.join(); }

 private:
  // Bytes between segments are skipped as libjpeg does, entropy-coded data with its restart markers too.
  std::uint8_t next_marker() {
    for (;;) {
      const std::size_t skipped = find_segment_marker(bytes_, reader_.position()) - reader_.position();
      reader_.skip(skipped);
      if (has_scan_) entropy_bytes_ += skipped;
      std::uint8_t code = 0xff;
      while (code == 0xff && reader_.ok()) code = reader_.u8();
      if (code != 0 || !reader_.ok()) return code;
    }
  }

  void segment(std::uint8_t marker) {
    position_ = reader_.position();
    const std::uint16_t length = reader_.u16be();
    const Bytes body = reader_.take(length < 2 ? 0 : length - 2U);
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

  void scan(Bytes body) {
    // A height that is not known is given after the first scan.
    stop_ = !has_frame_ || (has_scan_ && header_.height == 0);
    seeks_lines_ = !has_scan_ && may_define_lines(bytes_, header_, ByteReader(body).u8());
    has_scan_ = has_frame_;
    stop_with_metadata();
  }

  // From the first scan on only metadata and a height can be found, and a walk over the entropy-coded data is
  // not free.
  void stop_with_metadata() {
    if (seeks_lines_ || (extent_ == Walk::kWhole && !header_.has_metadata)) return;
    stop_ = true;
    header_.complete = true;
  }

  void number_of_lines(Bytes body) {
    if (!seeks_lines_) return;
    seeks_lines_ = false;
    const std::uint16_t lines = ByteReader(body).u16be();
    if (lines != 0 && (header_.height == 0 || lines < header_.height)) {
      header_.height = lines;
      header_.height_offset = height_at_;
    }
    stop_with_metadata();
  }

  void frame(std::uint8_t marker, Bytes body) {
    if (has_frame_) {
      stop_ = !hierarchical_;
      return;
    }
    ByteReader reader(body);
    header_.bits_per_sample = reader.u8();
    height_at_ = position_ + 3;  // after the length and the precision
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

  // SOF0..3 and 9..11 are sequential, sequential, progressive, lossless; 5..7 and 13..15 are differential.
  Process process_of(std::uint8_t marker) const {
    if (hierarchical_ || (marker & 4) != 0) return Process::kHierarchical;
    if ((marker & 3) == 2) return Process::kProgressive;
    return (marker & 3) == 3 ? Process::kLossless : Process::kSequential;
  }

  void application(std::uint8_t marker, Bytes body) {
    if (has_scan_) {
      header_.has_metadata = true;  // comes too late to change how the picture is shown, also for libjpeg
    } else if (marker == kApp0 && bytes_at(body, 0, "JFIF\0"sv)) {
      header_.has_jfif = true;
      constexpr std::size_t kPlainJfif = 14;  // without a thumbnail
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

  void exif(Bytes tiff) {
    if (has_exif_ || tiff.empty()) return;
    header_.orientation = exif_orientation(tiff);
    has_exif_ = true;
  }

  ByteReader reader_;
  Bytes bytes_;
  Walk extent_;
  Header header_;
  std::size_t position_ = 0;  // of the last segment's length
  std::size_t height_at_ = 0;
  std::uint64_t entropy_bytes_ = 0;
  std::size_t whole_bytes_ = 0;
  ProfileSegments profile_;
  bool has_frame_ = false;
  bool has_scan_ = false;
  bool has_exif_ = false;
  bool seeks_lines_ = false;  // a DNL marker would give the height
  bool hierarchical_ = false;
  bool stop_ = false;
};

bool has_ids(const Header& header, std::uint8_t first, std::uint8_t second, std::uint8_t third) {
  return header.components[0].id == first && header.components[1].id == second &&
         header.components[2].id == third;
}

Error unsupported(const char* detail) { return {ErrorCode::kUnsupportedFeature, 0, detail}; }

}  // namespace

Result<Header> read_header(Bytes bytes, Walk extent) {
  if (!bytes_at(bytes, 0, "\xff\xd8"sv)) return Error{ErrorCode::kCorruptImage, 0, "no JPEG start marker"};
  return MarkerWalk(bytes, extent).run();
}

std::size_t whole_bytes(Bytes bytes) {
  MarkerWalk walk(bytes, Walk::kWhole);
  walk.walk_to_end();
  return walk.whole_bytes();
}

std::uint64_t entropy_bytes(Bytes bytes) {
  MarkerWalk walk(bytes, Walk::kWhole);
  walk.walk_to_end();
  return walk.entropy_bytes();
}

Result<Buffer> read_profile(Bytes bytes) {
  MarkerWalk walk(bytes, Walk::kWhole);
  NETOCR_TRY(walk.run());
  return walk.profile();
}

ColorModel color_model(const Header& header) {
  switch (header.component_count) {
    case 1:
      return ColorModel::kGrey;
    case 3:
      if (header.has_jfif) return ColorModel::kYcbcr;
      if (header.has_adobe) return header.adobe_transform == 0 ? ColorModel::kRgb : ColorModel::kYcbcr;
      return has_ids(header, 'R', 'G', 'B') ? ColorModel::kRgb : ColorModel::kYcbcr;
    case 4:
      return header.has_adobe && header.adobe_transform != 0 ? ColorModel::kYcck : ColorModel::kCmyk;
    default:
      return ColorModel::kUnknown;
  }
}

Status check_variant(const Header& header) {
  if (header.process == Process::kLossless)
    return unsupported("lossless JPEG is not decoded: save it as baseline JPEG or PNG");
  if (header.process == Process::kHierarchical)
    return unsupported("hierarchical JPEG is not decoded: save it as baseline JPEG or PNG");
  if (header.bits_per_sample == 12)
    return unsupported("12-bit JPEG is not decoded: save it as JPEG of 8 bits or as PNG");
  if (header.bits_per_sample != 8)
    return unsupported("JPEG with a sample precision other than 8 bits is not decoded: save it as PNG");
  if (color_model(header) == ColorModel::kUnknown) {
    return unsupported("JPEG with two or more than four components is not decoded: save it as PNG");
  }
  return {};
}

Result<Header> read_checked_header(Bytes bytes, const Limits& limits) {
  NETOCR_ASSIGN(auto header, read_header(bytes, Walk::kFirstScan));
  NETOCR_TRY(check_variant(header));
  NETOCR_TRY(check_dimensions(header.width, header.height, limits));
  return header;
}

}  // namespace netocr::jpeg
