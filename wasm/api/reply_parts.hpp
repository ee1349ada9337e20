// The parts of a reply that an operator can withhold from the page, as a set, and what is left of a reply
// without them.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/verdict.hpp"

namespace netocr {

// A set of parts: bits of kPartVerdict and so on.
using ReplyParts = std::uint32_t;

inline constexpr ReplyParts kPartVerdict =
    1;  // also what a video's verdict is made of (live, person swapped)
inline constexpr ReplyParts kPartScore = 2;
inline constexpr ReplyParts kPartSignals = 4;  // of a video
inline constexpr ReplyParts kPartIdCard = 8;   // texts and portrait
inline constexpr ReplyParts kPartItems = 16;   // the list of what the service said, also of what is not known
inline constexpr ReplyParts kPartMessage = 32;  // the text beside the status
inline constexpr ReplyParts kItemParts = kPartVerdict | kPartScore | kPartSignals | kPartIdCard | kPartItems;

struct ReplyPartWord {
  ReplyParts bit;
  const char* word;
};
inline constexpr ReplyPartWord kReplyPartWords[] = {{kPartVerdict, "verdict"}, {kPartScore, "score"},
                                                    {kPartSignals, "signals"}, {kPartIdCard, "idCard"},
                                                    {kPartItems, "items"},     {kPartMessage, "message"}};

// The parts that a list such as "verdict, score" names. Unknown words name nothing.
ReplyParts reply_parts_in(std::string_view list);

// Takes the parts out of a judged reply. The verdict becomes indeterminate, and what it could be told from (a
// video's live and person_swapped) empty; it can still be told from a score or an item that is left.
void withhold(ReplyParts withheld, Reply& reply);

}  // namespace netocr
