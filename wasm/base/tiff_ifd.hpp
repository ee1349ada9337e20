// Image file directories of a TIFF (TIFF 6.0 section 2, BigTIFF): entries and their values, in the byte order
// of the file. Every read is checked; nothing is believed of what the tags mean.
#pragma once

#include "base/bytes.hpp"

namespace netocr {

inline constexpr std::uint16_t kTiffShort = 3;  // of a value: 16 bits, unsigned

// A file and what its first bytes say.
struct TiffFile {
  Bytes bytes;
  bool big_endian = false;
  bool big_tiff = false;  // offsets of 8 bytes
};

// Numbers of a file in its own byte order. As ByteReader: after a read past the end all are zero.
class TiffNumbers {
 public:
  TiffNumbers(Bytes bytes, std::uint64_t position, bool big_endian) : reader_(bytes), big_(big_endian) {
    reader_.seek(position);
  }
  bool ok() const { return reader_.ok(); }
  std::uint64_t position() const { return reader_.position(); }
  Bytes take(std::uint64_t count) { return reader_.take(count); }
  std::uint16_t u16() { return big_ ? reader_.u16be() : reader_.u16le(); }
  std::uint32_t u32() { return big_ ? reader_.u32be() : reader_.u32le(); }
  std::uint64_t u64() { return big_ ? reader_.u64be() : reader_.u64le(); }
  std::uint64_t offset(bool big_tiff) { return big_tiff ? u64() : u32(); }

 private:
  ByteReader reader_;
  bool big_;
};

struct TiffEntry {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  Bytes data;  // of all values, a part of the file; empty when they are not in it
  bool big_endian = false;

  std::uint64_t values() const;
  // Value `index` as a number; zero when there is no such value.
  double real(std::uint64_t index) const;
  // Saturated to 32 and to 16 bits; negative ones are zero.
  std::uint32_t number(std::uint64_t index = 0) const;
  std::uint16_t small_number(std::uint64_t index = 0) const;
  // An offset or a length: whole numbers up to 2^53.
  std::uint64_t offset(std::uint64_t index = 0) const;
};

// The file of these bytes and the offset of its first directory. Errors: CORRUPT_IMAGE.
struct TiffStart {
  TiffFile file;
  std::uint64_t directory = 0;
};
Result<TiffStart> read_tiff_start(Bytes bytes);

// The entries of one directory, in the order of the file.
class TiffEntries {
 public:
  // Errors: CORRUPT_IMAGE (no directory there, or one of more entries than libtiff reads).
  static Result<TiffEntries> at(const TiffFile& file, std::uint64_t offset);

  // False after the last one, and where the file ends in the directory: then ok() is false.
  bool next(TiffEntry& entry);
  bool ok() const { return reader_.ok(); }
  // The offset of the directory that follows this one, after the last entry; 0 for none.
  std::uint64_t following();

 private:
  TiffEntries(const TiffFile& file, std::uint64_t offset)
      : file_(file), reader_(file.bytes, offset, file.big_endian) {}

  TiffFile file_;
  TiffNumbers reader_;
  std::uint64_t left_ = 0;
};

}  // namespace netocr
