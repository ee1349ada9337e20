// Writes TIFF files by hand: every byte order, header, layout and depth, uncompressed, with any further tag.
#pragma once

#include <bit>
#include <functional>
#include <map>

#include "cpp/image/decoding.hpp"

namespace netocr::testing {

enum class TiffType : std::uint16_t {
  kByte = 1,
  kShort = 3,
  kLong = 4,
  kRational = 5,
  kUndefined = 7,
  kFloat = 11
};

struct TiffTag {
  TiffType type = TiffType::kShort;
  std::vector<double> values;
};

struct TiffSpec {
  std::uint32_t width = 37;
  std::uint32_t height = 21;
  std::uint32_t samples = 1;
  std::uint32_t bits = 8;
  std::uint16_t photometric = 1;
  bool big_endian = false;
  bool big_tiff = false;
  bool planar = false;
  std::uint32_t rows_per_strip = 5;
  std::uint32_t tile_width = 0;  // 0: strips
  std::uint32_t tile_height = 0;
  std::uint32_t across = 1;  // chroma subsampling of YCbCr; then samples is 3 and bits 8
  std::uint32_t down = 1;
  // The bits of a sample: of a float its IEEE 754 pattern.
  std::function<std::uint64_t(std::uint32_t x, std::uint32_t y, std::uint32_t sample)> value =
      [](std::uint32_t x, std::uint32_t y, std::uint32_t sample) {
        return std::uint64_t{x} * 7 + y * 11 + sample * 50;
      };
  // Compresses the bytes of a strip or tile; tag 259 is to say how.
  std::function<ByteVector(const ByteVector&)> compress{};
  std::map<std::uint16_t, TiffTag> tags{};  // further ones, or instead of those that follow from the rest
};

class TiffWriter {
 public:
  explicit TiffWriter(const TiffSpec& spec) : spec_(spec) {
    text(spec.big_endian ? "MM" : "II");
    put(spec.big_tiff ? 43 : 42, 2);
    if (spec.big_tiff) {
      put(8, 2);
      put(0, 2);
    }
    link_ = file_.size();
    put(0, offset_bytes());
  }

  // Appends a page: its pixels, its directory, and the link to it.
  void page(const TiffSpec& spec) {
    put_pixels(spec);
    put_directory(all_tags(), true);
  }
  // A page that no other links to. Gives the offset of its directory, for the tag SubIFDs (330) of another.
  double sub_page(const TiffSpec& spec) {
    put_pixels(spec);
    return put_directory(all_tags(), false);
  }
  // Appends bytes that a tag points to; gives their offset.
  double blob(const ByteVector& bytes) {
    const std::size_t at = file_.size();
    file_.insert(file_.end(), bytes.begin(), bytes.end());
    return static_cast<double>(at);
  }
  // Appends a directory of just these tags, and the link to it.
  void directory(const std::map<std::uint16_t, TiffTag>& tags) { put_directory(tags, true); }

  ByteVector file() const { return file_; }

 private:
  std::size_t offset_bytes() const { return spec_.big_tiff ? 8 : 4; }

  void put_pixels(const TiffSpec& spec) {
    spec_ = spec;
    offsets_.clear();
    lengths_.clear();
    const std::uint32_t planes = spec.planar ? spec.samples : 1;
    for (std::uint32_t plane = 0; plane < planes; ++plane) put_plane(plane);
  }

  void text(const char* letters) {
    for (; *letters != 0; ++letters) file_.push_back(static_cast<std::uint8_t>(*letters));
  }
  void put(std::uint64_t value, std::size_t count) { put_into(file_, value, count); }
  void put_into(ByteVector& bytes, std::uint64_t value, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t shift = 8 * (spec_.big_endian ? count - 1 - i : i);
      bytes.push_back(static_cast<std::uint8_t>(value >> shift));
    }
  }

  void put_plane(std::uint32_t plane) {
    const bool tiled = spec_.tile_width > 0;
    const std::uint32_t high = tiled ? spec_.tile_height : spec_.rows_per_strip;
    const std::uint32_t wide = tiled ? spec_.tile_width : spec_.width;
    for (std::uint32_t y = 0; y < spec_.height; y += high) {
      for (std::uint32_t x = 0; x < spec_.width; x += wide) {
        const std::uint32_t rows = tiled ? high : std::min(high, spec_.height - y);
        offsets_.push_back(static_cast<double>(file_.size()));
        spec_.across* spec_.down > 1 ? put_blocks(x, y, wide, rows) : put_piece(x, y, wide, rows, plane);
        if (spec_.compress) compress_from(static_cast<std::ptrdiff_t>(offsets_.back()));
        lengths_.push_back(static_cast<double>(file_.size()) - offsets_.back());
      }
    }
  }

  void compress_from(std::ptrdiff_t start) {
    const ByteVector packed = spec_.compress(ByteVector(file_.begin() + start, file_.end()));
    file_.erase(file_.begin() + start, file_.end());
    file_.insert(file_.end(), packed.begin(), packed.end());
  }

  // Beyond the edges of the picture tiles repeat it.
  std::uint64_t sample(std::uint32_t x, std::uint32_t y, std::uint32_t s) const {
    return spec_.value(std::min(x, spec_.width - 1), std::min(y, spec_.height - 1), s);
  }

  void put_piece(std::uint32_t left, std::uint32_t top, std::uint32_t wide, std::uint32_t rows,
                 std::uint32_t plane) {
    for (std::uint32_t y = top; y < top + rows; ++y) {
      std::uint32_t held = 0;
      std::uint32_t window = 0;
      for (std::uint32_t x = left; x < left + wide; ++x) {
        for (std::uint32_t s = 0; s < (spec_.planar ? 1 : spec_.samples); ++s) {
          const std::uint64_t value = sample(x, y, spec_.planar ? plane : s);
          if (spec_.bits % 8 == 0) {
            put(value, spec_.bits / 8);
            continue;
          }
          window = window << spec_.bits | (static_cast<std::uint32_t>(value) & ((1U << spec_.bits) - 1));
          for (held += spec_.bits; held >= 8; held -= 8)
            file_.push_back(static_cast<std::uint8_t>(window >> (held - 8)));
        }
      }
      if (held > 0) file_.push_back(static_cast<std::uint8_t>(window << (8 - held)));
    }
  }

  // Blocks of luma with the chroma of their first pixel.
  void put_blocks(std::uint32_t left, std::uint32_t top, std::uint32_t wide, std::uint32_t rows) {
    for (std::uint32_t y = top; y < top + rows; y += spec_.down) {
      for (std::uint32_t x = left; x < left + wide; x += spec_.across) {
        for (std::uint32_t j = 0; j < spec_.down; ++j) {
          for (std::uint32_t i = 0; i < spec_.across; ++i) put(sample(x + i, y + j, 0), 1);
        }
        put(sample(x, y, 1), 1);
        put(sample(x, y, 2), 1);
      }
    }
  }

  std::map<std::uint16_t, TiffTag> all_tags() const {
    const TiffType offset = TiffType::kLong;
    std::map<std::uint16_t, TiffTag> tags = spec_.tags;
    const auto add = [&tags](std::uint16_t tag, TiffType type, std::vector<double> values) {
      tags.insert({tag, {type, std::move(values)}});
    };
    add(256, TiffType::kLong, {static_cast<double>(spec_.width)});
    add(257, TiffType::kLong, {static_cast<double>(spec_.height)});
    add(258, TiffType::kShort, std::vector<double>(spec_.samples, spec_.bits));
    add(259, TiffType::kShort, {1});
    add(262, TiffType::kShort, {static_cast<double>(spec_.photometric)});
    add(277, TiffType::kShort, {static_cast<double>(spec_.samples)});
    if (spec_.planar) add(284, TiffType::kShort, {2});
    if (spec_.photometric == 6) add(530, TiffType::kShort, {1.0 * spec_.across, 1.0 * spec_.down});
    if (spec_.tile_width > 0) {
      add(322, TiffType::kLong, {static_cast<double>(spec_.tile_width)});
      add(323, TiffType::kLong, {static_cast<double>(spec_.tile_height)});
      add(324, offset, offsets_);
      add(325, offset, lengths_);
    } else {
      add(273, offset, offsets_);
      add(278, TiffType::kLong, {static_cast<double>(spec_.rows_per_strip)});
      add(279, offset, lengths_);
    }
    return tags;
  }

  ByteVector encode(const TiffTag& tag) const {
    ByteVector bytes;
    for (const double value : tag.values) {
      switch (tag.type) {
        case TiffType::kByte:
        case TiffType::kUndefined:
          put_into(bytes, static_cast<std::uint64_t>(value), 1);
          break;
        case TiffType::kShort:
          put_into(bytes, static_cast<std::uint64_t>(value), 2);
          break;
        case TiffType::kLong:
          put_into(bytes, static_cast<std::uint64_t>(value), 4);
          break;
        case TiffType::kRational:
          put_into(bytes, static_cast<std::uint64_t>(std::lround(value * 10000)), 4);
          put_into(bytes, 10000, 4);
          break;
        case TiffType::kFloat:
          put_into(bytes, std::bit_cast<std::uint32_t>(static_cast<float>(value)), 4);
          break;
      }
    }
    return bytes;
  }

  double put_directory(const std::map<std::uint16_t, TiffTag>& tags, bool is_linked) {
    std::map<std::uint16_t, ByteVector> fields;
    for (const auto& [number, tag] : tags) {
      ByteVector data = encode(tag);
      if (data.size() > offset_bytes()) {
        if (file_.size() % 2 != 0) file_.push_back(0);
        const std::size_t at = file_.size();
        file_.insert(file_.end(), data.begin(), data.end());
        data.clear();
        put_into(data, at, offset_bytes());
      }
      data.resize(offset_bytes(), 0);
      fields[number] = data;
    }
    if (file_.size() % 2 != 0) file_.push_back(0);
    const std::size_t at = file_.size();
    ByteVector link;
    put_into(link, at, offset_bytes());
    if (is_linked) std::copy(link.begin(), link.end(), file_.begin() + static_cast<std::ptrdiff_t>(link_));
    put(tags.size(), spec_.big_tiff ? 8 : 2);
    for (const auto& [number, tag] : tags) {
      put(number, 2);
      put(static_cast<std::uint16_t>(tag.type), 2);
      put(tag.values.size(), offset_bytes());
      file_.insert(file_.end(), fields[number].begin(), fields[number].end());
    }
    if (is_linked) link_ = file_.size();
    put(0, offset_bytes());
    return static_cast<double>(at);
  }

  TiffSpec spec_;
  ByteVector file_;
  std::size_t link_ = 0;  // where the offset of the next directory goes
  std::vector<double> offsets_;
  std::vector<double> lengths_;
};

inline ByteVector make_tiff(const TiffSpec& spec) {
  TiffWriter writer(spec);
  writer.page(spec);
  return writer.file();
}

}  // namespace netocr::testing
