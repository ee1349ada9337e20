// Builds request bodies. A form is measured first and then written once, so that no byte is moved twice.
#include "api/request.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "base/bytes.hpp"
#include "sniff/image_format.hpp"
#include "text/form.hpp"
#include "text/multipart.hpp"

namespace netocr {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
constexpr std::string_view kReplyFormat = "json";  // the service's default is XML

// Appends to a buffer that was allocated at the exact size.
class FormWriter {
 public:
  explicit FormWriter(MutableBytes out) : out_(out) {}
  void name(std::string_view name) {
    if (used_ > 0) plain("&");
    used_ += form_text_encode(name, rest());
    plain("=");
  }
  void text(std::string_view value) { used_ += form_text_encode(value, rest()); }
  void file(Bytes bytes) { used_ += form_base64_encode(bytes, rest()); }
  bool full() const { return used_ == out_.size(); }

 private:
  MutableBytes rest() { return out_.subspan(used_); }
  void plain(std::string_view text) {
    std::memcpy(rest().data(), text.data(), text.size());
    used_ += text.size();
  }

  MutableBytes out_;
  std::size_t used_ = 0;
};

std::uint64_t field_length(std::string_view name, std::uint64_t value_length) {
  return form_text_length(name) + 1 + value_length;
}

std::uint64_t form_length(const Endpoint& endpoint, std::span<const Bytes> files) {
  std::uint64_t length = field_length("typeId", form_text_length(endpoint.type_id)) + 1 +
                         field_length("format", form_text_length(kReplyFormat));
  for (std::size_t i = 0; i < files.size(); ++i) {
    length += 1 + field_length(endpoint.fields[i], form_base64_length(files[i]));
  }
  return length;
}

Result<RequestBody> build_form(const Endpoint& endpoint, std::span<const Bytes> files) {
  const std::uint64_t length = form_length(endpoint, files);
  if (length > SIZE_MAX) return out_of_memory("size overflow");
  NETOCR_ASSIGN(Buffer body, Buffer::create(static_cast<std::size_t>(length)));
  FormWriter form(body.span());
  form.name("typeId");
  form.text(endpoint.type_id);
  form.name("format");
  form.text(kReplyFormat);
  for (std::size_t i = 0; i < files.size(); ++i) {
    form.name(endpoint.fields[i]);
    form.file(files[i]);
  }
  assert(form.full());
  return RequestBody{std::move(body), std::string(kFormType)};
}

struct UploadType {
  std::string_view extension;
  std::string_view content_type;
};

UploadType upload_type(ImageFormat format) {
  constexpr std::string_view kAnyBytes = "application/octet-stream";
  switch (format) {
    case ImageFormat::kJpeg:
      return {".jpg", "image/jpeg"};
    case ImageFormat::kPng:
      return {".png", "image/png"};
    case ImageFormat::kBmp:
      return {".bmp", "image/bmp"};
    case ImageFormat::kTiff:
      return {".tif", "image/tiff"};
    case ImageFormat::kJp2:
      return {".jp2", "image/jp2"};
    case ImageFormat::kWsq:
      return {".wsq", kAnyBytes};  // no registered media type
    case ImageFormat::kJ2k:
      return {".j2k", kAnyBytes};
    case ImageFormat::kWebp:
      return {".webp", "image/webp"};
    case ImageFormat::kHeic:
      return {".heic", "image/heic"};
    case ImageFormat::kAvif:
      return {".avif", "image/avif"};
    case ImageFormat::kGif:
      return {".gif", "image/gif"};
    case ImageFormat::kPdf:
      return {".pdf", "application/pdf"};
    case ImageFormat::kUnknown:
      break;
  }
  return {".bin", kAnyBytes};
}

Result<RequestBody> build_multipart(const Endpoint& endpoint, std::span<const Bytes> files,
                                    std::uint64_t seed) {
  std::array<std::string, 2> names;
  std::array<MultipartPart, 4> parts = {
      {{"typeId", as_bytes(endpoint.type_id), "", ""}, {"format", as_bytes(kReplyFormat), "", ""}, {}, {}}};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const UploadType type = upload_type(sniff_image(files[i]));
    names[i].append(endpoint.fields[i]).append(type.extension);
    parts[2 + i] = MultipartPart{endpoint.fields[i], files[i], names[i], type.content_type};
  }
  NETOCR_ASSIGN(MultipartBody made, write_multipart(std::span(parts).first(2 + files.size()), seed));
  return RequestBody{std::move(made.body), std::move(made.content_type)};
}

}  // namespace

Result<RequestBody> build_request(const Endpoint& endpoint, std::span<const Bytes> files,
                                  std::uint64_t boundary_seed) {
  if (files.size() != endpoint.part_count()) {
    return Error{ErrorCode::kInvalidArgument, 0, "wrong number of files for the operation"};
  }
  const auto empty = std::find_if(files.begin(), files.end(), [](Bytes file) { return file.empty(); });
  if (empty != files.end()) return Error{ErrorCode::kEmptyInput, 0, "the file has no bytes"};
  switch (endpoint.encoding) {
    case BodyEncoding::kFormBase64:
      return build_form(endpoint, files);
    case BodyEncoding::kMultipart:
      return build_multipart(endpoint, files, boundary_seed);
  }
  return Error{ErrorCode::kInvalidArgument, 0, "unknown body encoding"};
}

}  // namespace netocr
