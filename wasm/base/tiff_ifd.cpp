// Reads directories. Values may have any numeric type that the entry names, as writers do not agree on one.
#include "base/tiff_ifd.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace netocr {
namespace {

enum Type : std::uint16_t {
  kShort = kTiffShort,
  kLong = kTiffLong,
  kRational = 5,
  kSByte = 6,
  kSShort = 8,
  kSLong = 9,
  kSRational = 10,
  kFloat = 11,
  kDouble = 12,
  kIfd = 13,
  kLong8 = 16,
  kSLong8 = 17,
  kIfd8 = 18,
};
constexpr std::array<std::uint8_t, 19> kTypeBytes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

std::uint64_t bytes_of(std::uint16_t type) { return type < kTypeBytes.size() ? kTypeBytes[type] : 0; }

double quotient(double numerator, double denominator) {
  return denominator == 0 ? 0 : numerator / denominator;
}

}  // namespace

std::uint64_t TiffField::values() const {
  const std::uint64_t size = bytes_of(type);
  return size == 0 ? 0 : data.size() / size;
}

double TiffField::real(std::uint64_t index) const {
  if (index >= values()) return 0;
  TiffNumbers reader(data, index * bytes_of(type), big_endian);
  switch (type) {
    case kShort:
      return reader.u16();
    case kLong:
    case kIfd:
      return reader.u32();
    case kLong8:
    case kIfd8:
      return static_cast<double>(reader.u64());
    case kSByte:
      return static_cast<std::int8_t>(reader.take(1)[0]);
    case kSShort:
      return static_cast<std::int16_t>(reader.u16());
    case kSLong:
      return static_cast<std::int32_t>(reader.u32());
    case kSLong8:
      return static_cast<double>(static_cast<std::int64_t>(reader.u64()));
    case kRational: {
      const double numerator = reader.u32();
      return quotient(numerator, reader.u32());
    }
    case kSRational: {
      const double numerator = static_cast<std::int32_t>(reader.u32());
      return quotient(numerator, static_cast<std::int32_t>(reader.u32()));
    }
    case kFloat:
      return static_cast<double>(std::bit_cast<float>(reader.u32()));
    case kDouble:
      return std::bit_cast<double>(reader.u64());
    default:
      return reader.take(1)[0];
  }
}

std::uint64_t TiffField::offset(std::uint64_t index) const {
  constexpr double kMax = 9007199254740992.0;
  const double value = real(index);
  return value >= kMax ? static_cast<std::uint64_t>(kMax) : value > 0 ? static_cast<std::uint64_t>(value) : 0;
}

std::uint32_t TiffField::number(std::uint64_t index) const {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(offset(index), 0xffff'ffff));
}

std::uint16_t TiffField::small_number(std::uint64_t index) const {
  return static_cast<std::uint16_t>(std::min(number(index), 0xffffU));
}

Result<TiffStart> read_tiff_start(Bytes bytes) {
  TiffStart start{{bytes, bytes_at(bytes, 0, "MM"), false}, 0};
  if (!start.file.big_endian && !bytes_at(bytes, 0, "II")) {
    return Error{ErrorCode::kCorruptImage, 0, "not a TIFF"};
  }
  TiffNumbers reader(bytes, 2, start.file.big_endian);
  start.file.big_tiff = reader.u16() == 43;
  if (start.file.big_tiff) reader.u32();
  start.directory = reader.offset(start.file.big_tiff);
  return start;
}

TiffEntries::TiffEntries(const TiffFile& file, std::uint64_t offset)
    : reader_(file.bytes, offset, file.big_endian), big_tiff_(file.big_tiff) {
  count_ = big_tiff_ ? reader_.u64() : reader_.u16();
  left_ = count_;
}

bool TiffEntries::next(TiffEntry& entry) {
  if (left_ == 0) return false;
  --left_;
  entry.tag = reader_.u16();
  entry.type = reader_.u16();
  entry.count = reader_.offset(big_tiff_);
  entry.position = reader_.position();
  if (!ok()) return false;
  reader_.offset(big_tiff_);
  return true;
}

std::uint64_t TiffEntries::following() {
  const std::uint64_t offset = reader_.offset(big_tiff_);
  return ok() ? offset : 0;
}

TiffField read_tiff_field(const TiffFile& file, const TiffEntry& entry) {
  TiffField field{entry.tag, entry.type, {}, file.big_endian};
  const std::uint64_t size = bytes_of(entry.type);
  if (size == 0 || entry.count > file.bytes.size() / size) return field;
  TiffNumbers values(file.bytes, entry.position, file.big_endian);
  const std::uint64_t inline_bytes = file.big_tiff ? 8 : 4;
  if (entry.count * size > inline_bytes) {
    values = TiffNumbers(file.bytes, values.offset(file.big_tiff), file.big_endian);
  }
  field.data = values.take(entry.count * size);
  return field;
}

}  // namespace netocr
