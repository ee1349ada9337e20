// Compresses the rows of a PNG by zlib, as far as they fit.
#pragma once

#include <cstdint>
#include <memory>

#include "base/buffer.hpp"

namespace netocr::png {

// A zlib stream (RFC 1950) that grows. Equal bytes in equal parts with equal settings always give an equal
// stream.
class Deflater {
 public:
  enum class Effort : std::uint8_t { kEstimate, kBest };
  struct Settings {
    Effort effort = Effort::kBest;
    bool is_filtered = false;     // most bytes are small differences
    std::size_t total_bytes = 0;  // that will be added: the more, the less is done for each
    std::size_t max_bytes = 0;    // of the stream
  };

  // Errors: OUT_OF_MEMORY.
  static Result<Deflater> create(const Settings& settings);

  // Compresses `bytes`. False: the stream would get longer than it may; it is then of no use. Errors:
  // OUT_OF_MEMORY.
  Result<bool> add(Bytes bytes) { return run(bytes, false); }
  // Ends the stream. As add().
  Result<bool> finish() { return run({}, true); }
  // What was compressed so far.
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
