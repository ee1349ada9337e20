// Runs every whole file of NETOCR_SAMPLES (tests/fuzz/write-samples.mjs) through its target, truncated at 20
// places and 60 times with one byte changed; with NETOCR_NIGHTLY=1, at 200 places and 1,000 times. The result
// is a good picture or a typed error, without a hang and, under the sanitizers, without a leak.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz.hpp"

namespace netocr::fuzz {
namespace {

namespace fs = std::filesystem;
using Contents = std::vector<std::uint8_t>;

// How many damaged versions of each file run.
struct Damage {
  std::size_t cuts;
  int flips;
};
constexpr Damage kShort{20, 60};
constexpr Damage kNightly{200, 1000};
constexpr double kHangSeconds = 2;  // processor time, so that the load of other programs does not count

Contents contents_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Records the longest time that one input took, in seconds.
class Runs {
 public:
  explicit Runs(const Target& target) : target_(target) {}
  void run(Bytes bytes) {
    const std::clock_t start = std::clock();
    target_.run(bytes);
    longest_ = std::max(longest_, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  double longest() const { return longest_; }

 private:
  const Target& target_;
  double longest_ = 0;
};

Damage chosen_damage() {
  const char* nightly = std::getenv("NETOCR_NIGHTLY");
  return nightly != nullptr && std::string_view(nightly) == "1" ? kNightly : kShort;
}

void damage(const Contents& whole, Runs& runs) {
  const Damage amount = chosen_damage();
  const std::size_t cuts = std::min(amount.cuts, whole.size());
  for (std::size_t i = 0; i < cuts; ++i) runs.run(Bytes(whole).first(i * whole.size() / cuts));
  std::mt19937 random(20'240'229);
  for (int i = 0; i < amount.flips; ++i) {
    Contents flipped = whole;
    std::uint8_t& byte = flipped[random() % flipped.size()];
    byte = static_cast<std::uint8_t>(byte ^ (1 + random() % 255));
    runs.run(flipped);
  }
}

class Hostile : public ::testing::TestWithParam<fs::path> {};

TEST_P(Hostile, DamageIsAPictureOrATypedError) {
  const std::string name = GetParam().parent_path().filename();
  const auto all = targets();
  const auto target = std::find_if(all.begin(), all.end(), [&](const Target& t) { return t.name == name; });
  ASSERT_NE(target, all.end()) << name << " is no target";
  const Contents whole = contents_of(GetParam());
  ASSERT_TRUE(target->run(whole)) << "the target's parser does not see the whole file";
  Runs runs(*target);
  damage(whole, runs);
  EXPECT_LT(runs.longest(), kHangSeconds);
}

std::vector<fs::path> samples() {
  const char* folder = std::getenv("NETOCR_SAMPLES");
  std::vector<fs::path> paths;
  if (folder == nullptr) return paths;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string test_name(const ::testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.parent_path().filename().string() + "_" + info.param.filename().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, Hostile, ::testing::ValuesIn(samples()), test_name);

// Without samples the other tests could not fail.
TEST(HostileFiles, AreThere) { EXPECT_GE(samples().size(), 20U); }

}  // namespace
}  // namespace netocr::fuzz
