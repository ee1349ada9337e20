// The kernels that are counted (callgrind) and timed (google-benchmark): each with its made input, ready to
// run.
#pragma once

#include <cstdint>
#include <span>

namespace netocr::bench {

struct Kernel {
  const char* name;
  std::uint64_t items;  // what one run works through
  const char* unit;     // of the items
  bool (*run)();        // false when it failed; may be run any number of times
};

// In the order of the flow. The first call makes the inputs. Ends the program when one cannot be made.
std::span<const Kernel> kernels();

}  // namespace netocr::bench
