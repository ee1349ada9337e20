// Has one loop for each storage of samples: in planes, in blocks, with other samples between them, or
// contiguous.
#include "image/tiff/pixels.hpp"

#include <algorithm>

namespace netocr::tiff {
namespace {

SampleCoding coding_of(const Header& header, const Colors& colors) {
  // The a and b of Lab are stored as bit patterns, whatever the tag says.
  const bool is_lab = header.photometric == kPhotometricCieLab || header.photometric == kPhotometricIccLab ||
                      header.photometric == kPhotometricItuLab;
  return {header.bits_per_sample, is_lab ? SampleType::kUnsigned : header.samples, colors.is_indexed(),
          header.sample_low, header.sample_high};
}

// Converts `count` pixels of row `y % down` of a block row to Y, Cb, Cr of 16 bits each.
void unpack_blocks(const std::uint8_t* blocks, std::uint32_t count, std::array<std::uint16_t, 2> factors,
                   std::uint32_t y, std::uint16_t* out) {
  const std::uint32_t across = factors[0];
  const std::uint32_t luma_count = across * factors[1];
  const std::uint32_t first = (y % factors[1]) * across;
  for (std::uint32_t x = 0; x < count; ++x) {
    const std::uint8_t* block = blocks + std::size_t{x / across} * (luma_count + 2);
    out[3 * std::size_t{x}] = static_cast<std::uint16_t>(block[first + x % across] * 257);
    out[3 * std::size_t{x} + 1] = static_cast<std::uint16_t>(block[luma_count] * 257);
    out[3 * std::size_t{x} + 2] = static_cast<std::uint16_t>(block[luma_count + 1] * 257);
  }
}

}  // namespace

Result<Pixels> Pixels::create(const Reader& reader, const Colors& colors, const Limits& limits) {
  Pixels pixels;
  const Header& header = reader.header();
  pixels.coding_ = coding_of(header, colors);
  pixels.samples_ = colors.samples();
  NETOCR_ASSIGN(const std::size_t stored, checked_product(reader.piece_width(), reader.samples_in_plane()));
  if (stored > limits.max_decoder_bytes / sizeof(std::uint16_t)) {
    return Error{ErrorCode::kImageTooLarge, 0, "a row of the TIFF needs more memory than the limit"};
  }
  NETOCR_ASSIGN(pixels.unpacked_, Array<std::uint16_t>::create(pixels.needs_gathering(header) ? stored : 0));
  NETOCR_ASSIGN(const std::size_t wanted, checked_product(header.width, pixels.samples_));
  NETOCR_ASSIGN(pixels.pixels_, Array<std::uint16_t>::create_zeroed(wanted));
  return pixels;
}

const std::uint16_t* Pixels::unpack(const Reader& reader, std::uint32_t y) {
  for (std::uint32_t piece = 0; piece < reader.pieces(); ++piece) unpack_piece(reader, piece, y);
  return pixels_.data();
}

void Pixels::unpack_piece(const Reader& reader, std::uint32_t piece, std::uint32_t y) {
  const Header& header = reader.header();
  const std::uint32_t count = reader.pixels_in(piece);
  std::uint16_t* out = pixels_.data() + std::size_t{piece} * reader.piece_width() * samples_;
  for (std::uint32_t plane = 0; plane < reader.planes(); ++plane) {
    const std::uint8_t* packed = reader.row(plane, piece, y);
    if (packed == nullptr) continue;
    if (reader.has_chroma_blocks()) {
      unpack_blocks(packed, count, header.subsampling, y, out);
    } else if (header.planar) {
      unpack_samples(packed, count, coding_, out + plane, samples_);
    } else if (needs_gathering(header)) {
      gather(header, packed, count, out);
    } else {
      unpack_samples(packed, count * samples_, coding_, out, 1);
    }
  }
}

void Pixels::gather(const Header& header, const std::uint8_t* packed, std::uint32_t count,
                    std::uint16_t* out) {
  const std::size_t stored = header.samples_per_pixel;
  const bool has_alpha = header.alpha != Alpha::kNone;
  const std::size_t colors = samples_ - (has_alpha ? 1 : 0);
  unpack_samples(packed, count * stored, coding_, unpacked_.data(), 1);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint16_t* pixel = unpacked_.data() + i * stored;
    std::copy_n(pixel, colors, out + i * samples_);
    if (has_alpha) out[i * samples_ + colors] = pixel[header.alpha_sample];
  }
}

}  // namespace netocr::tiff
