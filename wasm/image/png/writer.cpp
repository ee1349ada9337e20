// Compresses the rows and assembles the file by PNG specification sections 5 (datastream), 7.2 (packing of
// samples) and 11 (chunks).
#include "image/png/writer.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "image/png/checksums.hpp"
#include "image/png/deflate.hpp"
#include "image/png/row_filter.hpp"
#include "image/png/rows.hpp"

namespace netocr::png {
namespace {

constexpr std::size_t kHeaderBytes = 13;
constexpr std::size_t kMaxChunkBytes = 0x7fff'ffff;
// The max factor by which a stream is expected to become smaller than its estimate. Screenshots and noise
// become 1.2 to 1.5 times smaller, dithered pictures 2 times; only smooth gradients, which are tiny either
// way, over 3 times.
constexpr std::size_t kMaxGain = 4;

using Effort = Deflater::Effort;

void put32(std::uint8_t* to, std::size_t value) {
  for (int i = 0; i < 4; ++i) to[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

// Returns the size of the file without the stream in IDAT.
std::size_t frame_bytes(const Picture& picture) {
  const std::size_t palette = picture.palette_bytes == 0 ? 0 : kChunkOverhead + picture.palette_bytes;
  return kSignature.size() + 3 * kChunkOverhead + kHeaderBytes + palette;
}

// Packs a row: samples of less than 8 bits share bytes, the first in the highest bits. Values that were
// scaled to 8 bits have the original value in their highest bits.
void pack_row(const Picture& picture, std::uint32_t y, MutableBytes row) {
  const std::size_t count = picture.width * picture.channels();
  const std::uint8_t* const samples = picture.samples.data() + y * count;
  const unsigned depth = picture.bit_depth;
  if (depth == 8) {
    std::memcpy(row.data(), samples, count);
    return;
  }
  const unsigned scale = picture.form == Picture::Form::kGrey ? 8 - depth : 0;
  std::fill(row.begin(), row.end(), std::uint8_t{0});
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t bit = i * depth;
    const unsigned value = static_cast<unsigned>(samples[i]) >> scale;
    row[bit / 8] = static_cast<std::uint8_t>(row[bit / 8] | value << (8 - depth - bit % 8));
  }
}

// Returns the stream of all rows; nothing when it would have more than `max_bytes`.
Result<std::optional<Deflater>> compress(const Picture& picture, Effort effort, bool is_filtered,
                                         std::size_t max_bytes) {
  const std::size_t bits = picture.bits_per_pixel();
  const std::size_t row_size = row_bytes(bits, picture.width);
  NETOCR_ASSIGN(auto rows, RowFilter::create(row_size, std::max<std::size_t>(bits / 8, 1)));
  NETOCR_ASSIGN(Deflater deflater,
                Deflater::create({effort, is_filtered, (1 + row_size) * picture.height, max_bytes}));
  for (std::uint32_t y = 0; y <= picture.height; ++y) {
    if (y < picture.height) pack_row(picture, y, rows.row());
    NETOCR_ASSIGN(auto fits,
                  y < picture.height ? deflater.add(rows.filtered(is_filtered)) : deflater.finish());
    if (!fits) return std::optional<Deflater>();
  }
  return std::optional(std::move(deflater));
}

// Returns whether filters make the stream smaller, by an estimate of both; nothing when neither can reach
// `max_bytes`.
Result<std::optional<bool>> gains_by_filters(const Picture& picture, std::size_t max_bytes) {
  const std::size_t limit = std::min(max_bytes, kMaxChunkBytes / kMaxGain) * kMaxGain;
  NETOCR_ASSIGN(const auto& plain, compress(picture, Effort::kEstimate, false, limit));
  const std::size_t less = plain ? plain->stream().size() - 1 : limit;
  NETOCR_ASSIGN(const auto& filtered, compress(picture, Effort::kEstimate, true, less));
  if (!plain && !filtered) return std::optional<bool>();
  return std::optional(filtered.has_value());
}

class FileWriter {
 public:
  static Result<FileWriter> create(std::size_t size) {
    NETOCR_ASSIGN(auto file, Buffer::create(size));
    return FileWriter(std::move(file));
  }

  void put(Bytes bytes) {
    if (bytes.empty()) return;
    std::memcpy(file_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void put_chunk(std::string_view type, Bytes data) {
    put_number(data.size());
    const std::size_t start = size_;
    put(as_bytes(type));
    put(data);
    put_number(crc_.of({file_.data() + start, size_ - start}));
  }
  Buffer take() { return std::move(file_); }

 private:
  explicit FileWriter(Buffer file) : file_(std::move(file)) {}

  void put_number(std::size_t value) {
    put32(file_.data() + size_, value);
    size_ += 4;
  }

  Crc32 crc_;
  Buffer file_;
  std::size_t size_ = 0;
};

Result<Buffer> assemble(const Picture& picture, Bytes stream) {
  NETOCR_ASSIGN(auto file, FileWriter::create(frame_bytes(picture) + stream.size()));
  std::uint8_t header[kHeaderBytes] = {};  // the methods are 0, not interlaced
  put32(header, picture.width);
  put32(header + 4, picture.height);
  header[8] = picture.bit_depth;
  header[9] = static_cast<std::uint8_t>(picture.form);
  file.put(as_bytes(kSignature));
  file.put_chunk("IHDR", header);
  if (picture.palette_bytes != 0) file.put_chunk("PLTE", Bytes(picture.palette).first(picture.palette_bytes));
  file.put_chunk("IDAT", stream);
  file.put_chunk("IEND", {});
  return file.take();
}

}  // namespace

Result<std::optional<Buffer>> write(const Picture& picture, std::size_t max_bytes) {
  const std::size_t frame = frame_bytes(picture);
  if (max_bytes <= frame) return std::optional<Buffer>();
  const std::size_t room = std::min(max_bytes - frame, kMaxChunkBytes);
  NETOCR_ASSIGN(const auto& is_filtered, gains_by_filters(picture, room));
  if (!is_filtered) return std::optional<Buffer>();
  NETOCR_ASSIGN(const auto& rows, compress(picture, Effort::kBest, *is_filtered, room));
  if (!rows) return std::optional<Buffer>();
  NETOCR_ASSIGN(auto file, assemble(picture, rows->stream()));
  return std::optional(std::move(file));
}

}  // namespace netocr::png
