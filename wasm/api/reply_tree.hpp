// From a parsed tree to what a reply says: status, message, items. Internal to wasm/api.
#pragma once

#include "api/verdict.hpp"
#include "text/tree.hpp"

namespace netocr::detail {

// Fill status_code, status_message and items of `reply`; judge nothing. Items are read only when the status
// is one of the endpoint's successes. Errors: REPLY_MALFORMED.
//
// JSON, dialect A (api/*):    {"message": {status, value}, "cardsinfo": [{"items": [item...]}...]}
// JSON, dialect B (verapi/*): {"messageString": {status, value}, "infoList": [{"veritem": [item...]}...]}
// item: {"desc", "content"}, other members ignored. Either may answer any operation, not both at once.
// A list may be absent, null, "" or []. Texts may be strings, numbers, booleans or null.
Status read_json_reply(const Tree& tree, const Endpoint& endpoint, Reply& reply);

// XML: root data, in it one message or messageString with status and value; an item is any element, however
// deep, that has a desc attribute and no child elements (its text is the content), or one desc and at most
// one content child.
Status read_xml_reply(const Tree& tree, const Endpoint& endpoint, Reply& reply);

// Trims both texts; splits desc at its first half- or full-width colon when there is no content.
Item make_item(std::string_view desc, std::string_view content);

}  // namespace netocr::detail
