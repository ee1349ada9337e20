// Runs each kernel once under callgrind and dumps its instruction count under the kernel's name. Only the
// instructions between the two toggles count, so callgrind starts with collection off: `valgrind
// --tool=callgrind --collect-atstart=no`.
#include <valgrind/callgrind.h>

#include <cstdio>

#include "kernels.hpp"

int main() {
  if (RUNNING_ON_VALGRIND == 0) {
    std::fprintf(stderr, "this is to be run by valgrind\n");
    return 2;
  }
  for (const netocr::bench::Kernel& kernel : netocr::bench::kernels()) {
    CALLGRIND_TOGGLE_COLLECT;
    const bool ok = kernel.run();
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_DUMP_STATS_AT(kernel.name);
    if (!ok) {
      std::fprintf(stderr, "%s failed\n", kernel.name);
      return 1;
    }
  }
  return 0;
}
