// Decodes the codes of T.4 tables 2, 3a and 3b. A row alternates white and black runs; a run is any number of
// make-up codes and one terminating code.
#include "image/bmp/huffman.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace netocr::bmp {
namespace {

constexpr unsigned kLongestCode = 13;
constexpr std::size_t kCodeSpace = 1U << kLongestCode;
constexpr std::uint32_t kCodeCount = 104;
// The max is more than the uncompressed size of the largest picture. It keeps positions in bits within 32
// bits, and searches short.
constexpr std::size_t kMaxBytes = 16U << 20;
constexpr unsigned kEndOfLineZeroes = 11;  // min number of zeroes before the one

// Code words with a one prepended to their first bit. Entry i stands for a run of i pixels, from 64 on for 64
// * (i - 63); the last 13 are the same for both colours.
constexpr std::uint16_t kCodeWords[2][kCodeCount] = {
    {0x135, 0x47,  0x17,  0x18,   0x1b,   0x1c,   0x1e,   0x1f,   0x33,   0x34,   0x27,   0x28,   0x48,
     0x43,  0x74,  0x75,  0x6a,   0x6b,   0xa7,   0x8c,   0x88,   0x97,   0x83,   0x84,   0xa8,   0xab,
     0x93,  0xa4,  0x98,  0x102,  0x103,  0x11a,  0x11b,  0x112,  0x113,  0x114,  0x115,  0x116,  0x117,
     0x128, 0x129, 0x12a, 0x12b,  0x12c,  0x12d,  0x104,  0x105,  0x10a,  0x10b,  0x152,  0x153,  0x154,
     0x155, 0x124, 0x125, 0x158,  0x159,  0x15a,  0x15b,  0x14a,  0x14b,  0x132,  0x133,  0x134,  0x3b,
     0x32,  0x57,  0xb7,  0x136,  0x137,  0x164,  0x165,  0x168,  0x167,  0x2cc,  0x2cd,  0x2d2,  0x2d3,
     0x2d4, 0x2d5, 0x2d6, 0x2d7,  0x2d8,  0x2d9,  0x2da,  0x2db,  0x298,  0x299,  0x29a,  0x58,   0x29b,
     0x808, 0x80c, 0x80d, 0x1012, 0x1013, 0x1014, 0x1015, 0x1016, 0x1017, 0x101c, 0x101d, 0x101e, 0x101f},
    {0x437,  0xa,    0x7,    0x6,    0xb,    0x13,   0x12,   0x23,   0x45,   0x44,   0x84,   0x85,   0x87,
     0x104,  0x107,  0x218,  0x417,  0x418,  0x408,  0x867,  0x868,  0x86c,  0x837,  0x828,  0x817,  0x818,
     0x10ca, 0x10cb, 0x10cc, 0x10cd, 0x1068, 0x1069, 0x106a, 0x106b, 0x10d2, 0x10d3, 0x10d4, 0x10d5, 0x10d6,
     0x10d7, 0x106c, 0x106d, 0x10da, 0x10db, 0x1054, 0x1055, 0x1056, 0x1057, 0x1064, 0x1065, 0x1052, 0x1053,
     0x1024, 0x1037, 0x1038, 0x1027, 0x1028, 0x1058, 0x1059, 0x102b, 0x102c, 0x105a, 0x1066, 0x1067, 0x40f,
     0x10c8, 0x10c9, 0x105b, 0x1033, 0x1034, 0x1035, 0x206c, 0x206d, 0x204a, 0x204b, 0x204c, 0x204d, 0x2072,
     0x2073, 0x2074, 0x2075, 0x2076, 0x2077, 0x2052, 0x2053, 0x2054, 0x2055, 0x205a, 0x205b, 0x2064, 0x2065,
     0x808,  0x80c,  0x80d,  0x1012, 0x1013, 0x1014, 0x1015, 0x1016, 0x1017, 0x101c, 0x101d, 0x101e, 0x101f},
};

// Stores for each 13 bits the code word that they begin with: its length in the upper byte, its entry in the
// lower one; 0 when there is none.
void expand_codes(std::uint16_t* codes) {
  std::fill_n(codes, 2 * kCodeSpace, std::uint16_t{0});
  for (const auto& words : kCodeWords) {
    for (std::uint32_t entry = 0; entry < kCodeCount; ++entry) {
      const auto length = static_cast<unsigned>(std::bit_width(words[entry])) - 1;
      const unsigned rest = kLongestCode - length;
      const std::size_t first = (words[entry] - (std::size_t{1} << length)) << rest;
      std::fill_n(codes + first, std::size_t{1} << rest, static_cast<std::uint16_t>(length << 8 | entry));
    }
    codes += kCodeSpace;
  }
}

class BitReader {
 public:
  BitReader(Bytes bytes, std::uint32_t position) : bytes_(bytes), position_(position) {}

  std::uint32_t position() const { return static_cast<std::uint32_t>(position_); }
  bool at_end() const { return position_ >= bytes_.size() * std::uint64_t{8}; }
  bool behind_end() const { return position_ > bytes_.size() * std::uint64_t{8}; }
  void skip(unsigned bits) { position_ += bits; }

  // Returns the next 13 bits, zeroes after the end.
  std::uint32_t peek() const {
    std::uint32_t window = 0;
    for (std::uint64_t i = position_ / 8; i < position_ / 8 + 3; ++i) {
      window = window << 8 | (i < bytes_.size() ? bytes_[static_cast<std::size_t>(i)] : 0U);
    }
    return window >> (24 - kLongestCode - position_ % 8) & (kCodeSpace - 1);
  }

  // Returns true also before zeroes at the end.
  bool before_end_of_line() const { return peek() >> (kLongestCode - kEndOfLineZeroes) == 0; }

  // Skips an end-of-line code if one is next, whatever its number of zeroes.
  bool skip_end_of_line() {
    if (!before_end_of_line()) return false;
    while (!at_end() && peek() < kCodeSpace / 2) skip(1);
    skip(1);
    return true;
  }

  // Returns whether an end-of-line code is next whose last bit is in the stream.
  bool before_whole_end_of_line() const {
    BitReader behind = *this;
    return behind.skip_end_of_line() && !behind.behind_end();
  }

  // Moves to the next end-of-line code, or to the end.
  void find_end_of_line() {
    while (!at_end() && !before_end_of_line()) skip(1);
  }

 private:
  Bytes bytes_;
  std::uint64_t position_;
};

enum class RowEnd : std::uint8_t { kWidth, kEndOfLine, kDamaged };

// Reads the runs of a row up to its width. `draw(begin, end)` is called for black runs.
template <typename Draw>
RowEnd read_row(BitReader& reader, const std::uint16_t* codes, std::uint32_t width, Draw draw) {
  bool black = false;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  while (end < width || begin < end) {
    const std::uint16_t code = codes[(black ? kCodeSpace : 0) + reader.peek()];
    if (code == 0) {
      if (black) draw(begin, end);
      return reader.before_end_of_line() && !reader.at_end() ? RowEnd::kEndOfLine : RowEnd::kDamaged;
    }
    reader.skip(code >> 8);
    const std::uint32_t entry = code & 255U;
    end = std::min(width, end + (entry < 64 ? entry : 64 * (entry - 63)));
    if (entry >= 64) continue;
    if (black) draw(begin, end);
    begin = end;
    black = !black;
  }
  return RowEnd::kWidth;
}

}  // namespace

Result<HuffmanRows> HuffmanRows::create(const Header& header) {
  const std::uint32_t width = header.width;
  const std::uint32_t height = header.height;
  HuffmanRows rows;
  rows.stream_ = header.pixels.first(std::min(header.pixels.size(), kMaxBytes));
  rows.width_ = width;
  NETOCR_ASSIGN(rows.starts_, Array<std::uint32_t>::create(height));
  NETOCR_ASSIGN(rows.codes_, Array<std::uint16_t>::create(2 * kCodeSpace));
  expand_codes(rows.codes_.data());

  BitReader reader(rows.stream_, 0);
  const bool has_line_ends = reader.before_end_of_line();
  const auto ignore = [](std::uint32_t, std::uint32_t) {};
  while (rows.rows_ < height) {
    unsigned line_ends = 0;
    while (!reader.at_end() && reader.skip_end_of_line()) ++line_ends;
    // Two end-of-line codes in a row mark the end of the picture.
    if (reader.at_end() || line_ends > 1) break;
    rows.starts_[rows.rows_++] = reader.position();
    const RowEnd end = read_row(reader, rows.codes_.data(), width, ignore);
    // With the zeroes behind the end a truncated code word can look like a shorter one or an end of line.
    const bool is_there = end == RowEnd::kWidth ? !reader.behind_end() : reader.before_whole_end_of_line();
    const bool sound = end != RowEnd::kDamaged && is_there;
    if (sound) ++rows.whole_rows_;
    if (sound && (!has_line_ends || reader.before_end_of_line())) continue;
    rows.truncated_ = true;
    reader.find_end_of_line();
  }
  if (rows.rows_ == 0) return Error{ErrorCode::kCorruptImage, 0, "the Huffman stream of the BMP is empty"};
  rows.truncated_ = rows.truncated_ || rows.rows_ < height;
  return rows;
}

void HuffmanRows::decode(std::uint32_t row, std::uint8_t* indices) const {
  std::memset(indices, 0, width_);
  if (row >= rows_) return;
  BitReader reader(stream_, starts_[row]);
  (void)read_row(reader, codes_.data(), width_, [indices](std::uint32_t begin, std::uint32_t end) {
    std::fill(indices + begin, indices + end, std::uint8_t{1});
  });
}

}  // namespace netocr::bmp
