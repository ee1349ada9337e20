// The default behaviour of all files, and the image of a file that is not decoded.
#include "image/open/open_image.hpp"

namespace netocr {
namespace {

const char* advice(ImageFormat format) {
  switch (format) {
    case ImageFormat::kTiff:
      return "TIFF is not decoded here: convert it to JPEG or PNG";
    case ImageFormat::kWsq:
      return "WSQ is not decoded here: convert it to JPEG or PNG";
    case ImageFormat::kJp2:
      return "JPEG 2000 (JP2) is not decoded here: convert it to JPEG or PNG";
    case ImageFormat::kJ2k:
      return "JPEG 2000 (J2K codestream) is not decoded here: convert it to JPEG or PNG";
    case ImageFormat::kWebp:
      return "WebP is not decoded here: save it as JPEG or PNG";
    case ImageFormat::kHeic:
      return "HEIC is not decoded here: choose the JPEG export, or 'most compatible' in the camera settings";
    case ImageFormat::kAvif:
      return "AVIF is not decoded here: save it as JPEG or PNG";
    case ImageFormat::kGif:
      return "GIF is not decoded here: take a photo, or save it as JPEG or PNG";
    case ImageFormat::kPdf:
      return "PDF is a document: take a photo, or export the page as JPEG or PNG";
    case ImageFormat::kUnknown:
    case ImageFormat::kJpeg:
    case ImageFormat::kPng:
    case ImageFormat::kBmp:
      break;
  }
  return "this format is not decoded here";
}

class UndecodedImage final : public OpenImage {
 public:
  explicit UndecodedImage(const Error& error) : OpenImage(ImageInfo{}), error_(error) {}

  Result<std::unique_ptr<RowSource>> rows(const WantedSize& /*wanted*/) override { return error_; }

 private:
  Error error_;
};

}  // namespace

Result<std::optional<RewrittenPicture>> OpenImage::lossless(std::size_t max_bytes) {
  if (is_embedded_) return std::optional<RewrittenPicture>();
  return rewrite(max_bytes);
}

Result<std::optional<RewrittenPicture>> OpenImage::rewrite(std::size_t /*max_bytes*/) {
  return std::optional<RewrittenPicture>();
}

Result<std::unique_ptr<RowSource>> OpenImage::rows(const WantedSize& /*wanted*/) {
  return Error{ErrorCode::kUnsupportedFormat, 0, advice(info_.format), is_left_to_codecs_};
}

Result<std::unique_ptr<RowSource>> OpenImage::rgb_rows() { return std::unique_ptr<RowSource>(); }

Result<IccProfile> OpenImage::read_profile(Buffer& /*whole*/) const { return IccProfile{}; }

void OpenImage::complete(ImageFormat format, bool is_format_left) {
  info_.format = format;
  is_left_to_codecs_ = is_left_to_codecs_ || is_format_left;
  if (info_.has_metadata) {
    const auto profile = read_profile(profile_bytes_);
    if (!profile.ok()) {
      info_.profile = ProfileUse::kIgnored;
    } else if (profile->kind != IccKind::kNone) {
      info_.profile = profile_use_of(profile->kind, info_.color_model);
      info_.profile_name = profile->name;
      profile_ = *profile;
    }
  }
  if (info_.profile == ProfileUse::kIgnored) info_.warnings |= kWarnProfileIgnored;
}

void OpenImage::convert_by(std::unique_ptr<ColorConverter> converter) {
  converter_ = std::move(converter);
  if (converter_ != nullptr) return;
  info_.profile = ProfileUse::kIgnored;
  info_.warnings |= kWarnProfileIgnored;
}

void OpenImage::leave_colors_to_codecs() {
  is_left_to_codecs_ = is_left_to_codecs_ || info_.decodable;
  info_.decodable = false;
}

void OpenImage::embed() {
  info_.orientation = 1;
  is_embedded_ = true;
}

Result<std::unique_ptr<OpenImage>> own_image(OpenImage* image) {
  if (image == nullptr) return out_of_memory();
  return std::unique_ptr<OpenImage>(image);
}

Result<std::unique_ptr<OpenImage>> open_undecoded(const Error& error) {
  if (error.code != ErrorCode::kUnsupportedFeature) return error;
  return make_open_image<UndecodedImage>(error);
}

}  // namespace netocr
