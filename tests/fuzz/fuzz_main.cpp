// libFuzzer's entry points. One program holds all targets; the environment variable NETOCR_FUZZ_TARGET names
// the one that runs (an argument would not reach the processes that libFuzzer starts itself).
#include "fuzz.hpp"

namespace {

const netocr::fuzz::Target* chosen = nullptr;

void choose() {
  const char* name = std::getenv("NETOCR_FUZZ_TARGET");
  for (const netocr::fuzz::Target& target : netocr::fuzz::targets()) {
    if (name != nullptr && target.name == name) chosen = &target;
  }
  if (chosen != nullptr) return;
  // scripts/fuzz.mjs reads this list.
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
  return chosen->run({data, size}) ? 0 : -1;
}
