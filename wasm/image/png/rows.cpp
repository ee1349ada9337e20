// Inflates the compressed data of a file row by row, and checks that it can contain the picture.
#include "image/png/rows.hpp"

#include <algorithm>
#include <new>

#include "image/png/filter.hpp"

namespace netocr::png {
namespace {

// Deflate expands a byte to at most 1032 bytes.
constexpr std::uint64_t kMaxDeflateRatio = 1032;
// The max number of pixel bytes behind the last row that are tolerated. A file can contain gigabytes of them.
constexpr std::size_t kMaxTail = 64 << 10;

// Pictures of more than kFreeBytes need a byte of data for every kMaxFromByte bytes of pixels, for fewer when
// all pixels have to be kept in memory. Photos have at most 3 bytes of pixels per byte, drawings and
// screenshots 10 to 100; only a single colour reaches deflate's 1032.
constexpr std::uint64_t kFreeBytes = 64U << 20;
constexpr std::uint64_t kMaxFromByte = 256;
constexpr std::uint64_t kMaxFromByteInterlaced = 64;

std::uint64_t bits_per_pixel(const Header& header) {
  constexpr std::uint8_t kChannels[] = {1, 1, 3, 1, 2, 1, 4};
  return std::uint64_t{kChannels[header.color_type]} * header.bit_depth;
}

// Returns the size of the pixels at the file's own depth, without filter bytes.
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
  // Interlaced pixels are kept unpacked, in at least one byte each.
  const std::uint64_t all =
      header.interlaced ? std::max(pixels, bytes_of(header, pixels)) : bytes_of(header, pixels);
  const std::uint64_t max_data =
      header.data_bytes * (header.interlaced ? kMaxFromByteInterlaced : kMaxFromByte);
  if (all > kFreeBytes && max_data < all) {
    return Error{
        ErrorCode::kCorruptImage, 0,
        "the PNG has over 64 MiB of pixels, but less than a byte of data for 256 of them (64 when it is "
        "interlaced): no photo is coded in so little"};
  }
  // The first pass has every eighth pixel of every eighth row.
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
