// Has one function for each part of a header that may be of an unsupported kind.
#include "image/tiff/policy.hpp"

namespace netocr::tiff {
namespace {

// A pixel costs time for each of its samples, shown or not. Satellite pictures have a dozen bands.
constexpr std::uint16_t kMaxSamples = 64;

Error unsupported(const char* detail) { return {ErrorCode::kUnsupportedFeature, 0, detail}; }
Error corrupt(const char* detail) { return {ErrorCode::kCorruptImage, 0, detail}; }

bool has_log_samples(const Header& header) {
  return header.compression == kCompressionLog || header.compression == kCompressionLog24;
}

Status check_samples(const Header& header) {
  const std::uint16_t bits = header.bits_per_sample;
  if (!header.same_bits)
    return unsupported("TIFF with channels of different depths is not decoded: save it with 8 bits");
  switch (header.samples) {
    case SampleType::kUnsigned:
    case SampleType::kSigned:
      if (bits <= 16 || bits == 24 || bits == 32 || bits == 64) return {};
      break;
    case SampleType::kFloat:
      if (bits == 16 || bits == 32 || bits == 64) return {};
      break;
    case SampleType::kOther:
      break;
  }
  return unsupported("TIFF with samples of this type is not decoded: save it with 8 or 16 bits");
}

Status check_ycbcr(const Header& header) {
  const auto [across, down] = header.subsampling;
  const auto is_factor = [](std::uint16_t factor) { return factor == 1 || factor == 2 || factor == 4; };
  if (!is_factor(across) || !is_factor(down)) return corrupt("TIFF with impossible chroma subsampling");
  if (header.samples != SampleType::kUnsigned ||
      (header.bits_per_sample != 8 && header.bits_per_sample != 16)) {
    return unsupported("TIFF with YCbCr of other than 8 or 16 bits is not decoded: save it as RGB");
  }
  const bool is_jpeg = header.compression == kCompressionJpeg;
  const bool subsampled = across != 1 || down != 1;
  if (subsampled && !is_jpeg && header.bits_per_sample != 8) {
    return unsupported("TIFF with subsampled YCbCr of 16 bits is not decoded: save it as RGB");
  }
  if (subsampled && !is_jpeg && header.samples_per_pixel != 3) {
    return unsupported("TIFF with subsampled YCbCr and further samples is not decoded: save it as RGB");
  }
  if (subsampled && header.planar) {
    return unsupported("TIFF with subsampled YCbCr in separate planes is not decoded: save it as RGB");
  }
  if (header.luma[1] == 0) return corrupt("TIFF with impossible YCbCr coefficients");
  return {};
}

Status check_color(const Header& header) {
  const std::uint16_t count = header.samples_per_pixel;
  if (count > kMaxSamples) {
    return unsupported("TIFF with more than 64 samples a pixel is not decoded: save it as RGB");
  }
  switch (header.photometric) {
    case kPhotometricWhiteIsZero:
    case kPhotometricBlackIsZero:
    case kPhotometricMask:
      return {};
    case kPhotometricPalette:
      if (header.bits_per_sample > 16 || header.samples != SampleType::kUnsigned) {
        return unsupported("TIFF with a palette of this depth is not decoded: save it as RGB");
      }
      if (header.colors.count == 0) return corrupt("the TIFF has no palette");
      return {};
    case kPhotometricRgb:
      break;
    case kPhotometricSeparated:
      if (header.ink_set == 2 || count < 4) {
        return unsupported("TIFF with inks other than CMYK is not decoded: save it as RGB");
      }
      break;
    case kPhotometricYcbcr:
      NETOCR_TRY(check_ycbcr(header));
      break;
    case kPhotometricCieLab:
    case kPhotometricIccLab:
    case kPhotometricItuLab:
      if (header.bits_per_sample != 8 && header.bits_per_sample != 16) {
        return unsupported("TIFF with Lab colours of other than 8 or 16 bits is not decoded: save it as RGB");
      }
      break;
    case kPhotometricLogL:
    case kPhotometricLogLuv:
      if (!has_log_samples(header) || header.planar) {
        return unsupported("TIFF with LogLuv colours in this compression is not decoded: save it as RGB");
      }
      return {};
    default:
      return unsupported("TIFF with colours that are not known: save it as RGB");
  }
  return count < 3 ? Status(corrupt("TIFF with fewer samples than its colours need")) : Status();
}

// The strips are JPEG streams, or parts of one, which define the samples.
Status check_old_jpeg(const Header& header) {
  if (header.old_jpeg.process == 14) {
    return unsupported("TIFF with lossless JPEG compression is not decoded: save it with LZW compression");
  }
  if (header.bits_per_sample != 8) {
    return unsupported("TIFF with old-style JPEG of other than 8 bits is not decoded: save it with 8 bits");
  }
  const std::uint16_t count = header.samples_per_pixel;
  switch (header.photometric) {
    case kPhotometricWhiteIsZero:
    case kPhotometricBlackIsZero:
    case kPhotometricMask:
      if (count == 1) return {};
      break;
    case kPhotometricYcbcr:
      if (header.luma[1] == 0) return corrupt("TIFF with impossible YCbCr coefficients");
      if (count == 3) return {};
      break;
    default:
      break;
  }
  return unsupported("TIFF with old-style JPEG of these colours is not decoded: save it as RGB");
}

Status check_stored_samples(const Header& header) {
  if (!has_log_samples(header)) {
    NETOCR_TRY(check_samples(header));
  }
  NETOCR_TRY(check_color(header));
  if (header.piece_offsets.values() == 0) return corrupt("TIFF without strips or tiles");
  return {};
}

}  // namespace

bool is_sensor_data(const Header& header) {
  return header.photometric == kPhotometricColorFilterArray || header.photometric == kPhotometricLinearRaw ||
         is_sensor_compression(header.compression);
}

Status check_variant(const Header& header) {
  if (header.is_camera_raw || is_sensor_data(header)) {
    return unsupported("TIFF with camera raw data is not decoded: export it as JPEG");
  }
  if (const char* problem = compression_problem(header.compression)) return unsupported(problem);
  if (header.depth > 1) return unsupported("TIFF volumes are not decoded: save one slice");
  if (header.compression == kCompressionJpeg && header.bits_per_sample == 12) {
    return unsupported("TIFF with 12-bit JPEG is not decoded: save it with 8 bits");
  }
  if (header.piece_width == 0 || header.piece_height == 0) return corrupt("TIFF with empty tiles");
  return header.compression == kCompressionOldJpeg ? check_old_jpeg(header) : check_stored_samples(header);
}

}  // namespace netocr::tiff
