// The ICC profile of a JPEG, in one or more APP2 segments (ICC.1 annex B.4).
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr::jpeg {

class ProfileSegments {
 public:
  // The body of an APP2 segment, which stays alive; one that is not of a profile is passed over.
  void add(Bytes segment);

  // All parts, which may come in any order; empty when there is none. Errors: CORRUPT_IMAGE when one is
  // missing or there twice, OUT_OF_MEMORY.
  Result<Buffer> join() const;

 private:
  std::array<Bytes, 255> parts_{};
  std::uint8_t count_ = 0;
  bool damaged_ = false;
};

}  // namespace netocr::jpeg
