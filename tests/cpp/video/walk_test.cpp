// Hostile files: cut at every byte, bytes flipped, sizes that overflow, deep nesting, millions of elements.
// Time is asserted as a count of steps. The sanitizers watch for reads outside the file.
#include "video/walk.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "cpp/video/files.hpp"

namespace netocr::test {
namespace {

std::vector<File> samples() {
  return {mp4(4000),
          fragmented_mp4(4),
          ftyp("qt  ") + box64("mdat", filler(20)) + box("moov", mvhd(600, 2400, 1) + trak({.version = 1})),
          mkv(4000),
          live_webm(2),
          avi(20),
          flv(4),
          flv_header() + flv_video(20, 40),
          wmv(4000),
          rm(4000),
          mpg(20),
          mpeg1_pack() + pes1(0, sequence_header() + picture()) + pes1(356400, picture()),
          ts(4),
          sequence_header() + repeat(picture(), 5),
          ogg("\x80theora")};
}

// Only these may come out of a parser, at a position within the file, and within a step a byte.
void expect_sane(const File& file, std::size_t whole, const std::string& what) {
  const Walked walked = walk(file);
  EXPECT_LE(walked.steps, whole) << what;
  if (walked.facts.ok()) {
    EXPECT_LE(walked.facts->duration_ms.value_or(0), detail::kMaxDurationMs) << what;
    return;
  }
  const ErrorCode code = walked.facts.error().code;
  EXPECT_TRUE(code == ErrorCode::kCorruptVideo || code == ErrorCode::kNotAVideo) << what;
  EXPECT_LE(walked.facts.error().position, file.size()) << what;
}

TEST(Walk, CutAtEveryByte) {
  for (const File& whole : samples()) {
    const std::string name(video_container_name(sniff_video(whole)));
    ASSERT_TRUE(walk(whole).facts.ok()) << name;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const File cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      expect_sane(cut, whole.size(), name + " " + std::to_string(size));
    }
  }
}

// A container that announces its size never passes when it is cut in its last half (but for the last eight
// bytes, which may be less than a header).
TEST(Walk, ACutFileIsCorrupt) {
  for (const File& whole : {mp4(4000, 4000), mkv(4000), avi(100), wmv(4000), rm(4000)}) {
    for (std::size_t size = whole.size() / 2; size + 19 < whole.size(); ++size) {
      const File cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      ASSERT_EQ(inspected(cut).substr(0, 13), "CORRUPT_VIDEO")
          << video_container_name(sniff_video(whole)) << " " << size;
    }
  }
}

TEST(Walk, FlippedBytes) {
  std::mt19937 random(20240607);
  for (const File& whole : samples()) {
    const std::string name(video_container_name(sniff_video(whole)));
    for (int round = 0; round < 4000; ++round) {
      File bent = whole;
      const int flips = 1 + round % 4;
      for (int i = 0; i < flips; ++i) bent[random() % bent.size()] = static_cast<std::uint8_t>(random());
      expect_sane(bent, whole.size() + 64, name + " " + std::to_string(round));
    }
  }
}

// Every run of four bytes replaced by the numbers that overflow most easily.
TEST(Walk, ExtremeNumbersEverywhere) {
  for (const File& whole : samples()) {
    const std::string name(video_container_name(sniff_video(whole)));
    for (const std::uint32_t number : {0U, 1U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFEU, 0xFFFFFFFFU}) {
      for (std::size_t at = 0; at + 8 <= whole.size(); ++at) {
        File bent = whole;
        for (std::size_t i = 0; i < 8; ++i)
          bent[at + i] = static_cast<std::uint8_t>(number >> (8 * (3 - i % 4)));
        expect_sane(bent, whole.size() + 64, name + " " + std::to_string(at));
      }
    }
  }
}

TEST(Walk, DeepNesting) {
  File iso;
  File ebml;
  File riff;
  for (int i = 0; i < 2000; ++i) {
    iso = box("moov", iso);
    ebml = element(0x18538067, ebml);
    riff = list("hdrl", riff);
  }
  EXPECT_EQ(inspected(ftyp("isom") + iso).substr(0, 13), "CORRUPT_VIDEO");
  EXPECT_EQ(inspected(ebml_header("matroska") + ebml).substr(0, 13), "CORRUPT_VIDEO");
  EXPECT_EQ(inspected(list("AVI ", riff, "RIFF")).substr(0, 13), "CORRUPT_VIDEO");
  EXPECT_LE(walk(ftyp("isom") + iso).steps, 12U);
}

TEST(Walk, AMillionEmptyElementsTakeAStepEach) {
  constexpr std::size_t kCount = 1'000'000;
  const File boxes = mp4(4000) + repeat(box("free", {}), kCount);
  const Walked iso = walk(boxes);
  ASSERT_TRUE(iso.facts.ok());
  EXPECT_EQ(iso.steps, walk(mp4(4000)).steps + kCount);

  const File voids =
      ebml_header("matroska") + endless(0x18538067) + video_tracks() + repeat(be(2, 0xEC80), kCount);
  const Walked ebml = walk(voids);
  ASSERT_TRUE(ebml.facts.ok());
  EXPECT_EQ(ebml.steps,
            kCount + 6);  // EBML header, segment, tracks, the entry and its two fields

  const Walked riff = walk(list(
      "AVI ",
      list("hdrl", avih(40000, 0) + strl("vids", 1, 25, 0)) + list("movi", repeat(chunk("00dc", {}), kCount)),
      "RIFF"));
  ASSERT_TRUE(riff.facts.ok());
  EXPECT_EQ(riff.facts->duration_ms, kCount * 40);
  EXPECT_LE(riff.steps, kCount + 10);
}

TEST(Walk, MoreThanTheBudgetIsCorrupt) {
  constexpr std::size_t kCount = detail::kMaxSteps + 1;
  const std::vector<File> files = {
      mp4(4000) + repeat(box("free", {}), kCount),
      ebml_header("matroska") + endless(0x18538067) + repeat(be(2, 0xEC80), kCount),
      list("AVI ", repeat(chunk("JUNK", {}), kCount), "RIFF"),
      mpeg2_pack() + repeat(be(4, 0x1B9), kCount),
      fragmented_mp4(0) + moof(tfhd(1) + box("trun", be(4, 0x100) + be(4, kCount) + filler(4 * kCount))),
  };
  for (const File& file : files) {
    const Walked walked = walk(file);
    ASSERT_FALSE(walked.facts.ok());
    EXPECT_EQ(walked.facts.error().code, ErrorCode::kCorruptVideo);
    EXPECT_LE(walked.steps, detail::kMaxSteps);
  }
}

// A run without fields of its own may announce 2^32 samples in 16 bytes.
TEST(Walk, AnnouncedSamplesCostNothing) {
  const File file =
      fragmented_mp4(0) + moof(tfhd(1, 0xFFFFFFFF) + repeat(trun(0xFFFFFFFF), 100)) + box("mdat", filler(9));
  const Walked walked = walk(file);
  ASSERT_TRUE(walked.facts.ok());
  EXPECT_LE(walked.steps, 150U);
}

TEST(StepBudget, EndsWhereItSays) {
  detail::StepBudget steps;
  EXPECT_TRUE(steps.take(detail::kMaxSteps));
  EXPECT_FALSE(steps.take());
  EXPECT_FALSE(steps.take(~0ULL));
  EXPECT_EQ(steps.used(), detail::kMaxSteps);
}

TEST(Ticks, RoundToNearestAndSaturate) {
  EXPECT_EQ(detail::ticks_to_ms(0, 1), 0U);
  EXPECT_EQ(detail::ticks_to_ms(1, 3), 333U);
  EXPECT_EQ(detail::ticks_to_ms(2, 3), 667U);
  EXPECT_EQ(detail::ticks_to_ms(~0ULL, 1), detail::kMaxDurationMs);
  EXPECT_EQ(detail::ticks_to_ms(~0ULL, 0xFFFFFFFF), 4294967297000U);
  EXPECT_EQ(detail::clamp_ms(0.4), 0U);
  EXPECT_EQ(detail::clamp_ms(-1), 0U);
  EXPECT_EQ(detail::clamp_ms(std::nan("")), 0U);
  EXPECT_EQ(detail::clamp_ms(1e300), detail::kMaxDurationMs);
}

}  // namespace
}  // namespace netocr::test
