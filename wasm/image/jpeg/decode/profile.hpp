// Joins the ICC profile of a JPEG from one or more APP2 segments (ICC.1 annex B.4).
#pragma once

#include <array>
#include <cstdint>

#include "base/buffer.hpp"
#include "base/result.hpp"

namespace netocr::jpeg {

class ProfileSegments {
 public:
  // Adds the body of an APP2 segment, which must stay alive; a body that is not part of a profile is ignored.
  void add(Bytes segment);

  // Joins all parts, in any order; empty when there is none. Errors: CORRUPT_IMAGE when a part is missing or
  // duplicated, OUT_OF_MEMORY.
  Result<Buffer> join() const;

 private:
  std::array<Bytes, 255> parts_{};
  std::uint8_t count_ = 0;
  bool damaged_ = false;
};

}  // namespace netocr::jpeg
