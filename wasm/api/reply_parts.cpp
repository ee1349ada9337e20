// Parses a list of part names, and clears the withheld parts of a reply.
#include "api/reply_parts.hpp"

#include <algorithm>

#include "text/text.hpp"

namespace netocr {

ReplyParts reply_parts_in(std::string_view list) {
  ReplyParts parts = 0;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view word = trim(list.substr(0, end));
    for (const ReplyPartWord& row : kReplyPartWords) {
      if (word == row.word) parts |= row.bit;
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return parts;
}

void withhold(ReplyParts withheld, Reply& reply) {
  const auto is_withheld = [withheld](ReplyParts part) { return (withheld & part) != 0; };
  if (is_withheld(kPartSignals)) reply.signals.reset();
  if (is_withheld(kPartVerdict)) {
    reply.verdict = Verdict::kIndeterminate;
    if (reply.signals) reply.signals->live = reply.signals->person_swapped = std::nullopt;
  }
  if (is_withheld(kPartScore)) reply.score.reset();
  if (is_withheld(kPartIdCard)) reply.id_card.reset();
  if (is_withheld(kPartItems)) reply.items.clear();
  if (is_withheld(kPartMessage)) reply.status_message.clear();
}

}  // namespace netocr
