// prepare_image opens a file once and asks it for each thing once: with a codec table of our own, whose one
// format counts.
#include <gtest/gtest.h>

#include <array>
#include <memory>

#include "image/prepare.hpp"
#include "image/registry/codec.hpp"
#include "image/registry/open.hpp"

namespace netocr {
namespace {

constexpr std::uint32_t kSide = 40;

struct Counts {
  int opened = 0, profiles = 0, rewrites = 0, sources = 0;
  int images_alive = 0, sources_alive = 0;
};
Counts counts;

class GreyRows final : public RowSource {
 public:
  GreyRows() {
    ++counts.sources;
    ++counts.sources_alive;
    row_.fill(100);
    geometry_.plane_count = 1;
    geometry_.planes[0] = {kSide, kSide, kSide, kSide};
  }
  ~GreyRows() override { --counts.sources_alive; }
  const SourceGeometry& geometry() const override { return geometry_; }
  Result<RowBatch> next() override {
    RowBatch batch;
    if (given_++ < kSide) batch[0] = {row_.data(), 0, 1};
    return batch;
  }

 private:
  SourceGeometry geometry_;
  std::array<std::uint8_t, kSide> row_{};
  std::uint32_t given_ = 0;
};

class CountingImage final : public OpenImage {
 public:
  explicit CountingImage(const ImageInfo& info) : OpenImage(info) {
    ++counts.opened;
    ++counts.images_alive;
  }
  ~CountingImage() override { --counts.images_alive; }
  Result<std::unique_ptr<RowSource>> rows(const WantedSize& /*wanted*/) override {
    return std::unique_ptr<RowSource>(std::make_unique<GreyRows>());
  }

 protected:
  Result<IccProfile> read_profile(Buffer& /*whole*/) const override {
    ++counts.profiles;
    IccProfile profile;
    profile.kind = IccKind::kGrey;
    for (std::size_t i = 0; i < 256; ++i) profile.curves[0][i] = static_cast<float>(i) / 255;
    return profile;
  }
  Result<std::optional<RewrittenPicture>> rewrite(std::size_t max_bytes) override {
    ++counts.rewrites;
    if (max_bytes < 5000) return std::optional<RewrittenPicture>();
    auto bytes = Buffer::create_zeroed(10);
    if (!bytes.ok()) return bytes.error();
    return std::optional(RewrittenPicture{std::move(*bytes), kSide, kSide});
  }
};

// The third letter of the file says whether it has metadata.
Result<std::unique_ptr<OpenImage>> open_counting(Bytes bytes, const Limits& /*limits*/) {
  ImageInfo info;
  info.width = info.height = kSide;
  info.color_model = ColorModel::kGrey;
  info.decodable = true;
  info.has_metadata = bytes.back() == 'm';
  return make_open_image<CountingImage>(info);
}

constexpr std::array kCodecs = {ImageCodec{ImageFormat::kGif, open_counting}};

}  // namespace

std::span<const ImageCodec> image_codecs() { return kCodecs; }
std::span<const ImageFormat> formats_left_to_codecs() { return {}; }
Status complete_colors(OpenImage& /*image*/) { return {}; }

namespace {

Bytes bytes_of(const char* text) { return {reinterpret_cast<const std::uint8_t*>(text), 7}; }

TEST(OpenOnce, ARewriteTakesOneOpening) {
  counts = {};
  const auto prepared = prepare_image(bytes_of("GIF89a-"), {});
  ASSERT_TRUE(prepared.ok());
  EXPECT_TRUE(prepared->lossless);
  EXPECT_EQ(counts.opened, 1);
  EXPECT_EQ(counts.profiles, 0) << "nothing but metadata has a profile";
  EXPECT_EQ(counts.rewrites, 1);
  EXPECT_EQ(counts.sources, 0);
  EXPECT_EQ(counts.images_alive, 0);
}

TEST(OpenOnce, ANewEncodingTakesOneOpeningAndFreesTheDecoderBeforeItEncodes) {
  counts = {};
  PrepareOptions options;
  options.max_bytes = 4000;
  options.on_progress = [](void*, double fraction) {
    if (fraction > 0.8) EXPECT_EQ(counts.sources_alive, 0) << fraction;
  };
  const auto prepared = prepare_image(bytes_of("GIF89a-"), options);
  ASSERT_TRUE(prepared.ok());
  EXPECT_FALSE(prepared->lossless);
  EXPECT_EQ(counts.opened, 1);
  EXPECT_EQ(counts.rewrites, 1);
  EXPECT_EQ(counts.sources, 1);
  EXPECT_EQ(counts.images_alive, 0);
}

TEST(OpenOnce, AProfileIsReadOnce) {
  counts = {};
  const auto prepared = prepare_image(bytes_of("GIF89am"), {});
  ASSERT_TRUE(prepared.ok());
  EXPECT_EQ(prepared->source.profile, ProfileUse::kConverted);
  EXPECT_EQ(counts.opened, 1);
  EXPECT_EQ(counts.profiles, 1);
  EXPECT_EQ(counts.rewrites, 0) << "colours that are converted are encoded anew";
  EXPECT_EQ(counts.sources, 1);
}

TEST(OpenOnce, ARefusedSizeOpensNothingElse) {
  counts = {};
  PrepareOptions options;
  options.limits.max_dimension = kSide - 1;
  const auto prepared = prepare_image(bytes_of("GIF89am"), options);
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().code, ErrorCode::kImageTooLarge);
  EXPECT_EQ(counts.opened, 1);
  EXPECT_EQ(counts.sources, 0);
  EXPECT_EQ(counts.images_alive, 0);
}

}  // namespace
}  // namespace netocr
