// Image file directories of a TIFF (TIFF 6.0 section 2, BigTIFF): entries and their values, in the byte order
// of the file. Every read is checked; nothing is believed of what the tags mean.
#pragma once

#include "base/bytes.hpp"

namespace netocr {

// Types of a value: unsigned numbers of 16 and 32 bits.
inline constexpr std::uint16_t kTiffShort = 3;
inline constexpr std::uint16_t kTiffLong = 4;

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

// The file of these bytes and the offset of its first directory. Errors: CORRUPT_IMAGE.
struct TiffStart {
  TiffFile file;
  std::uint64_t directory = 0;
};
Result<TiffStart> read_tiff_start(Bytes bytes);

// An entry of a directory as it is stored.
struct TiffEntry {
  std::uint16_t tag = 0;
  std::uint16_t type = 0;
  std::uint64_t count = 0;     // of the values that it claims
  std::uint64_t position = 0;  // of the values where they fit into it, else of their offset
};

// The entries of one directory, in the order of the file. Each call of next() consumes an entry, so the work
// is bounded by the bytes; what is more than a reader wants to look at is for it to refuse by count().
class TiffEntries {
 public:
  // Where the file has no directory at `offset`, ok() is false.
  TiffEntries(const TiffFile& file, std::uint64_t offset);

  // What the directory claims to have.
  std::uint64_t count() const { return count_; }
  // False after the last one, and where the file ends in the directory: then ok() is false. Where only the
  // value of the last entry is cut off, the entry is given and ok() is false already.
  bool next(TiffEntry& entry);
  bool ok() const { return reader_.ok(); }
  // The offset of the directory that follows this one, after the last entry; 0 for none.
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

// The values of an entry, wherever the file has them.
TiffField read_tiff_field(const TiffFile& file, const TiffEntry& entry);

}  // namespace netocr
