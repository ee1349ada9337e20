// Fuzzes request: simple independent readers must read back what was written.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "api/request.hpp"
#include "base/bytes.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/text/form_reader.hpp"

namespace netocr::fuzz {
namespace {

// Returns the contents of the parts between the boundaries, in order.
std::vector<std::string_view> multipart_contents(std::string_view body, std::string_view content_type) {
  constexpr std::string_view kPrefix = "multipart/form-data; boundary=";
  require(content_type.starts_with(kPrefix), "the content type names the boundary");
  const std::string delimiter = "\r\n--" + std::string(content_type.substr(kPrefix.size()));
  require(body.starts_with(std::string_view(delimiter).substr(2)), "a body begins with its boundary");
  body.remove_prefix(delimiter.size() - 2);
  std::vector<std::string_view> contents;
  while (body.starts_with("\r\n")) {
    const std::size_t head = body.find("\r\n\r\n");
    require(head != std::string_view::npos, "a part has a head");
    body.remove_prefix(head + 4);
    const std::size_t end = body.find(delimiter);
    require(end != std::string_view::npos, "a part has an end");
    contents.push_back(body.substr(0, end));
    body.remove_prefix(end + delimiter.size());
  }
  require(body == "--\r\n", "a body ends with its boundary");
  return contents;
}

void require_multipart(const RequestBody& made, std::span<const Bytes> files) {
  const auto contents = multipart_contents(as_text(made.body.span()), made.content_type);
  require(contents.size() == 2 + files.size(), "a body has typeId, format and the files");
  for (std::size_t i = 0; i < files.size(); ++i)
    require(contents[2 + i] == as_text(files[i]), "a file arrives as it was");
}

void require_urlencoded(const RequestBody& made, std::span<const Bytes> files) {
  std::string_view body = as_text(made.body.span());
  require(made.content_type == "application/x-www-form-urlencoded", "a form is called one");
  for (std::size_t i = files.size(); i-- > 0;) {
    const std::size_t at = body.rfind('=');
    require(at != std::string_view::npos, "a field has a name");
    require(form_decoded(body.substr(at + 1)) == base64_of(files[i]), "a file arrives as its base64");
    body = body.substr(0, body.rfind('&'));
  }
  require(body.ends_with("&format=json"), "format=json goes before the files");
}

}  // namespace

// The input holds the operation, the seed of the boundary, the end of the first file, and the files.
bool run_request(Bytes bytes) {
  Choices choices(bytes);
  const Endpoint& endpoint = kEndpoints[choices.byte() % kEndpoints.size()];
  const std::uint64_t seed = choices.byte();
  const Bytes first = choices.take(choices.below(2048));
  const std::array<Bytes, 2> files = {first, choices.rest()};
  const std::span<const Bytes> given = std::span(files).first(endpoint.part_count());
  const auto made = build_request(endpoint, given, seed);
  const bool has_empty = std::any_of(given.begin(), given.end(), [](Bytes file) { return file.empty(); });
  require(made.ok() == !has_empty || endpoint.encoding == BodyEncoding::kMultipart,
          "files that are not empty make a form");
  if (!made.ok()) {
    require_typed(made.error(), bytes.size());
    return true;
  }
  require(!has_empty, "no empty file is sent");
  if (endpoint.encoding == BodyEncoding::kMultipart) {
    require_multipart(*made, given);
  } else {
    require_urlencoded(*made, given);
  }
  return true;
}

}  // namespace netocr::fuzz
