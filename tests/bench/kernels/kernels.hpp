// The kernels that are counted (callgrind) and timed (google-benchmark). Each is ready to run with its input.
#pragma once

#include <cstdint>
#include <span>

namespace netocr::bench {

struct Kernel {
  const char* name;
  std::uint64_t items;  // number of items that one run processes
  const char* unit;     // name of an item
  bool (*run)();        // returns false on failure; may be called any number of times
};

// Returns the kernels in the order of the flow. The first call computes the inputs and ends the program when
// that fails.
std::span<const Kernel> kernels();

}  // namespace netocr::bench
