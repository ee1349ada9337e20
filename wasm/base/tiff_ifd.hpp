// Reads image file directories of a TIFF (TIFF 6.0 section 2, BigTIFF): entries and their values, in the byte
// order of the file. Every read is checked; the meaning of the tags is left to the callers.
#pragma once

#include "base/bytes.hpp"

namespace netocr {

// The value types of unsigned numbers of 16 and 32 bits.
inline constexpr std::uint16_t kTiffShort = 3;
inline constexpr std::uint16_t kTiffLong = 4;

// A file with its byte order and offset size.
struct TiffFile {
  Bytes bytes;
  bool big_endian = false;
  bool big_tiff = false;  // offsets have 8 bytes
};

// Reads numbers in the byte order of the file. As with ByteReader, all numbers are zero after a read past the
// end.
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

// A file and the offset of its first directory.
struct TiffStart {
  TiffFile file;
  std::uint64_t directory = 0;
};
Result<TiffStart> read_tiff_start(Bytes bytes);

// An entry of a directory as it is stored.
struct TiffEntry {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint64_t count = 0;     // number of values that the entry claims
  std::uint64_t position = 0;  // position of the values if they fit into the entry, else of their offset
};

// Iterates over the entries of one directory in the order of the file. Each call of next() consumes an entry,
// so the work is bounded by the bytes; a reader that accepts fewer entries checks count().
class TiffEntries {
 public:
  // ok() is false when the file has no directory at `offset`.
  TiffEntries(const TiffFile& file, std::uint64_t offset);

  // Returns the number of entries that the directory claims.
  std::uint64_t count() const { return count_; }
  // Returns false after the last entry, and when the file ends in the directory: then ok() is false. When
  // only the value of the last entry is truncated, the entry is returned and ok() is already false.
  bool next(TiffEntry& entry);
  bool ok() const { return reader_.ok(); }
  // Returns the offset of the next directory, after the last entry was read; 0 for none.
  std::uint64_t following();

 private:
  TiffNumbers reader_;
  bool big_tiff_;
  std::uint64_t count_ = 0;
  std::uint64_t left_ = 0;
};

// A tag and its values.
struct TiffField {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  Bytes data;  // bytes of all values, a view of the file; empty when they are not in it
  bool big_endian = false;

  std::uint64_t values() const;
  // Returns value `index` as a number; zero when there is no such value.
  double real(std::uint64_t index) const;
  // Return the value saturated to 32 or 16 bits; negative values become zero.
  std::uint32_t number(std::uint64_t index = 0) const;
  std::uint16_t small_number(std::uint64_t index = 0) const;
  // Returns an offset or a length: whole numbers up to 2^53.
  std::uint64_t offset(std::uint64_t index = 0) const;
};

// Returns the values of an entry, wherever they are in the file.
TiffField read_tiff_field(const TiffFile& file, const TiffEntry& entry);

}  // namespace netocr
