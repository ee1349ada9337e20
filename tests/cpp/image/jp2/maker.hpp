// JPEG 2000 files for the tests: codestreams from Debian's opj_compress, boxes and broken headers of our own.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "cpp/image/files.hpp"
#include "cpp/image/joined.hpp"

namespace netocr::testing {

// A picture for opj_compress: `planes` hold the samples of each component, its own size each.
struct RawPicture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t depth = 8;
  bool is_signed = false;
  std::string sampling;  // "1x1:2x2:2x2"; empty: all alike
  std::vector<std::vector<std::int32_t>> planes;
};

using Sample = std::function<std::int32_t(std::uint32_t x, std::uint32_t y, std::uint32_t component)>;

inline RawPicture raw_picture(std::uint32_t width, std::uint32_t height, std::uint32_t components,
                              const Sample& sample) {
  RawPicture picture{width, height, 8, false, {}, {}};
  for (std::uint32_t i = 0; i < components; ++i) {
    std::vector<std::int32_t> plane;
    for (std::uint32_t y = 0; y < height; ++y) {
      for (std::uint32_t x = 0; x < width; ++x) plane.push_back(sample(x, y, i));
    }
    picture.planes.push_back(plane);
  }
  return picture;
}

// Smooth with an edge; every component different.
inline std::int32_t plain_sample(std::uint32_t x, std::uint32_t y, std::uint32_t component) {
  const std::uint32_t shade = x * (3 + component) + y * (7 - component) + 40 * component;
  return static_cast<std::int32_t>((shade + (x + y > 40 ? 90 : 0)) % 256);
}

// Three resolutions unless the options say otherwise: the program refuses more than a picture or tile can be
// halved.
inline ByteVector opj_compress(const RawPicture& picture, std::string options = "") {
  if (options.find("-n ") == std::string::npos) options += " -n 3";
  ByteVector raw;
  for (const auto& plane : picture.planes) {
    for (const std::int32_t value : plane) {
      if (picture.depth > 8) raw.push_back(static_cast<std::uint8_t>(value >> 8));
      raw.push_back(static_cast<std::uint8_t>(value));
    }
  }
  const std::string in = temporary_file("in.raw");
  const std::string out = temporary_file("out.j2k");
  write_file(in, raw);
  std::string format = std::to_string(picture.width) + "," + std::to_string(picture.height) + "," +
                       std::to_string(picture.planes.size()) + "," + std::to_string(picture.depth) + "," +
                       (picture.is_signed ? "s" : "u");
  if (!picture.sampling.empty()) format += "@" + picture.sampling;
  const std::string command =
      "opj_compress -i " + in + " -o " + out + " -F " + format + " " + options + " > /dev/null 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  const ByteVector file = read_file(out);
  EXPECT_FALSE(file.empty()) << command;
  std::remove(in.c_str());
  std::remove(out.c_str());
  return file;
}

inline void put_big(ByteVector& bytes, std::uint64_t value, int count) {
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}
inline void put_bytes(ByteVector& bytes, const ByteVector& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

inline ByteVector box(std::string_view type, const ByteVector& contents) {
  ByteVector bytes;
  put_big(bytes, contents.size() + 8, 4);
  bytes.insert(bytes.end(), type.begin(), type.end());
  put_bytes(bytes, contents);
  return bytes;
}

inline ByteVector enumerated_color(std::uint32_t space) {
  ByteVector contents = {1, 0, 0};
  put_big(contents, space, 4);
  return box("colr", contents);
}
inline ByteVector profile_color(const ByteVector& profile, std::uint8_t method = 2) {
  return box("colr", joined({{method, 0, 0}, profile}));
}

struct Definition {
  std::uint16_t channel, type, association;
};
inline ByteVector channel_definitions(const std::vector<Definition>& definitions) {
  ByteVector contents;
  put_big(contents, definitions.size(), 2);
  for (const Definition& definition : definitions) {
    for (const std::uint16_t value : {definition.channel, definition.type, definition.association}) {
      put_big(contents, value, 2);
    }
  }
  return box("cdef", contents);
}

inline ByteVector image_header_box(std::uint32_t width, std::uint32_t height, std::uint16_t components) {
  ByteVector contents;
  put_big(contents, height, 4);
  put_big(contents, width, 4);
  put_big(contents, components, 2);
  put_bytes(contents, {7, 7, 0, 0});
  return box("ihdr", contents);
}

inline ByteVector jp2_start() {
  return joined({box("jP  ", {0x0d, 0x0a, 0x87, 0x0a}),
                 box("ftyp", {'j', 'p', '2', ' ', 0, 0, 0, 0, 'j', 'p', '2', ' '})});
}

// A JP2 file with these boxes after ihdr.
inline ByteVector make_jp2(const ByteVector& codestream, const std::vector<ByteVector>& boxes) {
  const ByteVector header = joined({image_header_box(1, 1, 3), joined(boxes)});
  return joined({jp2_start(), box("jp2h", header), box("jp2c", codestream)});
}

// The bytes of a codestream's headers, for broken ones. Numbers as in SIZ and COD.
struct CodestreamSpec {
  std::uint32_t width = 16, height = 16, x0 = 0, y0 = 0;
  std::uint32_t tile_width = 16, tile_height = 16, tile_x0 = 0, tile_y0 = 0;
  std::uint16_t components = 1;
  std::uint8_t depth = 7, dx = 1, dy = 1;
  std::uint8_t progression = 0;
  std::uint16_t layers = 1;
  std::uint8_t transform = 0;  // of components
  std::uint8_t levels = 1, block_width = 4, block_height = 4, block_style = 0;
  std::uint8_t wavelet = 1;  // 5/3
  bool has_region = false;   // RGN
  std::vector<std::uint8_t> precincts;
  std::uint16_t tile = 0;
  ByteVector data = {0};
};

inline void put_segment(ByteVector& bytes, std::uint16_t marker, const ByteVector& contents) {
  put_big(bytes, marker, 2);
  put_big(bytes, contents.size() + 2, 2);
  put_bytes(bytes, contents);
}

inline ByteVector make_codestream(const CodestreamSpec& spec) {
  ByteVector bytes = {0xFF, 0x4F};
  ByteVector size = {0, 0};
  for (const std::uint32_t value : {spec.width, spec.height, spec.x0, spec.y0, spec.tile_width,
                                    spec.tile_height, spec.tile_x0, spec.tile_y0}) {
    put_big(size, value, 4);
  }
  put_big(size, spec.components, 2);
  for (std::uint32_t i = 0; i < spec.components; ++i) put_bytes(size, {spec.depth, spec.dx, spec.dy});
  put_segment(bytes, 0xFF51, size);
  ByteVector coding = {static_cast<std::uint8_t>(spec.precincts.empty() ? 0 : 1), spec.progression};
  put_big(coding, spec.layers, 2);
  put_bytes(coding, {spec.transform, spec.levels, spec.block_width, spec.block_height, spec.block_style,
                     spec.wavelet});
  put_bytes(coding, spec.precincts);
  put_segment(bytes, 0xFF52, coding);
  ByteVector quantisation = {0x40};
  for (std::uint32_t i = 0; i < 3U * spec.levels + 1; ++i) quantisation.push_back(0x40);
  put_segment(bytes, 0xFF5C, quantisation);
  if (spec.has_region) put_segment(bytes, 0xFF5E, {0, 0, 7});
  ByteVector part;
  put_big(part, spec.tile, 2);
  put_big(part, 14 + spec.data.size(), 4);
  put_bytes(part, {0, 1});
  put_segment(bytes, 0xFF90, part);
  put_bytes(bytes, {0xFF, 0x93});
  put_bytes(bytes, spec.data);
  put_bytes(bytes, {0xFF, 0xD9});
  return bytes;
}

}  // namespace netocr::testing
