// A picture's file whose header has been read once: later queries use the parsed values. Each format derives
// a class; image/registry opens the files.
#pragma once

#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "image/meta/icc.hpp"
#include "image/meta/image_info.hpp"
#include "image/pixel/color_converter.hpp"
#include "image/pixel/rewritten.hpp"
#include "image/pixel/row_source.hpp"

namespace netocr {

// The file's bytes must outlive the image and its rows.
class OpenImage {
 public:
  // Creates an image with `info` only; complete() adds its profile and format. A variant that is not decoded
  // is not `decodable`.
  explicit OpenImage(const ImageInfo& info, bool is_left_to_codecs = false)
      : info_(info), is_left_to_codecs_(is_left_to_codecs) {}
  OpenImage(const OpenImage&) = delete;
  OpenImage& operator=(const OpenImage&) = delete;
  virtual ~OpenImage() = default;

  const ImageInfo& info() const { return info_; }
  // Returns the profile that the colours of the rows must be converted from when info().profile is
  // kConverted.
  const IccProfile& profile() const { return profile_; }
  // Returns the conversion of a profile with tables; null for any other profile.
  ColorConverter* converter() const { return converter_.get(); }
  // Returns whether the converter expects the four inks of a CMYK picture from rows().
  bool has_inks_to_convert() const { return converter_ != nullptr && profile_.kind == IccKind::kCmykTables; }
  // Returns whether the colours need a converter, which the image has not got: it is left to the codecs
  // module.
  bool lacks_converter() const {
    return info_.profile == ProfileUse::kConverted && has_tables(profile_.kind) && converter_ == nullptr;
  }
  // Returns whether the header shows that the codecs module decodes the file and this one does not, because
  // of its format, a rare coding of it, or a profile with tables. rows() reports cases that only the data
  // shows.
  bool is_left_to_codecs() const { return is_left_to_codecs_; }

  // Returns the whole picture rewritten without loss, upright, in the same format and within `max_bytes`;
  // nothing when that is impossible. Errors: OUT_OF_MEMORY.
  Result<std::optional<RewrittenPicture>> lossless(std::size_t max_bytes);

  // Returns the decoder. It takes over the parsed header, so rows() is called once, and last; info() and
  // profile() stay valid. Errors: UNSUPPORTED_FORMAT for a format that is not decoded here,
  // UNSUPPORTED_FEATURE for such a variant, CORRUPT_IMAGE, IMAGE_TOO_LARGE, OUT_OF_MEMORY. An error with
  // `left_to_codecs` means that the codecs module decodes the file.
  virtual Result<std::unique_ptr<RowSource>> rows(const WantedSize& wanted);

  // Returns a decoder of the whole picture whose three planes are red, green and blue, blended over white; it
  // may follow rows(). Null for a format without it; a picture that rows() return as grey has one plane.
  // Errors: those of rows().
  virtual Result<std::unique_ptr<RowSource>> rgb_rows();

  // The registry calls it once: sets the format and whether only the codecs module has a decoder of it, and
  // reads the profile if there is metadata.
  void complete(ImageFormat format, bool is_format_left);

  // Decides what becomes of an image that lacks a converter: the registry of the module has one to give,
  // which it makes of the bytes of the profile, or knows that these are unusable (null), or leaves the image
  // to the codecs module.
  Buffer take_profile() { return std::move(profile_bytes_); }
  void convert_by(std::unique_ptr<ColorConverter> converter);
  void leave_colors_to_codecs();

  // Marks an image that is embedded in a file of another format: it is then shown as stored, and never
  // rewritten.
  void embed();

 protected:
  // Reads the colours that the file declares; the kind is kNone without any. An error means that the file has
  // an unusable profile: the picture then counts as sRGB, with a warning. profile() returns the result. For a
  // profile with tables `whole` becomes its bytes.
  virtual Result<IccProfile> read_profile(Buffer& whole) const;
  // Returns the result of lossless() for a file that is not embedded; nothing for a format that is never sent
  // in its own format.
  virtual Result<std::optional<RewrittenPicture>> rewrite(std::size_t max_bytes);

 private:
  ImageInfo info_;
  IccProfile profile_;
  Buffer profile_bytes_;  // of a profile with tables
  std::unique_ptr<ColorConverter> converter_;
  bool is_left_to_codecs_;
  bool is_embedded_ = false;
};

// Opens an image for an `error` in the header: for UNSUPPORTED_FEATURE a recognised variant, whose rows()
// return the error; any other error is returned.
Result<std::unique_ptr<OpenImage>> open_undecoded(const Error& error);

// Takes ownership of the result of `new`; no template, so that it is compiled once. Errors: OUT_OF_MEMORY for
// null.
Result<std::unique_ptr<OpenImage>> own_image(OpenImage* image);

// Creates a T, which derives from OpenImage. Errors: OUT_OF_MEMORY.
template <typename T, typename... Arguments>
Result<std::unique_ptr<OpenImage>> make_open_image(Arguments&&... arguments) {
  return own_image(new (std::nothrow) T(std::forward<Arguments>(arguments)...));
}

}  // namespace netocr
