// Reads status, message and items from a parsed tree. Internal to wasm/api.
#pragma once

#include <cstddef>

#include "api/verdict.hpp"
#include "text/tree.hpp"

namespace netocr::detail {

// The bounds of what a Reply keeps. A real reply has about ten items and 1 KB of texts, tens of KB with the
// portrait of an ID card.
inline constexpr std::size_t kMaxReplyItems = 1024;
inline constexpr std::size_t kMaxReplyTextBytes = 1U << 20;

// Writes texts into a Reply within the two bounds above, as a Reply's strings and items are allocated with
// new.
class ReplyWriter {
 public:
  explicit ReplyWriter(Reply& reply) : reply_(reply) {}

  // Trims both texts. Errors: REPLY_MALFORMED for a status without a code, REPLY_TOO_LARGE.
  Status set_status(std::string_view code, std::string_view message);
  // Trims both texts; splits desc at its first half- or full-width colon when there is no content.
  // Errors: REPLY_TOO_LARGE.
  Status add_item(std::string_view desc, std::string_view content);

  const Reply& reply() const { return reply_; }

 private:
  Status take(std::size_t bytes);

  Reply& reply_;
  std::size_t left_ = kMaxReplyTextBytes;
};

// Returns whether memory suffices for everything that is built from a reply of this size, here and in
// wasm/bindings.
bool has_room_for_reply(std::size_t body_bytes, std::size_t nodes);

// Fill status_code, status_message and items of the writer's reply; judge nothing. Items are read only when
// the status is one of the endpoint's successes. Errors: REPLY_MALFORMED, REPLY_TOO_LARGE.
//
// JSON, dialect A (api/*):    {"message": {status, value}, "cardsinfo": [{"items": [item...]}...]}
// JSON, dialect B (verapi/*): {"messageString": {status, value}, "infoList": [{"veritem": [item...]}...]}
// item: {"desc", "content"}, other members ignored. Either may answer any operation, not both at once.
// A list may be absent, null, "" or []. Texts may be strings, numbers, booleans or null.
Status read_json_reply(const Tree& tree, const Endpoint& endpoint, ReplyWriter& reply);

// XML: root data, in it one message or messageString with status and value; an item is any element, however
// deep, that has a desc attribute and no child elements (its text is the content), or one desc and at most
// one content child.
Status read_xml_reply(const Tree& tree, const Endpoint& endpoint, ReplyWriter& reply);

}  // namespace netocr::detail
