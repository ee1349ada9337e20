// JPEGs that our own decoders leave to libjpeg: those that the header tells of, and those that only the data
// does.
#pragma once

#include <algorithm>
#include <vector>

#include "cpp/image/jpeg/maker.hpp"

namespace netocr::testing {

struct JpegCase {
  const char* name;
  ByteVector file;
};

inline JpegSpec spec_with(void (*change)(JpegSpec&)) {
  JpegSpec spec = color_spec(61, 47);
  change(spec);
  return spec;
}

inline void give_four_components(JpegSpec& spec, J_COLOR_SPACE space) {
  spec.space = space;
  spec.jfif = false;
  spec.adobe = true;
  spec.factors = {{1, 1}, {1, 1}, {1, 1}, {1, 1}};
}

// What the header of a JPEG tells to be the second module's.
inline std::vector<JpegCase> rare_jpegs() {
  const JpegSpec specs[] = {
      spec_with([](JpegSpec& s) { s.arithmetic = true; }),
      spec_with([](JpegSpec& s) { s.arithmetic = s.progressive = true; }),
      spec_with([](JpegSpec& s) { give_four_components(s, JCS_CMYK); }),
      spec_with([](JpegSpec& s) { give_four_components(s, JCS_YCCK); }),
      spec_with([](JpegSpec& s) {
        s.space = JCS_RGB;
        s.jfif = false;
        s.factors = {{1, 1}, {1, 1}, {1, 1}};
      }),
  };
  const char* const names[] = {"arithmetic", "progressive arithmetic", "CMYK", "YCCK", "RGB"};
  std::vector<JpegCase> cases;
  for (std::size_t i = 0; i < std::size(names); ++i) cases.push_back({names[i], make_jpeg(specs[i])});
  return cases;
}

// With its last third missing.
inline ByteVector cut_off(ByteVector file) {
  file.resize(file.size() * 2 / 3);
  return file;
}

inline ByteVector scan_for_each() {
  return make_jpeg(spec_with([](JpegSpec& s) { s.one_scan_each = true; }));
}
inline ByteVector progressive() {
  return make_jpeg(spec_with([](JpegSpec& s) { s.progressive = true; }));
}

// A progressive JPEG whose second scan begins with bits that are no code.
inline ByteVector with_damaged_scan() {
  ByteVector file = progressive();
  const std::size_t scan = scans_of(file)[1];
  std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(scan) + 12, 8, std::uint8_t{0xfe});
  return file;
}

// What only the data tells to be the second module's.
inline std::vector<JpegCase> jpegs_left_when_opened() {
  return {{"several scans", scan_for_each()},
          {"several scans, cut off", cut_off(scan_for_each())},
          {"progressive, cut off", cut_off(progressive())},
          {"progressive, damaged", with_damaged_scan()}};
}

}  // namespace netocr::testing
