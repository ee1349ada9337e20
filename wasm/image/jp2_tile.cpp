// Every call of openjpeg is here. It reports by return values; its messages are only asked what kind of
// trouble it is.
#include "image/jp2_tile.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include <openjpeg.h>

namespace netocr {
namespace {

constexpr std::size_t kStreamBuffer = 64U * 1024;

struct CodecDeleter {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
};
struct StreamDeleter {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
};
struct ImageDeleter {
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};

OPJ_SIZE_T on_read(void* buffer, OPJ_SIZE_T size, void* user) {
  const std::size_t done =
      static_cast<J2kTileStream*>(user)->read(MutableBytes(static_cast<std::uint8_t*>(buffer), size));
  return done == 0 ? static_cast<OPJ_SIZE_T>(-1) : done;
}

OPJ_OFF_T on_skip(OPJ_OFF_T count, void* user) {
  auto& stream = *static_cast<J2kTileStream*>(user);
  const std::uint64_t from = stream.position();
  if (count < 0) return -1;
  stream.seek(from + static_cast<std::uint64_t>(count));
  return static_cast<OPJ_OFF_T>(stream.position() - from);
}

OPJ_BOOL on_seek(OPJ_OFF_T position, void* user) {
  if (position < 0) return OPJ_FALSE;
  static_cast<J2kTileStream*>(user)->seek(static_cast<std::uint64_t>(position));
  return OPJ_TRUE;
}

struct Trouble {
  bool memory = false;
  bool data = false;
};

bool has_any(const char* message, std::span<const char* const> words) {
  return std::any_of(words.begin(), words.end(),
                     [message](const char* word) { return std::strstr(message, word) != nullptr; });
}

// The library has no codes. "Size of tile data exceeds system limits" is what it says of a failed allocation:
// the sizes were checked before.
void on_error(const char* message, void* user) {
  constexpr const char* kMemory[] = {"emory", "system limits"};
  if (has_any(message, kMemory)) static_cast<Trouble*>(user)->memory = true;
}

// Of the warnings, those that tell of code-blocks that are cut off or wrong; others remark upon untidy
// headers.
void on_warning(const char* message, void* user) {
  constexpr const char* kDamage[] = {"segment", "alformed"};
  if (has_any(message, kDamage)) static_cast<Trouble*>(user)->data = true;
}

void on_info(const char*, void*) {}

class Decoder final : public J2kTileDecoder {
 public:
  Decoder(const J2kHeader& header, J2kTileStream input, std::uint32_t reduce,
          std::span<const std::uint32_t> components)
      : header_(header), input_(std::move(input)), reduce_(reduce), count_(components.size()) {
    std::copy(components.begin(), components.end(), components_.begin());
  }

  Result<J2kOutcome> decode(std::uint32_t tile) override {
    image_.reset();
    const auto selected = input_.select(tile);
    if (!selected) {
      if (selected.error().code == ErrorCode::kOutOfMemory) return selected.error();
      return J2kOutcome::kDamaged;
    }
    if (!*selected) return J2kOutcome::kMissing;
    tile_ = tile;
    trouble_.memory = false;
    const bool decoded = run() && sizes_are_right();
    if (decoded) return J2kOutcome::kDecoded;
    if (trouble_.memory)
      return Error{ErrorCode::kOutOfMemory, 0, "not enough memory to decode the JPEG 2000 tile"};
    return J2kOutcome::kDamaged;
  }

  J2kSamples samples(std::size_t index) const override {
    return {image_->comps[place(index)].data, rect(index)};
  }

  void release(std::size_t index) override {
    opj_image_comp_t& component = image_->comps[place(index)];
    opj_image_data_free(component.data);
    component.data = nullptr;
  }

  bool damaged() const override { return trouble_.data; }

 private:
  bool run() {
    std::unique_ptr<opj_codec_t, CodecDeleter> codec(opj_create_decompress(OPJ_CODEC_J2K));
    std::unique_ptr<opj_stream_t, StreamDeleter> stream(opj_stream_create(kStreamBuffer, OPJ_TRUE));
    if (!codec || !stream) {
      trouble_.memory = true;
      return false;
    }
    opj_stream_set_read_function(stream.get(), on_read);
    opj_stream_set_skip_function(stream.get(), on_skip);
    opj_stream_set_seek_function(stream.get(), on_seek);
    opj_stream_set_user_data(stream.get(), &input_, nullptr);
    opj_stream_set_user_data_length(stream.get(), input_.size());
    opj_set_error_handler(codec.get(), on_error, &trouble_);
    opj_set_warning_handler(codec.get(), on_warning, &trouble_);
    opj_set_info_handler(codec.get(), on_info, nullptr);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    parameters.cp_reduce = reduce_;
    if (opj_setup_decoder(codec.get(), &parameters) == OPJ_FALSE) return false;
    opj_decoder_set_strict_mode(codec.get(), OPJ_FALSE);
    opj_image_t* image = nullptr;
    const OPJ_BOOL has_header = opj_read_header(stream.get(), codec.get(), &image);
    image_.reset(image);
    if (has_header == OPJ_FALSE || image == nullptr) return false;
    if (selects() && opj_set_decoded_components(codec.get(), static_cast<OPJ_UINT32>(count_),
                                                components_.data(), OPJ_FALSE) == OPJ_FALSE) {
      return false;
    }
    if (opj_set_decode_area(codec.get(), image, 0, 0, 0, 0) == OPJ_FALSE) return false;
    return opj_decode(codec.get(), stream.get(), image) != OPJ_FALSE;
  }

  // The library can leave components out, but then it does not undo their transformation.
  bool selects() const { return !header_.coding.transforms_components && count_ < header_.component_count; }
  // With a selection the library's image has the selected components only.
  std::size_t place(std::size_t index) const { return selects() ? index : components_[index]; }

  J2kRect rect(std::size_t index) const {
    return j2k_component_rect(header_.tile(tile_), header_.component(components_[index]), reduce_);
  }

  bool sizes_are_right() const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (place(i) >= image_->numcomps) return false;
      const opj_image_comp_t& component = image_->comps[place(i)];
      const J2kRect expected = rect(i);
      const bool empty = expected.width() == 0 || expected.height() == 0;
      if (component.w != expected.width() || component.h != expected.height()) return false;
      if (!empty && component.data == nullptr) return false;
    }
    return true;
  }

  const J2kHeader& header_;
  J2kTileStream input_;
  std::uint32_t reduce_;
  std::size_t count_;
  std::array<std::uint32_t, kMaxComponents> components_{};
  std::unique_ptr<opj_image_t, ImageDeleter> image_;
  Trouble trouble_;
  std::uint32_t tile_ = 0;
};

}  // namespace

Result<std::unique_ptr<J2kTileDecoder>> J2kTileDecoder::create(const J2kHeader& header, const J2kTiles& tiles,
                                                               std::uint32_t reduce,
                                                               std::span<const std::uint32_t> components) {
  auto input = J2kTileStream::create(header, tiles);
  if (!input) return input.error();
  std::unique_ptr<J2kTileDecoder> decoder(new (std::nothrow)
                                              Decoder(header, std::move(*input), reduce, components));
  if (!decoder) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  return decoder;
}

}  // namespace netocr
