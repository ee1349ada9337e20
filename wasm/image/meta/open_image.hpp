// A picture's file whose header has been read, once: what was read answers every later question about the
// file. Each format derives one; image/registry opens them.
#pragma once

#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "image/meta/icc.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/rewritten.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr {

// The file's bytes outlive it and the rows that it gives.
class OpenImage {
 public:
  // A file of which nothing but `info` is known: what it says of the profile is added by read_colors(), the
  // format by the registry. A variant that is not decoded is not `decodable`.
  explicit OpenImage(const ImageInfo& info) : info_(info) {}
  OpenImage(const OpenImage&) = delete;
  OpenImage& operator=(const OpenImage&) = delete;
  virtual ~OpenImage() = default;

  const ImageInfo& info() const { return info_; }
  // What the colours of the rows are to be converted from, where info().profile is kConverted.
  const IccProfile& profile() const { return profile_; }

  // The whole picture written anew without loss, upright, in the same format and within `max_bytes`; nothing
  // when that cannot be. Errors: OUT_OF_MEMORY.
  Result<std::optional<RewrittenPicture>> lossless(std::size_t max_bytes);

  // The decoder. It takes along what was read of the header: this is called once, and last; info() and
  // profile() stay. Errors: UNSUPPORTED_FORMAT for a format that is not decoded here, UNSUPPORTED_FEATURE for
  // such a variant, CORRUPT_IMAGE, IMAGE_TOO_LARGE, OUT_OF_MEMORY. One whose `left_to_codecs` is set says
  // that the second module reads the file.
  virtual Result<std::unique_ptr<RowSource>> rows(const WantedSize& wanted);

  // For the registry, once: names the format, says whether the second module has all decoders of it, and
  // reads the profile, if there is metadata to look for it in.
  void complete(ImageFormat format, bool is_left_to_codecs);

  // For a format whose files hold files of others: the picture is then shown as it is stored, and never
  // rewritten.
  void embed();

 protected:
  // The colours that the file claims; of kind kNone without any. An error says that there is a profile which
  // cannot be used: the picture is then taken for sRGB, with a warning. profile() has the result.
  virtual Result<IccProfile> read_profile() const { return IccProfile{}; }
  // What lossless() gives of a file that is not embedded; nothing for a format that is never sent as it is.
  virtual Result<std::optional<RewrittenPicture>> rewrite(std::size_t max_bytes);

 private:
  ImageInfo info_;
  IccProfile profile_;
  bool is_left_to_codecs_ = false;
  bool is_embedded_ = false;
};

// What a format opens for `error`, which it met in the header: for UNSUPPORTED_FEATURE a variant that is
// recognised, whose rows() give the error; any other error is returned.
Result<std::unique_ptr<OpenImage>> open_undecoded(const Error& error);

// Takes over what `new` gave. Errors: OUT_OF_MEMORY when that is null.
Result<std::unique_ptr<OpenImage>> own_image(OpenImage* image);

// A T, which is one. Errors: OUT_OF_MEMORY.
template <typename T, typename... Arguments>
Result<std::unique_ptr<OpenImage>> make_open_image(Arguments&&... arguments) {
  return own_image(new (std::nothrow) T(std::forward<Arguments>(arguments)...));
}

}  // namespace netocr
