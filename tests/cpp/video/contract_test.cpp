// Runs tests/contract/video.json natively. The same file runs through the shipped .wasm.
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "text/base64.hpp"
#include "video/probe.hpp"

namespace netocr::test {
namespace {

using nlohmann::json;

json vectors(const char* list) {
  const std::string path = std::string(NETOCR_TESTS_DIR) + "/contract/video.json";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (file == nullptr) return {};
  const json parsed = json::parse(file.get(), nullptr, false);
  return parsed.is_discarded() ? json{} : parsed[list];
}

std::vector<std::uint8_t> bytes_of(const json& input) {
  const auto text = input["base64"].get<std::string>();
  std::vector<std::uint8_t> bytes(max_binary_length_from_base64(text.size()));
  const Result<std::size_t> size = base64_decode(text, bytes);
  EXPECT_TRUE(size.ok());
  bytes.resize(size.ok() ? size.value() : 0);
  return bytes;
}

Severity severity_of(const json& options, const char* name) {
  const auto word = options.value(name, std::string("error"));
  return word == "error" ? Severity::kError : word == "warning" ? Severity::kWarning : Severity::kIgnore;
}

VideoOptions options_of(const json& given) {
  VideoOptions options;
  options.max_bytes = given.value("maxBytes", options.max_bytes);
  options.min_duration_ms = given.value("minDurationMs", options.min_duration_ms);
  options.max_duration_ms = given.value("maxDurationMs", options.max_duration_ms);
  options.duration_tolerance_ms = given.value("durationToleranceMs", options.duration_tolerance_ms);
  options.size = severity_of(given, "size");
  options.duration = severity_of(given, "duration");
  return options;
}

json outcome_of(const Result<VideoInfo>& info) {
  if (!info.ok()) return {{"error", error_word(info.error().code)}, {"position", info.error().position}};
  json warnings = json::array();
  if ((info->warnings & kWarnVideoTooLarge) != 0) warnings.push_back("video_too_large");
  if ((info->warnings & kWarnVideoTooShort) != 0) warnings.push_back("video_too_short");
  if ((info->warnings & kWarnVideoTooLong) != 0) warnings.push_back("video_too_long");
  if ((info->warnings & kWarnDurationUnknown) != 0) warnings.push_back("duration_unknown");
  json duration;
  if (info->duration_ms.has_value()) duration = *info->duration_ms;
  return {
      {"container", video_container_name(info->container)}, {"durationMs", duration}, {"warnings", warnings}};
}

TEST(VideoContract, Inspect) {
  const json cases = vectors("inspect");
  ASSERT_GT(cases.size(), 30U);
  for (const json& test : cases) {
    const std::vector<std::uint8_t> bytes = bytes_of(test["input"]);
    EXPECT_EQ(outcome_of(inspect_video(bytes, Limits{})), test["expect"]) << test["name"];
  }
}

TEST(VideoContract, Check) {
  const json cases = vectors("check");
  ASSERT_GT(cases.size(), 20U);
  for (const json& test : cases) {
    const std::vector<std::uint8_t> bytes = bytes_of(test["input"]);
    EXPECT_EQ(outcome_of(check_video(bytes, options_of(test["options"]), Limits{})), test["expect"])
        << test["name"];
  }
}

}  // namespace
}  // namespace netocr::test
