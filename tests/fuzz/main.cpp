// libFuzzer's entry points. One program holds all targets; the environment variable NETOCR_FUZZ_TARGET
// selects the one that runs, as an argument would not reach the processes that libFuzzer starts itself.
#include <ctime>

#include "fuzz/fuzz.hpp"

namespace {

using netocr::fuzz::require;

// The limit is in processor time, as libFuzzer's own timeout also counts the load of other programs.
constexpr double kHangSeconds = 2;

const netocr::fuzz::Target* chosen = nullptr;

void choose() {
  const char* name = std::getenv("NETOCR_FUZZ_TARGET");
  for (const netocr::fuzz::Target& target : netocr::fuzz::targets()) {
    if (name != nullptr && target.name == name) chosen = &target;
  }
  if (chosen != nullptr) return;
  // scripts/fuzz.mjs parses this list.
  std::fprintf(stderr, "NETOCR_FUZZ_TARGET is none of the targets:\n");
  for (const netocr::fuzz::Target& target : netocr::fuzz::targets()) {
    std::printf("%.*s\n", static_cast<int>(target.name.size()), target.name.data());
  }
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  choose();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::clock_t start = std::clock();
  const bool is_seen = chosen->run({data, size});
  require(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < kHangSeconds, "no input takes 2 s");
  return is_seen ? 0 : -1;
}
