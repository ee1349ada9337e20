// The compressed data of a file, inflated row by row, and what it can hold at all.
#include "image/png/rows.hpp"

#include <algorithm>
#include <new>

#include "image/png/filter.hpp"

namespace netocr::png {
namespace {

// Deflate makes at most 1032 bytes of one.
constexpr std::uint64_t kMaxDeflateRatio = 1032;
// Bytes of pixels that there may be behind the last row. A file can hold gigabytes of them.
constexpr std::size_t kMaxTail = 64 << 10;

// Pictures of more bytes than this need a byte of data for every so many of them,
// more when all of them have to be kept in memory. Photos have one for 3 at most, drawings and screens for 10
// to 100; the 1032 of deflate are reached by one colour only.
constexpr std::uint64_t kFreeBytes = 64U << 20;
constexpr std::uint64_t kMostFromByte = 256;
constexpr std::uint64_t kMostFromByteInterlaced = 64;

std::uint64_t bits_per_pixel(const Header& header) {
  constexpr std::uint8_t kChannels[] = {1, 1, 3, 1, 2, 1, 4};
  return std::uint64_t{kChannels[header.color_type]} * header.bit_depth;
}

// Bytes of pixels at the file's own depth, without filter bytes.
std::uint64_t bytes_of(const Header& header, std::uint64_t pixels) {
  return pixels * bits_per_pixel(header) / 8;
}

}  // namespace

std::size_t row_bytes(std::size_t bits_per_pixel, std::uint32_t width) {
  return static_cast<std::size_t>((std::uint64_t{width} * bits_per_pixel + 7) / 8);
}

Status check_data(const Header& header) {
  NETOCR_TRY(checked_product(header.width, bits_per_pixel(header)));
  const std::uint64_t pixels = std::uint64_t{header.width} * header.height;
  // Interlaced pixels are kept unpacked, in a byte at least.
  const std::uint64_t all =
      header.interlaced ? std::max(pixels, bytes_of(header, pixels)) : bytes_of(header, pixels);
  const std::uint64_t most =
      header.data_bytes * (header.interlaced ? kMostFromByteInterlaced : kMostFromByte);
  if (all > kFreeBytes && most < all) {
    return Error{
        ErrorCode::kCorruptImage, 0,
        "the PNG has over 64 MiB of pixels, but less than a byte of data for 256 of them (64 when it is "
        "interlaced): no photo is coded in so little"};
  }
  // Every eighth pixel of every eighth row.
  const std::uint64_t first_pass =
      bytes_of(header, ((std::uint64_t{header.width} + 7) / 8) * ((std::uint64_t{header.height} + 7) / 8));
  if (header.interlaced && header.data_bytes * kMaxDeflateRatio < first_pass)
    return Error{ErrorCode::kCorruptImage, 0, "the PNG ends in its first pass"};
  return {};
}

Result<Rows> Rows::create(Bytes file, const Header& header) {
  const std::size_t longest = row_bytes(static_cast<std::size_t>(bits_per_pixel(header)), header.width);
  NETOCR_ASSIGN(auto data, make_nothrow<Data>(file, header.first_data));
  NETOCR_ASSIGN(auto inflater, Inflater::create(*data, longest + 1));
  return Rows(std::move(data), std::move(inflater));
}

bool Rows::read(std::size_t size, const std::uint8_t* above, std::size_t pixel_bytes, std::uint8_t* row) {
  const Bytes bytes = inflater_.need(size + 1);
  if (bytes.size() <= size || bytes[0] >= kFilterCount) return false;
  undo_filter(static_cast<Filter>(bytes[0]), bytes.data() + 1, above, size, pixel_bytes, row);
  inflater_.take(size + 1);
  return true;
}

bool Rows::ends_well() {
  if (inflater_.need(kMaxTail + 1).size() > kMaxTail) return false;
  return inflater_.state() == Inflater::State::kEnded && data_->is_whole();
}

bool Rows::ends_exactly() {
  return inflater_.need(1).empty() && inflater_.state() == Inflater::State::kEnded &&
         inflater_.is_all_input_used() && data_->is_whole();
}

}  // namespace netocr::png
