// Contains every call of openjpeg. The library reports by return values and by the number of its warnings;
// the message texts are ignored. Our allocator (memory.cpp) detects a lack of memory, and codestream.cpp has
// rejected what the library does not support.
#include "image/jp2/tile.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

#include <openjpeg.h>

#include "image/jp2/memory.hpp"

namespace netocr::jp2 {
namespace {

constexpr std::size_t kStreamBuffer = 64U * 1024;

OPJ_SIZE_T on_read(void* buffer, OPJ_SIZE_T size, void* user) {
  const std::size_t done =
      static_cast<TileStream*>(user)->read(MutableBytes(static_cast<std::uint8_t*>(buffer), size));
  return done == 0 ? static_cast<OPJ_SIZE_T>(-1) : done;
}

OPJ_OFF_T on_skip(OPJ_OFF_T count, void* user) {
  auto& stream = *static_cast<TileStream*>(user);
  const std::uint64_t from = stream.position();
  if (count < 0) return -1;
  stream.seek(from + static_cast<std::uint64_t>(count));
  return static_cast<OPJ_OFF_T>(stream.position() - from);
}

OPJ_BOOL on_seek(OPJ_OFF_T position, void* user) {
  if (position < 0) return OPJ_FALSE;
  static_cast<TileStream*>(user)->seek(static_cast<std::uint64_t>(position));
  return OPJ_TRUE;
}

void ignore(const char*, void*) {}
void count(const char*, void* user) { ++*static_cast<std::uint32_t*>(user); }

class Decoder final : public TileDecoder {
 public:
  Decoder(const Header& header, TileStream input, std::uint32_t reduce,
          std::span<const std::uint32_t> components)
      : header_(header), input_(std::move(input)), reduce_(reduce), count_(components.size()) {
    std::copy(components.begin(), components.end(), components_.begin());
  }
  ~Decoder() override { opj_image_destroy(image_); }

  Result<Outcome> decode(std::uint32_t tile, const TileCut& cut) override {
    opj_image_destroy(std::exchange(image_, nullptr));
    const auto selected = input_.select(tile, cut);
    if (!selected.ok()) {
      if (selected.error().code == ErrorCode::kOutOfMemory) return selected.error();
      return Outcome::kDamaged;
    }
    if (!*selected) return Outcome::kMissing;
    tile_ = tile;
    decoded_ = false;
    if (!heap_.run([](void* self) { static_cast<Decoder*>(self)->call_library(); }, this)) {
      image_ = nullptr;
      return out_of_memory("not enough memory to decode the JPEG 2000 tile");
    }
    return decoded_ && sizes_are_right() ? Outcome::kDecoded : Outcome::kDamaged;
  }

  Samples samples(std::size_t index) const override {
    return {image_->comps[place(index)].data, rect(index)};
  }

  void release(std::size_t index) override {
    opj_image_comp_t& component = image_->comps[place(index)];
    opj_image_data_free(component.data);
    component.data = nullptr;
  }

  bool warned() const override { return warnings_ > 0; }

 private:
  // The call ends here or, without memory, anywhere in the library: no local has a destructor.
  void call_library() {
    opj_codec_t* codec = opj_create_decompress(OPJ_CODEC_J2K);
    opj_stream_t* stream = opj_stream_create(kStreamBuffer, OPJ_TRUE);
    set_up(codec, stream);
    decoded_ = decode_tile(codec, stream);
    opj_stream_destroy(stream);
    opj_destroy_codec(codec);
  }

  void set_up(opj_codec_t* codec, opj_stream_t* stream) {
    opj_stream_set_read_function(stream, on_read);
    opj_stream_set_skip_function(stream, on_skip);
    opj_stream_set_seek_function(stream, on_seek);
    opj_stream_set_user_data(stream, &input_, nullptr);
    opj_stream_set_user_data_length(stream, input_.size());
    opj_set_error_handler(codec, ignore, nullptr);
    opj_set_warning_handler(codec, count, &warnings_);
    opj_set_info_handler(codec, ignore, nullptr);
  }

  bool decode_tile(opj_codec_t* codec, opj_stream_t* stream) {
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    parameters.cp_reduce = reduce_;
    if (opj_setup_decoder(codec, &parameters) == OPJ_FALSE) return false;
    opj_decoder_set_strict_mode(codec, OPJ_FALSE);
    if (opj_read_header(stream, codec, &image_) == OPJ_FALSE || image_ == nullptr) return false;
    if (selects() && opj_set_decoded_components(codec, static_cast<OPJ_UINT32>(count_), components_.data(),
                                                OPJ_FALSE) == OPJ_FALSE) {
      return false;
    }
    if (opj_set_decode_area(codec, image_, 0, 0, 0, 0) == OPJ_FALSE) return false;
    warnings_ = 0;  // discards warnings about the headers, which concern harmless irregularities
    return opj_decode(codec, stream, image_) != OPJ_FALSE;
  }

  // The library can leave components out, but then it does not undo their transformation.
  bool selects() const { return !header_.coding.transforms_components && count_ < header_.component_count; }
  // With a selection the library's image contains the selected components only.
  std::size_t place(std::size_t index) const { return selects() ? index : components_[index]; }

  Rect rect(std::size_t index) const {
    return component_rect(header_.tile(tile_), header_.component(components_[index]), reduce_);
  }

  bool sizes_are_right() const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (place(i) >= image_->numcomps) return false;
      const opj_image_comp_t& component = image_->comps[place(i)];
      const Rect expected = rect(i);
      const bool empty = expected.width() == 0 || expected.height() == 0;
      if (component.w != expected.width() || component.h != expected.height()) return false;
      if (!empty && component.data == nullptr) return false;
    }
    return true;
  }

  const Header& header_;
  TileStream input_;
  std::uint32_t reduce_;
  std::size_t count_;
  std::array<std::uint32_t, kMaxComponents> components_{};
  Heap heap_;
  opj_image_t* image_ = nullptr;  // allocated on the heap; null when nothing is decoded
  bool decoded_ = false;
  std::uint32_t warnings_ = 0;
  std::uint32_t tile_ = 0;
};

}  // namespace

Result<std::unique_ptr<TileDecoder>> TileDecoder::create(const Header& header, const Tiles& tiles,
                                                         std::uint32_t reduce,
                                                         std::span<const std::uint32_t> components) {
  NETOCR_ASSIGN(auto input, TileStream::create(header, tiles));
  NETOCR_ASSIGN(std::unique_ptr<TileDecoder> decoder,
                make_nothrow<Decoder>(header, std::move(input), reduce, components));
  return decoder;
}

}  // namespace netocr::jp2
