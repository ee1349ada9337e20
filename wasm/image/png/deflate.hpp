// Compresses the rows of a PNG by zlib up to a size limit.
#pragma once

#include <cstdint>
#include <memory>

#include "base/buffer.hpp"

namespace netocr::png {

// A growing zlib stream (RFC 1950). Equal bytes in equal parts with equal settings always produce an equal
// stream.
class Deflater {
 public:
  enum class Effort : std::uint8_t { kEstimate, kBest };
  struct Settings {
    Effort effort = Effort::kBest;
    bool is_filtered = false;     // most bytes are small differences
    std::size_t total_bytes = 0;  // total input size: the larger it is, the less time is spent on each byte
    std::size_t max_bytes = 0;    // max size of the stream
  };

  // Errors: OUT_OF_MEMORY.
  static Result<Deflater> create(const Settings& settings);

  // Compresses `bytes`. Returns false when the stream would exceed its max size; it is then unusable. Errors:
  // OUT_OF_MEMORY.
  Result<bool> add(Bytes bytes) { return run(bytes, false); }
  // Ends the stream. The result is as in add().
  Result<bool> finish() { return run({}, true); }
  // Returns the compressed bytes so far.
  Bytes stream() const { return {out_.data(), size_}; }

 private:
  struct Zlib;
  struct EndZlib {
    void operator()(Zlib* zlib) const;
  };

  Result<bool> run(Bytes bytes, bool is_last);

  std::unique_ptr<Zlib, EndZlib> zlib_;
  Buffer out_;
  std::size_t size_ = 0;
  std::size_t max_bytes_ = 0;
};

}  // namespace netocr::png
