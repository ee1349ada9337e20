// Runs inputs that once failed, and a few that every target has to handle, as ordinary tests.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/fuzz.hpp"

namespace netocr::fuzz {
namespace {

namespace fs = std::filesystem;

std::vector<std::uint8_t> contents_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

const fs::path kRegressions = fs::path(NETOCR_TESTS_DIR) / "fuzz/regressions";

bool is_target(std::string_view name) {
  const auto all = targets();
  return std::any_of(all.begin(), all.end(), [&](const Target& target) { return target.name == name; });
}

TEST(Regressions, TrivialInputs) {
  constexpr std::size_t kSizes[] = {0, 1, 2, 3, 255};
  constexpr std::uint8_t kValues[] = {0x00, 0xff, 'A'};
  for (const Target& target : targets()) {
    for (const std::size_t size : kSizes) {
      for (const std::uint8_t value : kValues) target.run(std::vector<std::uint8_t>(size, value));
    }
  }
}

TEST(Regressions, InputsThatWereFound) {
  for (const fs::directory_entry& folder : fs::directory_iterator(kRegressions)) {
    const std::string name = folder.path().filename();
    if (!folder.is_directory()) continue;
    ASSERT_TRUE(is_target(name)) << "regressions/" << name << " belongs to no target";
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      SCOPED_TRACE(entry.path());
      const std::vector<std::uint8_t> bytes = contents_of(entry.path());
      ASSERT_FALSE(bytes.empty());
      for (const Target& target : targets()) {
        if (target.name == name) EXPECT_TRUE(target.run(bytes)) << "the target's parser does not see it";
      }
    }
  }
}

}  // namespace
}  // namespace netocr::fuzz
