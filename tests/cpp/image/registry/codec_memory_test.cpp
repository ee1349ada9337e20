// A lack of memory in the decoders: every allocation of theirs is refused once. The linker puts the functions
// of this file in place of the C library's (--wrap), so that those of openjpeg and libwebp are refused, too.
#include <gtest/gtest.h>

#include <cstdlib>

#include "cpp/image/bmp/maker.hpp"
#include "cpp/image/jp2/maker.hpp"
#include "cpp/image/png/maker.hpp"
#include "cpp/image/wsq/maker.hpp"

namespace {

// Allocations that still succeed; the one after them, and in a persistent lack all that follow, do not.
// Negative: all succeed.
long allocations_left = -1;
bool lack_is_persistent = false;
bool was_refused = false;

bool is_refused() {
  if (allocations_left < 0) return false;
  if (allocations_left > 0) {
    --allocations_left;
    return false;
  }
  if (!lack_is_persistent) allocations_left = -1;
  was_refused = true;
  return true;
}

}  // namespace

extern "C" {

void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t count, std::size_t size);
void* __real_realloc(void* old, std::size_t size);
int __real_posix_memalign(void** memory, std::size_t alignment, std::size_t size);
void* __wrap_malloc(std::size_t size);
void* __wrap_calloc(std::size_t count, std::size_t size);
void* __wrap_realloc(void* old, std::size_t size);
int __wrap_posix_memalign(void** memory, std::size_t alignment, std::size_t size);

void* __wrap_malloc(std::size_t size) { return is_refused() ? nullptr : __real_malloc(size); }
void* __wrap_calloc(std::size_t count, std::size_t size) {
  return is_refused() ? nullptr : __real_calloc(count, size);
}
void* __wrap_realloc(void* old, std::size_t size) {
  return is_refused() ? nullptr : __real_realloc(old, size);
}
int __wrap_posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  return is_refused() ? 12 : __real_posix_memalign(memory, alignment, size);  // ENOMEM
}

}  // extern "C"

namespace netocr::testing {
namespace {

// Decodes with the allocation after `count` refused. Only the decoder's allocations are: those of the test
// itself are made by `new`, which the linker leaves alone.
Decoded decode_short_of_memory(const ByteVector& file, long count, bool persistent) {
  was_refused = false;
  lack_is_persistent = persistent;
  allocations_left = count;
  Decoded decoded = decode(file);
  allocations_left = -1;
  return decoded;
}

// Each allocation in turn, until the file is decoded without one being refused.
void refuse_in_turn(const ByteVector& file, const char* what, bool persistent) {
  const Decoded whole = decode(file);
  ASSERT_TRUE(whole.ok()) << what << ": " << whole.detail;
  long refused = 0;
  for (;; ++refused) {
    const Decoded decoded = decode_short_of_memory(file, refused, persistent);
    if (!was_refused) break;
    ASSERT_EQ(decoded.error, ErrorCode::kOutOfMemory)
        << what << ", allocation " << refused << (persistent ? " and all after it: " : ": ")
        << decoded.detail;
  }
  EXPECT_GT(refused, 3) << what;
  EXPECT_EQ(decode(file).planes[0].samples, whole.planes[0].samples) << what;
}

void expect_out_of_memory(const ByteVector& file, const char* what) {
  refuse_in_turn(file, what, false);
  refuse_in_turn(file, what, true);
}

TEST(CodecMemory, OfJpeg2000) {
  const RawPicture grey = raw_picture(40, 30, 1, plain_sample);
  const RawPicture rgba = raw_picture(40, 30, 4, plain_sample);
  expect_out_of_memory(opj_compress(grey), "grey");
  expect_out_of_memory(opj_compress(grey, "-I -r 4"), "lossy");
  expect_out_of_memory(opj_compress(grey, "-t 32,32 -n 2 -r 9,3,1"), "tiles, layers");
  expect_out_of_memory(opj_compress(grey, "-p RPCL -c [16,16] -M 63"), "precincts, all styles");
  ByteVector cut = opj_compress(grey, "-t 32,32 -n 2 -r 9,3,1 -EPH");
  cut.resize(cut.size() * 2 / 3);
  expect_out_of_memory(cut, "cut off");
  const ByteVector definitions = channel_definitions({{0, 0, 1}, {1, 0, 2}, {2, 0, 3}, {3, 1, 0}});
  expect_out_of_memory(make_jp2(opj_compress(rgba), {enumerated_color(16), definitions}), "alpha");
}

ByteVector cwebp(std::uint8_t color_type, const std::string& options) {
  const std::string in = temporary_file("in.png");
  const std::string out = temporary_file("out.webp");
  write_file(in, make_png(png_spec(color_type, 8, 45, 33)));
  const std::string command = "cwebp -quiet " + options + " " + in + " -o " + out;
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  ByteVector file = read_file(out);
  std::remove(in.c_str());
  std::remove(out.c_str());
  return file;
}

// libwebp takes some failures for damage; that there is no memory is noticed when it lasts.
TEST(CodecMemory, OfWebp) {
  refuse_in_turn(cwebp(2, "-q 80"), "lossy", true);
  refuse_in_turn(cwebp(6, "-q 80"), "lossy with alpha", true);
  refuse_in_turn(cwebp(2, "-lossless"), "lossless", true);
  refuse_in_turn(cwebp(6, "-lossless"), "lossless with alpha", true);
}

TEST(CodecMemory, OfWsqAndBmp) {
  const auto ridges = [](std::uint32_t x, std::uint32_t y) {
    return static_cast<int>(128 + 90 * std::sin(0.35 * x + 0.2 * y));
  };
  expect_out_of_memory(make_wsq(WsqSpec{48, 40, ridges}), "WSQ");
  expect_out_of_memory(make_bmp(bmp_spec(24, 12, 12)), "BMP");
  BmpSpec rle = bmp_spec(8, 3, 2);
  rle.compression = 1;
  rle.stream = {3, 1, 0, 0, 3, 2, 0, 1};
  expect_out_of_memory(make_bmp(rle), "BMP of run lengths");
}

}  // namespace
}  // namespace netocr::testing
