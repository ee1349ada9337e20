// Builds multipart/form-data. The small header texts come first, so that the body is allocated once at its
// exact size.
#include "text/multipart.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/bytes.hpp"

namespace netocr {
namespace {

// Mixes the seed by SplitMix64 (Steele, Lea, Flood 2014): consecutive seeds yield unrelated values.
std::uint64_t mix(std::uint64_t seed) {
  std::uint64_t z = seed + 0x9e3779b97f4a7c15ULL;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
  return z ^ z >> 31;
}

std::string escaped(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '"') {
      out += "%22";
    } else if (c == '\r') {
      out += "%0D";
    } else if (c == '\n') {
      out += "%0A";
    } else {
      out += c;
    }
  }
  return out;
}

bool occurs(std::string_view boundary, const MultipartPart& part) {
  const auto in = [&](std::string_view text) { return text.find(boundary) != std::string_view::npos; };
  return in(as_text(part.content)) || in(part.name) || in(part.file_name) || in(part.content_type);
}

// Returns "" when every candidate occurs in a part.
std::string free_boundary(std::span<const MultipartPart> parts, std::uint64_t seed) {
  for (unsigned i = 0; i < kMaxBoundaryTries; ++i) {
    const std::string boundary = multipart_boundary(seed + i);
    const auto taken = [&](const MultipartPart& part) { return occurs(boundary, part); };
    if (std::none_of(parts.begin(), parts.end(), taken)) return boundary;
  }
  return {};
}

std::string part_head(const MultipartPart& part, const std::string& boundary) {
  std::string head =
      "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + escaped(part.name) + "\"";
  if (!part.file_name.empty()) head += "; filename=\"" + escaped(part.file_name) + "\"";
  if (!part.content_type.empty()) head.append("\r\nContent-Type: ").append(part.content_type);
  return head + "\r\n\r\n";
}

std::uint8_t* put(std::uint8_t* to, Bytes bytes) {
  if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
  return to + bytes.size();
}

Result<Buffer> join(std::span<const MultipartPart> parts, const std::vector<std::string>& heads,
                    std::string_view tail) {
  constexpr std::string_view kLineEnd = "\r\n";
  std::uint64_t size = tail.size();
  for (std::size_t i = 0; i < parts.size(); ++i)
    size += heads[i].size() + parts[i].content.size() + kLineEnd.size();
  if (size > SIZE_MAX) return out_of_memory("size overflow");
  NETOCR_ASSIGN(Buffer body, Buffer::create(static_cast<std::size_t>(size)));
  std::uint8_t* to = body.data();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    to = put(put(put(to, as_bytes(heads[i])), parts[i].content), as_bytes(kLineEnd));
  }
  put(to, as_bytes(tail));
  return body;
}

}  // namespace

std::string multipart_boundary(std::uint64_t seed) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string boundary = "netocr-";
  for (const std::uint64_t bits : {mix(seed), mix(~seed)}) {
    for (int shift = 60; shift >= 0; shift -= 4) boundary += kHex[bits >> shift & 15];
  }
  return boundary;
}

Result<MultipartBody> write_multipart(std::span<const MultipartPart> parts, std::uint64_t boundary_seed) {
  for (const MultipartPart& part : parts) {
    if (part.content_type.find_first_of("\r\n") != std::string_view::npos) {
      return Error{ErrorCode::kInvalidArgument, 0, "line break in a content type"};
    }
  }
  const std::string boundary = free_boundary(parts, boundary_seed);
  if (boundary.empty()) return Error{ErrorCode::kInvalidArgument, 0, "no boundary that is not in the files"};
  std::vector<std::string> heads;
  for (const MultipartPart& part : parts) heads.push_back(part_head(part, boundary));
  NETOCR_ASSIGN(Buffer body, join(parts, heads, "--" + boundary + "--\r\n"));
  return MultipartBody{std::move(body), "multipart/form-data; boundary=" + boundary};
}

}  // namespace netocr
