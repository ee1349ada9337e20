// Checks a call's URL and request headers, and finds reply headers in the block that XMLHttpRequest returns,
// whose lines are "name: value\r\n".
#include "bindings/http.hpp"

#include <algorithm>
#include <string_view>

#include "api/response.hpp"
#include "base/buffer.hpp"
#include "base/bytes.hpp"
#include "bindings/options.hpp"

namespace netocr::bindings {

using emscripten::val;

namespace {

constexpr std::size_t kMaxRequestId = 128;
constexpr std::size_t kMaxReceipt = 4096;
constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

bool is_visible(char character) { return character > ' ' && character < '\x7f'; }

bool is_token_character(char character) {
  return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
         (character >= 'A' && character <= 'Z') || kTokenMarks.find(character) != std::string_view::npos;
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token_character);
}

bool is_header_value(std::string_view value) {
  const auto allowed = [](char character) {
    return is_visible(character) || character == ' ' || character == '\t';
  };
  return std::all_of(value.begin(), value.end(), allowed);
}

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character + ('a' - 'A')) : character;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Returns the value of the header `name` (lower case), "" when it is missing.
std::string_view header_in(std::string_view block, std::string_view name) {
  while (!block.empty()) {
    const std::size_t end = std::min(block.find('\n'), block.size());
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(std::min(end + 1, block.size()));
    const std::size_t colon = line.find(':');
    if (colon != name.size()) continue;
    if (std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) { return a == lower(b); })) {
      return trimmed(line.substr(colon + 1));
    }
  }
  return {};
}

// Returns the same, and "" also when it is over `max_length` or not visible ASCII.
std::string_view visible_header_in(std::string_view block, std::string_view name, std::size_t max_length) {
  const std::string_view value = header_in(block, name);
  const bool usable = value.size() <= max_length && std::all_of(value.begin(), value.end(), is_visible);
  return usable ? value : std::string_view();
}

Result<std::vector<std::string>> read_headers(const val& headers) {
  constexpr Error kBad{ErrorCode::kInvalidArgument, 0, "headers"};
  std::vector<std::string> read;
  if (headers.isUndefined()) return read;
  if (!headers.isArray()) return kBad;
  const auto count = headers["length"].as<std::size_t>();
  if (count % 2 != 0) return kBad;
  for (std::size_t i = 0; i < count; ++i) {
    const val text = headers[i];
    if (!text.isString()) return kBad;
    read.push_back(text.as<std::string>());
    if (!(i % 2 == 0 ? is_header_name(read.back()) : is_header_value(read.back()))) return kBad;
  }
  return read;
}

}  // namespace

Result<SendOptions> read_send_options(const val& options, const Endpoint& endpoint) {
  SendOptions read;
  OptionReader reader(options);
  reader.read("baseUrl", read.url);
  reader.read("timeoutMs", read.timeout_ms);
  reader.read("withCredentials", read.with_credentials);
  NETOCR_TRY(reader.status());
  if (read.url.empty()) return Error{ErrorCode::kInvalidArgument, 0, "baseUrl"};
  // Browser timers have 31 bits and fire at once beyond that.
  if (read.timeout_ms == 0 || read.timeout_ms > 0x7fffffff)
    return Error{ErrorCode::kInvalidArgument, 0, "timeoutMs"};
  read.url.append("/").append(endpoint.path);
  NETOCR_ASSIGN(std::vector<std::string> headers, read_headers(reader.child("headers")));
  read.headers = std::move(headers);
  return read;
}

ReplyHeaders reply_headers(emscripten_fetch_t& fetch) {
  ReplyHeaders found;
  Result<Buffer> block = Buffer::create_zeroed(emscripten_fetch_get_response_headers_length(&fetch) + 1);
  if (!block.ok()) return found;
  const std::size_t length =
      emscripten_fetch_get_response_headers(&fetch, reinterpret_cast<char*>(block->data()), block->size());
  const std::string_view text = as_text(block->span()).substr(0, length > 0 ? length - 1 : 0);
  found.request_id = visible_header_in(text, "x-request-id", kMaxRequestId);
  found.receipt = visible_header_in(text, "x-netocr-receipt", kMaxReceipt);
  found.withheld = reply_parts_in(header_in(text, "x-netocr-withheld"));
  found.sandbox = header_in(text, "x-netocr-sandbox") == "1";
  found.retry_after_ms = retry_after(header_in(text, "retry-after"), 1000);
  return found;
}

}  // namespace netocr::bindings
