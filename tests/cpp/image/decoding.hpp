// What the tests of the decoders share: decoding a file to whole planes, and asking other programs for a
// second opinion.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "cpp/image/opening.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr::testing {

using ByteVector = std::vector<std::uint8_t>;

inline constexpr WantedSize kFullSize{0xffff'ffff, 0xffff'ffff};

struct DecodedPlane {
  PlaneGeometry geometry;
  ByteVector samples;  // geometry.width * geometry.height

  std::uint8_t at(std::uint32_t x, std::uint32_t y) const {
    return samples[std::size_t{y} * geometry.width + x];
  }
};

struct Decoded {
  std::optional<ErrorCode> error;
  std::string detail;  // of the error
  std::vector<DecodedPlane> planes;
  std::uint32_t warnings = 0;
  std::uint32_t decoded_rows = 0;

  bool ok() const { return !error.has_value(); }
};

inline Decoded failed(const Error& error) {
  EXPECT_STRNE(error.detail, "");
  return {error.code, error.detail, {}, 0, 0};
}

// Reads a source to its end and checks what RowSource promises: every row once, all counts zero after the
// last one.
inline Decoded read_to_end(Result<std::unique_ptr<RowSource>> source) {
  if (!source.ok()) return failed(source.error());
  const SourceGeometry geometry = (*source)->geometry();
  Decoded decoded;
  decoded.planes.resize(geometry.plane_count);
  for (std::size_t i = 0; i < geometry.plane_count; ++i) decoded.planes[i].geometry = geometry.planes[i];
  for (bool more = true; more;) {
    auto batch = (*source)->next();
    if (!batch.ok()) return failed(batch.error());
    more = false;
    for (std::size_t i = 0; i < geometry.plane_count; ++i) {
      const PlaneRows& rows = (*batch)[i];
      more = more || rows.count > 0;
      for (std::size_t y = 0; y < rows.count; ++y) {
        const std::uint8_t* row = rows.rows + y * rows.stride;
        decoded.planes[i].samples.insert(decoded.planes[i].samples.end(), row,
                                         row + geometry.planes[i].width);
      }
    }
  }
  for (const DecodedPlane& plane : decoded.planes) {
    EXPECT_EQ(plane.samples.size(), std::size_t{plane.geometry.width} * plane.geometry.height);
  }
  decoded.warnings = (*source)->warnings();
  decoded.decoded_rows = (*source)->decoded_rows();
  return decoded;
}

// What the header says of a file that can be opened.
inline ImageInfo must_inspect(Bytes bytes) {
  const auto info = inspect_image(bytes, Limits{});
  EXPECT_TRUE(info.ok()) << (info.ok() ? "" : info.error().detail);
  return info.ok() ? *info : ImageInfo{};
}

inline Decoded decode(Bytes bytes, const WantedSize& wanted = kFullSize, const Limits& limits = {}) {
  return read_to_end(open_row_source(bytes, wanted, limits));
}

struct Rgb {
  double r = 0, g = 0, b = 0;
};
struct Ycc {
  double y = 0, cb = 128, cr = 128;
};

// JFIF 1.02, in double precision, not rounded.
inline Ycc ycc_of(const Rgb& p) {
  return {0.299 * p.r + 0.587 * p.g + 0.114 * p.b, 128 - 0.168735892 * p.r - 0.331264108 * p.g + 0.5 * p.b,
          128 + 0.5 * p.r - 0.418687589 * p.g - 0.081312411 * p.b};
}
inline Rgb rgb_of(const Ycc& p) {
  const auto clamped = [](double value) { return std::clamp(value, 0.0, 255.0); };
  return {clamped(p.y + 1.402 * (p.cr - 128)),
          clamped(p.y - 0.344136286 * (p.cb - 128) - 0.714136286 * (p.cr - 128)),
          clamped(p.y + 1.772 * (p.cb - 128))};
}
inline double over_white(double value, double alpha) { return 255 - (255 - value) * alpha / 255; }

// The colour at a pixel of plane 0; smaller chroma planes are upsampled by taking the nearest sample. Inks of
// a picture whose profile is converted later count without that profile.
inline Ycc pixel(const Decoded& decoded, std::uint32_t x, std::uint32_t y) {
  double value[kMaxPlanes] = {0, 128, 128};
  const PlaneGeometry& luma = decoded.planes[0].geometry;
  for (std::size_t i = 0; i < decoded.planes.size(); ++i) {
    const PlaneGeometry& plane = decoded.planes[i].geometry;
    const double px = (x + 0.5) * plane.extent_width / luma.extent_width;
    const double py = (y + 0.5) * plane.extent_height / luma.extent_height;
    value[i] = decoded.planes[i].at(std::min(static_cast<std::uint32_t>(px), plane.width - 1),
                                    std::min(static_cast<std::uint32_t>(py), plane.height - 1));
  }
  if (decoded.planes.size() == 4)
    return ycc_of({value[0] * value[3] / 255, value[1] * value[3] / 255, value[2] * value[3] / 255});
  return {value[0], value[1], value[2]};
}

// A binary PGM or PPM of 8 bits.
struct Pnm {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t channels = 0;  // 0: none was read
  ByteVector samples;

  std::uint8_t at(std::uint32_t x, std::uint32_t y, std::uint32_t channel) const {
    return samples[(std::size_t{y} * width + x) * channels + (channels == 1 ? 0 : channel)];
  }
};

// A file that is gone when the test ends.
class TemporaryFile {
 public:
  explicit TemporaryFile(Bytes bytes) {
    const int descriptor = mkstemp(path_);
    EXPECT_GE(descriptor, 0);
    EXPECT_EQ(write(descriptor, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    close(descriptor);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { unlink(path_); }
  const char* path() const { return path_; }

 private:
  char path_[40] = "/tmp/netocr-image-test-XXXXXX";
};

// Runs `command` with the path of a file that holds `bytes` in place of "@" and reads the PNM that it prints.
inline Pnm ask(std::string command, Bytes bytes) {
  const TemporaryFile file(bytes);
  command.replace(command.find('@'), 1, file.path());
  FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  Pnm pnm;
  char kind = 0;
  int most = 0;
  if (pipe != nullptr && std::fscanf(pipe, "P%c %u %u %d", &kind, &pnm.width, &pnm.height, &most) == 4 &&
      most == 255 && std::fgetc(pipe) != EOF) {
    pnm.channels = kind == '6' ? 3 : 1;
    pnm.samples.resize(std::size_t{pnm.width} * pnm.height * pnm.channels);
    if (std::fread(pnm.samples.data(), 1, pnm.samples.size(), pipe) != pnm.samples.size()) pnm.channels = 0;
  }
  if (pipe != nullptr) pclose(pipe);
  EXPECT_NE(pnm.channels, 0U) << "no picture from: " << command;
  return pnm;
}

// The largest difference of a channel between a decoded picture and a PNM of the same size.
inline double worst_difference(const Decoded& decoded, const Pnm& pnm) {
  const PlaneGeometry& luma = decoded.planes[0].geometry;
  EXPECT_EQ(luma.width, pnm.width);
  EXPECT_EQ(luma.height, pnm.height);
  if (luma.width != pnm.width || luma.height != pnm.height || pnm.channels == 0) return 1e9;
  double worst = 0;
  for (std::uint32_t y = 0; y < pnm.height; ++y) {
    for (std::uint32_t x = 0; x < pnm.width; ++x) {
      const Rgb rgb = rgb_of(pixel(decoded, x, y));
      worst = std::max({worst, std::abs(rgb.r - pnm.at(x, y, 0)), std::abs(rgb.g - pnm.at(x, y, 1)),
                        std::abs(rgb.b - pnm.at(x, y, 2))});
    }
  }
  return worst;
}

// Decodes every prefix of a file that whole decodes without a warning. Each must be refused as damaged, or
// give a picture, with the warning when less than the whole was there.
struct PrefixOutcomes {
  std::size_t refused = 0;
  std::size_t warned = 0;
  std::size_t clean = 0;
};
inline PrefixOutcomes decode_every_prefix(const ByteVector& file) {
  PrefixOutcomes outcomes;
  for (std::size_t length = 0; length < file.size(); ++length) {
    // An own allocation of just this size, so that a read past the end is seen.
    const ByteVector prefix(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    (void)inspect_image(prefix, Limits{});
    const Decoded decoded = decode(prefix);
    if (decoded.ok()) {
      (decoded.warnings & kWarnTruncated) != 0 ? ++outcomes.warned : ++outcomes.clean;
      continue;
    }
    ++outcomes.refused;
    const ErrorCode code = *decoded.error;
    EXPECT_TRUE(code == ErrorCode::kCorruptImage || code == ErrorCode::kEmptyInput ||
                code == ErrorCode::kUnrecognizedFormat)
        << error_word(code) << " at " << length;
  }
  return outcomes;
}

// Decodes copies of a file with one to four bytes changed at random (fixed seed): any outcome but a crash, a
// hang or an error that does not belong to decoding.
inline void decode_with_damage(const ByteVector& file, int rounds, std::uint32_t seed) {
  std::uint32_t state = seed;
  const auto random = [&state](std::size_t below) {
    state = state * 1664525U + 1013904223U;
    return static_cast<std::size_t>((std::uint64_t{state} * below) >> 32);
  };
  for (int round = 0; round < rounds; ++round) {
    ByteVector damaged = file;
    const std::size_t changes = 1 + random(4);
    for (std::size_t i = 0; i < changes; ++i)
      damaged[random(damaged.size())] = static_cast<std::uint8_t>(random(256));
    // Small limits: changed dimensions must not make the test slow.
    Limits limits;
    limits.max_pixels = 1'000'000;
    (void)inspect_image(damaged, limits);
    const Decoded decoded = decode(damaged, kFullSize, limits);
    if (decoded.ok()) continue;
    EXPECT_EQ(error_code_info(*decoded.error).stage, "input")
        << error_word(*decoded.error) << " in round " << round;
  }
}

}  // namespace netocr::testing
