// prepare_bench FILE...: times the stages of prepare_image() on the given files, natively also as a ratio to
// libjpeg-turbo's own programs. It prints milliseconds: the minimum and the median of the rounds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cpp/image/opening.hpp"
#include "image/fit.hpp"
#include "image/jpeg/encode/rate.hpp"
#include "image/prepare.hpp"
#include "image/scale/resample.hpp"

namespace {

using netocr::Bytes;

constexpr int kRounds = 15;
constexpr std::uint32_t kMaxEdge = 1600;
constexpr std::size_t kMaxBytes = 200 * 1024;

double milliseconds_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

struct Timing {
  double least = 0;
  double median = 0;
};

// `work` returns whether it succeeded; a failure ends the program.
template <typename Work>
Timing measure(const char* what, Work work) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const double start = milliseconds_now();
    if (!work()) {
      std::fprintf(stderr, "%s failed\n", what);
      std::exit(1);
    }
    times.push_back(milliseconds_now() - start);
  }
  std::sort(times.begin(), times.end());
  std::printf("  %-34s %8.2f %8.2f\n", what, times.front(), times[times.size() / 2]);
  return {times.front(), times[times.size() / 2]};
}

std::vector<std::uint8_t> read_file(const char* path) {
  std::vector<std::uint8_t> bytes;
  std::FILE* const file = std::fopen(path, "rb");
  if (file == nullptr) return bytes;
  std::fseek(file, 0, SEEK_END);
  bytes.resize(static_cast<std::size_t>(std::max(0L, std::ftell(file))));
  std::rewind(file);
  if (std::fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) bytes.clear();
  std::fclose(file);
  return bytes;
}

std::uint32_t scaled(std::uint32_t side, std::uint32_t longer) {
  if (longer <= kMaxEdge) return side;
  return std::max(1U, static_cast<std::uint32_t>((2ULL * side * kMaxEdge + longer) / (2ULL * longer)));
}

struct Job {
  Bytes bytes;
  netocr::ImageInfo info;
  netocr::WantedSize size;
  netocr::Orientation orientation;
  netocr::Limits limits;
};

// Decodes the file, and resamples it when `picture` is not null.
bool decode(const Job& job, netocr::PlanarImage* picture) {
  auto source = netocr::testing::open_row_source(job.bytes, job.size, job.limits);
  if (!source.ok()) return false;
  auto resampler =
      netocr::ImageResampler::create((*source)->geometry(), job.size.width, job.size.height, job.orientation);
  if (!resampler.ok()) return false;
  while (true) {
    auto batch = (*source)->next();
    if (!batch.ok()) return false;
    if ((*batch)[0].count + (*batch)[1].count + (*batch)[2].count == 0) break;
    if (picture != nullptr) resampler->push(*batch);
  }
  if (picture == nullptr) return true;
  auto finished = resampler->finish();
  if (!finished.ok()) return false;
  *picture = std::move(*finished);
  return true;
}

void compare_with_programs(const char* path, const Job& job, double ours) {
#ifndef __EMSCRIPTEN__
  if (job.info.format != netocr::ImageFormat::kJpeg) return;
  std::uint32_t eighths = 1;
  while (eighths < 8 && job.info.width * eighths < job.size.width * 8) ++eighths;
  const std::string decode = "djpeg -scale " + std::to_string(eighths) + "/8 '" + path + "'";
  const std::string both = decode + " | cjpeg -optimize -quality 80 > /dev/null";
  const Timing theirs =
      measure("djpeg | cjpeg -optimize, once", [&] { return std::system(both.c_str()) == 0; });
  std::printf("  prepare_image takes %.2f of that\n", ours / theirs.median);
#else
  static_cast<void>(path), static_cast<void>(job), static_cast<void>(ours);
#endif
}

bool run(const char* path) {
  const std::vector<std::uint8_t> file = read_file(path);
  Job job{file, {}, {}, {}, {}};
  const auto info = netocr::testing::inspect_image(job.bytes, job.limits);
  if (!info.ok()) return false;
  job.info = *info;
  const std::uint32_t longer = std::max(info->width, info->height);
  job.size = {scaled(info->width, longer), scaled(info->height, longer)};
  job.orientation = netocr::orientation_from_exif(info->orientation);
  std::printf("%s: %u x %u, %zu bytes -> %u x %u\n  %-34s %8s %8s\n", path, info->width, info->height,
              file.size(), job.size.width, job.size.height, "stage", "least", "median");

  measure("inspect", [&] { return netocr::testing::inspect_image(job.bytes, job.limits).ok(); });
  measure("decode", [&] { return decode(job, nullptr); });
  netocr::PlanarImage picture;
  measure("decode and resample", [&] { return decode(job, &picture); });
  measure("turn (EXIF 6) and back", [&] {
    auto turned = netocr::orient(std::move(picture), netocr::orientation_from_exif(6));
    if (!turned.ok()) return false;
    auto back = netocr::orient(std::move(*turned), netocr::orientation_from_exif(8));
    if (!back.ok()) return false;
    picture = std::move(*back);
    return true;
  });
  auto frame = netocr::jpeg::make_frame(picture);
  if (!frame.ok()) return false;
  measure("forward DCT", [&] { return netocr::jpeg::make_frame(picture).ok(); });
  auto tokens = netocr::jpeg::make_scan_tokens(*frame, kMaxBytes);
  if (!tokens.ok()) return false;
  netocr::jpeg::RateChoice choice;
  measure("rate search", [&] {
    choice = netocr::jpeg::choose_rate(*frame, {kMaxBytes, 50, 95}, *tokens);
    return choice.fits;
  });
  measure("  of which one whole count", [&] {
    return netocr::jpeg::measure_candidate(*frame, choice.candidate.percent, *tokens).scan_bits ==
           choice.candidate.scan_bits;
  });
  auto out = netocr::Buffer::create(2 * kMaxBytes);
  measure("entropy coding", [&] {
    return out.ok() && tokens->is_whole &&
           netocr::jpeg::code_tokens(*tokens, choice.candidate.tables, out->span()).fits;
  });
  std::size_t size = 0;
  int quality = 0;
  const Timing whole = measure("prepare_image", [&] {
    auto prepared = netocr::prepare_image(job.bytes, netocr::PrepareOptions{});
    if (!prepared.ok()) return false;
    size = prepared->bytes.size();
    quality = prepared->quality;
    return true;
  });
  std::printf("  %zu bytes (%.1f %% of the budget) at quality %d\n", size,
              100.0 * static_cast<double>(size) / kMaxBytes, quality);
  compare_with_programs(path, job, whole.median);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (!run(argv[i])) {
      std::fprintf(stderr, "%s: cannot be prepared\n", argv[i]);
      return 1;
    }
  }
  return 0;
}
