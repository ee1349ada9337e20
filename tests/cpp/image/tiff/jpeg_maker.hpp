// Takes a baseline JPEG of cjpeg apart and puts it into a TIFF of old-style JPEG (TIFF 6.0 section 22), in
// each of the ways in which writers did.
#pragma once

#include "cpp/image/joined.hpp"
#include "cpp/image/tiff/maker.hpp"

namespace netocr::testing {

struct JpegParts {
  ByteVector whole;
  std::size_t data = 0;  // offset of the entropy-coded data
  ByteVector tables;     // DQT and DHT segments
  ByteVector frame;      // SOF segment
  ByteVector scan;       // SOS segment
  // Bytes of table i without its number.
  std::map<int, ByteVector> quant, dc, ac;
  std::uint32_t components = 0;
  std::uint32_t width = 0, height = 0;
  std::uint32_t across = 1, down = 1;  // sampling factors of luma
  std::uint32_t restart_interval = 0;
  std::vector<ByteVector> intervals;  // of the data, without markers
  std::vector<std::size_t> starts;    // of each, in `whole`
};

inline void take_tables(const ByteVector& body, std::uint8_t code, JpegParts& parts) {
  for (std::size_t at = 0; at < body.size();) {
    const std::uint8_t id = body[at++];
    std::size_t size = 64;
    if (code == 0xc4) {
      size = 16;
      for (std::size_t i = 0; i < 16; ++i) size += body[at + i];
    }
    const auto begin = body.begin() + static_cast<std::ptrdiff_t>(at);
    const ByteVector table(begin, begin + static_cast<std::ptrdiff_t>(size));
    if (code == 0xdb) parts.quant[id] = table;
    if (code == 0xc4) (id < 16 ? parts.dc[id] : parts.ac[id & 15]) = table;
    at += size;
  }
}

inline void take_segment(const ByteVector& segment, JpegParts& parts) {
  const std::uint8_t code = segment[1];
  const ByteVector body(segment.begin() + 4, segment.end());
  const auto append = [](ByteVector& to, const ByteVector& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  if (code == 0xdb || code == 0xc4) {
    append(parts.tables, segment);
    take_tables(body, code, parts);
  } else if (code == 0xc0 || code == 0xc2) {
    parts.frame = segment;
    parts.height = body[1] * 256U + body[2];
    parts.width = body[3] * 256U + body[4];
    parts.components = body[5];
    if (parts.components > 1) {
      parts.across = body[7] >> 4;
      parts.down = body[7] & 15;
    }
  } else if (code == 0xdd) {
    parts.restart_interval = body[0] * 256U + body[1];
  } else if (code == 0xda) {
    parts.scan = segment;
  }
}

inline JpegParts take_apart(const ByteVector& jpeg) {
  JpegParts parts;
  parts.whole = jpeg;
  std::size_t at = 2;
  while (parts.scan.empty() && at + 4 < jpeg.size()) {
    const std::size_t end = at + 2 + jpeg[at + 2] * 256U + jpeg[at + 3];
    take_segment(ByteVector(jpeg.begin() + static_cast<std::ptrdiff_t>(at),
                            jpeg.begin() + static_cast<std::ptrdiff_t>(end)),
                 parts);
    at = end;
  }
  parts.data = at;
  const std::size_t eoi = jpeg.size() - 2;
  parts.starts.push_back(at);
  parts.intervals.emplace_back();
  for (; at < eoi; ++at) {
    if (jpeg[at] == 0xff && (jpeg[at + 1] & 0xf8) == 0xd0) {
      ++at;
      parts.starts.push_back(at + 1);
      parts.intervals.emplace_back();
      continue;
    }
    parts.intervals.back().push_back(jpeg[at]);
  }
  return parts;
}

inline const ByteVector kSoi = {0xff, 0xd8};
inline const ByteVector kEoi = {0xff, 0xd9};

// Where the parts of the JPEG are. A strip is one interval of the JPEG, whatever has no restarts is one
// strip.
enum class OldJpegWay {
  kTables,           // in tags; bare data in strips
  kStream,           // JPEGInterchangeFormat has all of it; the strips are the intervals in it
  kStreamAtStart,    // and the only strip is the stream itself
  kStreamAlone,      // and no strips are listed
  kStreamElsewhere,  // and the strips point to nothing
  kHead,             // JPEGInterchangeFormat ends with SOS, bare data in strips
  kHeadAndStrips,    // the same, the strips directly behind it and without a length
  kFrameOnly,        // JPEGInterchangeFormat ends with SOF
  kFirstStrip,       // the first strip begins with all of that, and no tag tells
};

struct OldJpegSpec {
  OldJpegWay way = OldJpegWay::kTables;
  std::map<std::uint16_t, TiffTag> tags{};  // further ones, or instead of those that follow
  bool big_endian = false;
};

class OldJpegWriter {
 public:
  OldJpegWriter(const JpegParts& jpeg, const OldJpegSpec& spec)
      : jpeg_(jpeg), spec_(spec), layout_(make_layout(spec)), writer_(layout_) {}

  ByteVector file() {
    switch (spec_.way) {
      case OldJpegWay::kTables:
        put_tables();
        put_strips({});
        break;
      case OldJpegWay::kStream:
      case OldJpegWay::kStreamAtStart:
      case OldJpegWay::kStreamAlone:
      case OldJpegWay::kStreamElsewhere:
        put_stream();
        break;
      case OldJpegWay::kHead:
        put_strips({});
        put_head(joined({kSoi, jpeg_.tables, jpeg_.frame, jpeg_.scan}));
        break;
      case OldJpegWay::kHeadAndStrips:
        put_head(joined({kSoi, jpeg_.tables, jpeg_.frame, jpeg_.scan}));
        tags_.erase(514);
        put_strips({});
        break;
      case OldJpegWay::kFrameOnly:
        put_head(joined({kSoi, jpeg_.tables, jpeg_.frame}));
        put_strips({});
        break;
      case OldJpegWay::kFirstStrip:
        put_strips(joined({kSoi, jpeg_.tables, jpeg_.frame, jpeg_.scan}));
        break;
    }
    put_directory();
    return writer_.file();
  }

 private:
  static TiffSpec make_layout(const OldJpegSpec& spec) {
    TiffSpec layout;
    layout.big_endian = spec.big_endian;
    return layout;
  }

  void put_tables() {
    std::vector<double> quant, dc, ac;
    for (std::uint32_t i = 0; i < jpeg_.components; ++i) {
      const int id = i == 0 ? 0 : 1;
      // As writers do, Cr has the offsets of Cb.
      quant.push_back(i == 2 ? quant[1] : writer_.blob(jpeg_.quant.at(id)));
      dc.push_back(i == 2 ? dc[1] : writer_.blob(jpeg_.dc.at(id)));
      ac.push_back(i == 2 ? ac[1] : writer_.blob(jpeg_.ac.at(id)));
    }
    tags_[519] = {TiffType::kLong, quant};
    tags_[520] = {TiffType::kLong, dc};
    tags_[521] = {TiffType::kLong, ac};
  }

  void put_head(const ByteVector& head) {
    tags_[513] = {TiffType::kLong, {writer_.blob(head)}};
    tags_[514] = {TiffType::kLong, {static_cast<double>(head.size())}};
  }

  void put_stream() {
    put_head(jpeg_.whole);
    if (spec_.way == OldJpegWay::kStreamAlone) return;
    const double begin = tags_[513].values[0];
    if (spec_.way == OldJpegWay::kStreamAtStart) return list_strip(begin, jpeg_.whole.size());
    for (std::size_t i = 0; i < jpeg_.intervals.size(); ++i) {
      const bool is_there = spec_.way == OldJpegWay::kStream;
      list_strip(is_there ? begin + static_cast<double>(jpeg_.starts[i]) : 4e8, jpeg_.intervals[i].size());
    }
  }

  void put_strips(const ByteVector& before_first) {
    for (std::size_t i = 0; i < jpeg_.intervals.size(); ++i) {
      const ByteVector strip = i == 0 ? joined({before_first, jpeg_.intervals[i]}) : jpeg_.intervals[i];
      list_strip(writer_.blob(strip), strip.size());
    }
  }

  void list_strip(double offset, std::size_t size) {
    offsets_.push_back(offset);
    lengths_.push_back(static_cast<double>(size));
  }

  std::uint32_t rows_per_strip() const {
    if (jpeg_.intervals.size() == 1) return jpeg_.height;
    const std::uint32_t across = (jpeg_.width + 8 * jpeg_.across - 1) / (8 * jpeg_.across);
    return jpeg_.restart_interval / across * 8 * jpeg_.down;
  }

  void put_directory() {
    std::map<std::uint16_t, TiffTag> tags = spec_.tags;
    tags.insert(tags_.begin(), tags_.end());
    const auto add = [&tags](std::uint16_t tag, std::vector<double> values) {
      tags.insert({tag, {TiffType::kLong, std::move(values)}});
    };
    add(256, {1.0 * jpeg_.width});
    add(257, {1.0 * jpeg_.height});
    add(258, std::vector<double>(jpeg_.components, 8));
    add(259, {6});
    add(262, {jpeg_.components == 1 ? 1.0 : 6.0});
    if (!offsets_.empty()) {
      add(273, offsets_);
      add(279, lengths_);
    }
    add(277, {1.0 * jpeg_.components});
    add(278, {1.0 * rows_per_strip()});
    add(512, {1});
    if (jpeg_.components == 3) add(530, {1.0 * jpeg_.across, 1.0 * jpeg_.down});
    std::erase_if(tags, [](const auto& entry) { return entry.second.values.empty(); });
    writer_.directory(tags);
  }

  JpegParts jpeg_;
  OldJpegSpec spec_;
  TiffSpec layout_;
  TiffWriter writer_;
  std::map<std::uint16_t, TiffTag> tags_;
  std::vector<double> offsets_, lengths_;
};

inline ByteVector make_old_jpeg(const JpegParts& jpeg, const OldJpegSpec& spec) {
  return OldJpegWriter(jpeg, spec).file();
}

}  // namespace netocr::testing
