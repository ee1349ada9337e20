// Headers of codestreams that are hostile, or that the library does not support.
#include "image/jp2/codestream.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>

#include "cpp/image/decoding.hpp"
#include "cpp/image/jp2/maker.hpp"

namespace netocr::jp2 {
namespace {

using namespace netocr::testing;

// Errors of hostile headers come at once.
void expect_refused_quickly(const ByteVector& file, const char* what) {
  const auto start = std::chrono::steady_clock::now();
  const Decoded decoded = decode(file, WantedSize{1600, 1600});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  ASSERT_FALSE(decoded.ok()) << what;
  EXPECT_TRUE(decoded.error == ErrorCode::kCorruptImage || decoded.error == ErrorCode::kImageTooLarge ||
              decoded.error == ErrorCode::kUnsupportedFeature)
      << what;
  EXPECT_LT(took.count(), 1.0) << what;
}

struct Hostile {
  const char* what;
  void (*change)(CodestreamSpec&);
};

void expect_all_refused(std::initializer_list<Hostile> headers) {
  for (const Hostile& test : headers) {
    CodestreamSpec spec;
    test.change(spec);
    const ByteVector codestream = make_codestream(spec);
    expect_refused_quickly(codestream, test.what);
    expect_refused_quickly(make_jp2(codestream, {enumerated_color(17)}), test.what);
  }
}

TEST(Jp2Codestream, TheFrameOfTheHostileHeadersIsInOrder) { EXPECT_TRUE(decode(make_codestream({})).ok()); }

TEST(Jp2Codestream, HeadersOfImpossibleGeometryAreRefused) {
  expect_all_refused({
      {"a million tiles",
       [](CodestreamSpec& s) {
         s.width = s.height = 1000;
         s.tile_width = s.tile_height = 1;
       }},
      {"tiles of no size", [](CodestreamSpec& s) { s.tile_width = 0; }},
      {"no picture", [](CodestreamSpec& s) { s.x0 = s.width; }},
      {"offset beyond the size", [](CodestreamSpec& s) { s.y0 = 4000; }},
      {"tile offset beyond the picture", [](CodestreamSpec& s) { s.tile_x0 = 5; }},
      {"first tile before the picture",
       [](CodestreamSpec& s) {
         s.x0 = 15;
         s.tile_width = 15;
       }},
      {"no subsampling factor", [](CodestreamSpec& s) { s.dx = 0; }},
      {"subsampling factor without a sample",
       [](CodestreamSpec& s) {
         s.x0 = 1;
         s.dx = 255;
       }},
  });
}

TEST(Jp2Codestream, HeadersOfImpossibleComponentsAreRefused) {
  expect_all_refused({
      {"38 bits", [](CodestreamSpec& s) { s.depth = 37; }},
      {"64 bits", [](CodestreamSpec& s) { s.depth = 63; }},
      {"no components", [](CodestreamSpec& s) { s.components = 0; }},
      {"16,385 components", [](CodestreamSpec& s) { s.components = 16385; }},
      {"16,384 components of 100 pixels square",
       [](CodestreamSpec& s) {
         s.components = 16384;
         s.width = s.height = s.tile_width = s.tile_height = 100;
       }},
  });
}

TEST(Jp2Codestream, HeadersOfHugePicturesAreRefused) {
  expect_all_refused({
      {"4 gigapixels", [](CodestreamSpec& s) { s.width = s.height = s.tile_width = s.tile_height = 65535; }},
      {"2^31 pixels",
       [](CodestreamSpec& s) {
         s.width = s.tile_width = 0x80000001;
         s.height = 1;
       }},
      {"100 megapixels of one byte",
       [](CodestreamSpec& s) { s.width = s.height = s.tile_width = s.tile_height = 10000; }},
  });
}

TEST(Jp2Codestream, HeadersThatAskForTooMuchMemoryAreRefused) {
  expect_all_refused({
      {"code-blocks of 4 x 4",
       [](CodestreamSpec& s) {
         s.width = s.height = s.tile_width = s.tile_height = 2000;
         s.block_width = s.block_height = 0;
       }},
      {"precincts of one sample",
       [](CodestreamSpec& s) {
         s.width = s.height = s.tile_width = s.tile_height = 2000;
         s.levels = 0;
         s.precincts = {0};
       }},
      {"65,535 layers of many precincts",
       [](CodestreamSpec& s) {
         s.width = s.height = s.tile_width = s.tile_height = 500;
         s.levels = 1;
         s.precincts = {0x11, 0x11};
         s.layers = 65535;
       }},
      {"steps of one sample",
       [](CodestreamSpec& s) {
         s.width = s.height = s.tile_width = s.tile_height = 9000;
         s.levels = 1;
         s.precincts = {0xF1, 0x1F};
         s.progression = 2;
       }},
  });
}

TEST(Jp2Codestream, HeadersOfImpossibleCodingsAreRefused) {
  expect_all_refused({
      {"33 levels", [](CodestreamSpec& s) { s.levels = 33; }},
      {"code-blocks of 2^11",
       [](CodestreamSpec& s) {
         s.block_width = 9;
         s.block_height = 0;
       }},
      {"code-blocks of 2^13 samples",
       [](CodestreamSpec& s) {
         s.block_width = 5;
         s.block_height = 4;
       }},
      {"precincts of size 0", [](CodestreamSpec& s) { s.precincts = {0x11, 0x01}; }},
      {"no layers", [](CodestreamSpec& s) { s.layers = 0; }},
      {"a tile that is not there", [](CodestreamSpec& s) { s.tile = 9; }},
  });
}

// What openjpeg refuses with the return code that it has for everything.
TEST(Jp2Codestream, WhatTheLibraryDoesNotSupportIsNamed) {
  using Change = void (*)(CodestreamSpec&);
  struct Case {
    const char* what;
    Change change;
    ErrorCode code = ErrorCode::kUnsupportedFeature;
  };
  for (const Case& test : {
           Case{"HT code-blocks mixed with others", [](CodestreamSpec& s) { s.block_style = 0xC0; }},
           Case{"a wavelet of Part 2", [](CodestreamSpec& s) { s.wavelet = 2; }},
           Case{"a region of interest in HT code-blocks",
                [](CodestreamSpec& s) {
                  s.block_style = 0x40;
                  s.has_region = true;
                }},
           Case{"a progression that there is not", [](CodestreamSpec& s) { s.progression = 5; },
                ErrorCode::kCorruptImage},
           Case{"a component transformation that there is not", [](CodestreamSpec& s) { s.transform = 9; },
                ErrorCode::kCorruptImage},
       }) {
    CodestreamSpec spec;
    test.change(spec);
    const ByteVector file = make_codestream(spec);
    EXPECT_EQ(decode(file).error, test.code) << test.what;
    const auto info = inspect_image(file, Limits{});
    EXPECT_EQ(info.ok(), test.code == ErrorCode::kUnsupportedFeature) << test.what;
    if (info.ok()) EXPECT_FALSE(info->decodable) << test.what;
  }
  CodestreamSpec region;
  region.has_region = true;
  EXPECT_TRUE(decode(make_codestream(region)).ok());
}

}  // namespace
}  // namespace netocr::jp2
