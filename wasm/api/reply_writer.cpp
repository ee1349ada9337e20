// Writes a reply's texts within bounds, so that a hostile reply cannot exhaust the module's memory.
#include <algorithm>

#include "api/reply_tree.hpp"
#include "base/buffer.hpp"
#include "text/text.hpp"

namespace netocr::detail {
namespace {

// A text exists in the item, in the ID card, and in the copies of both on their way to JavaScript, each with
// the overhead of an allocation. The bytes of an item include the vector's growth by doubling. kRecordBytes
// covers the records.
constexpr std::size_t kCopiesOfText = 8;
constexpr std::size_t kBytesPerItem = 256;
constexpr std::size_t kRecordBytes = 32U << 10;

Item make_item(std::string_view desc, std::string_view content) {
  constexpr std::string_view kFullWidthColon = "：";
  desc = trim(desc);
  content = trim(content);
  const std::size_t half = desc.find(':');
  const std::size_t full = desc.find(kFullWidthColon);
  const std::size_t colon = half < full ? half : full;
  if (!content.empty() || colon == std::string_view::npos)
    return Item{std::string(desc), std::string(content)};
  const std::size_t width = half < full ? 1 : kFullWidthColon.size();
  return Item{std::string(trim(desc.substr(0, colon))), std::string(trim(desc.substr(colon + width)))};
}

}  // namespace

Status ReplyWriter::take(std::size_t bytes) {
  if (bytes > left_) return Error{ErrorCode::kReplyTooLarge, 0, "more text than a reply may keep"};
  left_ -= bytes;
  return {};
}

Status ReplyWriter::set_status(std::string_view code, std::string_view message) {
  code = trim(code);
  message = trim(message);
  NETOCR_TRY(take(code.size() + message.size()));
  reply_.status_code = code;
  reply_.status_message = message;
  if (code.empty()) return Error{ErrorCode::kReplyMalformed, 0, "the reply has no status"};
  return {};
}

Status ReplyWriter::add_item(std::string_view desc, std::string_view content) {
  if (reply_.items.size() == kMaxReplyItems) return Error{ErrorCode::kReplyTooLarge, 0, "too many items"};
  NETOCR_TRY(take(desc.size() + content.size()));
  reply_.items.push_back(make_item(desc, content));
  return {};
}

bool has_room_for_reply(std::size_t body_bytes, std::size_t nodes) {
  // XML can use a text twice: as an item's own text and as its name.
  const std::size_t texts = body_bytes < kMaxReplyTextBytes / 2 ? 2 * body_bytes : kMaxReplyTextBytes;
  const std::size_t items = std::min(nodes, kMaxReplyItems);
  return has_room_for(kCopiesOfText * texts + kBytesPerItem * items + kRecordBytes);
}

}  // namespace netocr::detail
