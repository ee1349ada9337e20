// The set of reply parts that an operator can withhold from the page, and the function that removes them from
// a reply.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/verdict.hpp"

namespace netocr {

// A set of parts: bits of kPartVerdict and the constants that follow.
using ReplyParts = std::uint32_t;

inline constexpr ReplyParts kPartVerdict =
    1;  // also the signals that a video's verdict is computed from (live, person swapped)
inline constexpr ReplyParts kPartScore = 2;
inline constexpr ReplyParts kPartSignals = 4;   // signals of a video
inline constexpr ReplyParts kPartIdCard = 8;    // texts and portrait
inline constexpr ReplyParts kPartItems = 16;    // list of all items, also of unknown ones
inline constexpr ReplyParts kPartMessage = 32;  // the text beside the status
inline constexpr ReplyParts kItemParts = kPartVerdict | kPartScore | kPartSignals | kPartIdCard | kPartItems;

struct ReplyPartWord {
  ReplyParts bit;
  const char* word;
};
inline constexpr ReplyPartWord kReplyPartWords[] = {{kPartVerdict, "verdict"}, {kPartScore, "score"},
                                                    {kPartSignals, "signals"}, {kPartIdCard, "idCard"},
                                                    {kPartItems, "items"},     {kPartMessage, "message"}};

// Returns the parts that a list such as "verdict, score" names. Unknown words are ignored.
ReplyParts reply_parts_in(std::string_view list);

// Removes the parts from a judged reply. The verdict becomes indeterminate, and a video's live and
// person_swapped, which imply it, become empty; a remaining score or item can still imply it.
void withhold(ReplyParts withheld, Reply& reply);

}  // namespace netocr
