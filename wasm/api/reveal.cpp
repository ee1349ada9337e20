// Judges the reply, selects the parts of the result that are shown, and writes them in one of four shapes.
#include "api/reveal.hpp"

#include <algorithm>

#include "api/response.hpp"
#include "api/service_error.hpp"
#include "text/text_writer.hpp"

namespace netocr {
namespace {

constexpr std::string_view kPortraitItem = "头像";
constexpr std::string_view kApiPath = "api/";
constexpr std::string_view kApiType = "9999";
constexpr bool api_has_one_type() {
  return std::all_of(kEndpoints.begin(), kEndpoints.end(), [](const Endpoint& endpoint) {
    return endpoint.path.starts_with(kApiPath) == (endpoint.type_id == kApiType);
  });
}
static_assert(api_has_one_type());  // the type is a literal in the shapes below

// The pieces of text around a reply's texts, separated by |.
enum Piece : std::uint8_t {
  kBeforeStatus,
  kBeforeValue,
  kBeforeItems,
  kBeforeDesc,
  kBeforeContent,
  kAfterItem,
  kBetweenItems,
  kAfterItems,
  kNoItems
};
constexpr std::string_view kJsonOfApi =
    R"({"message":{"status":|,"value":"|"},"cardsinfo":[{"type":"9999","items":[|)"
    R"({"desc":"|","content":"|"}|,|]}]}|"},"cardsinfo":[]})";
constexpr std::string_view kJsonOfVerapi =
    R"({"messageString":{"status":|,"value":"|"},"infoList":[{"veritem":[|)"
    R"({"desc":"|","content":"|"}|,|]}]}|"},"infoList":[]})";
constexpr std::string_view kXmlOfApi =
    R"(<data><message><status>|</status><value>|</value></message><cardsinfo><card type="9999">|)"
    R"(<item desc="|">|</item>||</card></cardsinfo></data>|</value></message></data>)";
constexpr std::string_view kXmlOfVerapi =
    R"(<data><messageString><status>|</status><value>|</value></messageString><infoList>|)"
    R"(<item desc="|">|</item>||</infoList></data>|</value></messageString></data>)";

std::string_view shape_of(const Endpoint& endpoint, ReplyFormat format) {
  const bool is_json = format == ReplyFormat::kJson;
  if (endpoint.path.starts_with(kApiPath)) return is_json ? kJsonOfApi : kXmlOfApi;
  return is_json ? kJsonOfVerapi : kXmlOfVerapi;
}

class ReplyText {
 public:
  ReplyText(const Endpoint& endpoint, ReplyFormat format, MutableBytes out)
      : shape_(shape_of(endpoint, format)), out_(out), is_json_(format == ReplyFormat::kJson) {}

  void head(std::string_view status, bool is_number, std::string_view message) {
    const std::string_view quote = is_json_ && !is_number ? "\"" : "";
    piece(kBeforeStatus);
    out_.plain(quote);
    text(status);
    out_.plain(quote);
    piece(kBeforeValue);
    text(message);
  }
  void item(std::string_view desc, std::string_view content) {
    piece(has_items_ ? kBetweenItems : kBeforeItems);
    has_items_ = true;
    piece(kBeforeDesc);
    text(desc);
    piece(kBeforeContent);
    text(content);
    piece(kAfterItem);
  }
  std::size_t end() {
    piece(has_items_ ? kAfterItems : kNoItems);
    return out_.size();
  }

 private:
  void piece(int which) {
    std::string_view rest = shape_;
    for (; which > 0; --which) rest.remove_prefix(rest.find('|') + 1);
    out_.plain(rest.substr(0, rest.find('|')));
  }
  void text(std::string_view text) { out_.escaped(text, is_json_ ? Escapes::kJson : Escapes::kXml); }

  std::string_view shape_;
  TextWriter out_;
  bool is_json_;
  bool has_items_ = false;
};

// Iterates over the visible items of a success.
class ShownItems {
 public:
  ShownItems(const Endpoint& endpoint, const Reply& reply, ReplyParts allowed)
      : endpoint_(endpoint), reply_(reply), allowed_(allowed) {}

  void write(ReplyText& out) const {
    if ((allowed_ & kItemParts) == kItemParts) {
      for (const Item& item : reply_.items) out.item(item.desc, item.content);
      return;
    }
    if (may_show(kPartScore) && reply_.score) write_agreed(endpoint_.score_item, out);
    if (may_show(kPartVerdict)) write_verdict(out);
    if (may_show(kPartSignals) && reply_.signals) {
      write_answer(kBlinkedItem, reply_.signals->blinked, out);
      write_answer(kOpenedMouthItem, reply_.signals->opened_mouth, out);
    }
    if (may_show(kPartIdCard) && reply_.id_card) {
      for (const IdCardItem& item : kIdCardItems) write_agreed(item.name, out);
      write_agreed(kPortraitItem, out);
    }
  }

 private:
  bool may_show(ReplyParts part) const { return (allowed_ & part) != 0; }
  void write_agreed(std::string_view name, ReplyText& out) const {
    const auto content = agreed_content(reply_.items, name).value_or(std::string_view());
    if (!content.empty()) out.item(name, content);
  }
  void write_answer(std::string_view name, std::optional<bool> answer, ReplyText& out) const {
    if (answer) out.item(name, *answer ? kYesWord : kNoWord);
  }

  // A video's verdict consists of two items, which are signals themselves. When the signals are withheld, one
  // pair of words stands for a pass and one for every fail.
  void write_verdict(ReplyText& out) const {
    const bool is_video = reply_.signals.has_value();
    std::optional<bool> passes, swapped;
    if (reply_.verdict != Verdict::kIndeterminate) passes = reply_.verdict == Verdict::kPass;
    if (is_video && passes) swapped = false;
    if (is_video && may_show(kPartSignals)) {
      passes = reply_.signals->live;
      swapped = reply_.signals->person_swapped;
    }
    if (passes) out.item(endpoint_.verdict_item, *passes ? endpoint_.pass_word : endpoint_.fail_word);
    write_answer(kPersonSwappedItem, swapped, out);
  }

  const Endpoint& endpoint_;
  const Reply& reply_;
  ReplyParts allowed_;
};

// Returns the digits of a status that is a whole number, as every known status is; empty for any other.
std::string_view digits_of(std::string_view status) {
  constexpr std::size_t kMaxDigits = 9;
  if (status.starts_with('-')) status.remove_prefix(1);
  const bool is_number = status.find_first_not_of("0123456789") == std::string_view::npos;
  return is_number && status.size() <= kMaxDigits ? status : std::string_view();
}

std::string_view shown_message(const ReplyOutcome& outcome, std::string_view status, ReplyParts allowed) {
  if ((allowed & kPartMessage) != 0) return outcome.reply.status_message;
  if (!outcome.error || classify_service_error(status, {}) == outcome.error->code) return {};
  return service_error_word(outcome.error->code);
}

std::size_t write_reply(const Endpoint& endpoint, const ReplyOutcome& outcome, ReplyParts allowed,
                        ReplyFormat format, MutableBytes bytes) {
  const std::string_view digits = digits_of(outcome.reply.status_code);
  // A status that is not a number could say anything, so it is withheld. The error code does not depend on
  // it.
  const std::string_view status =
      digits.empty() ? std::string_view("unknown") : std::string_view(outcome.reply.status_code);
  // api/* writes the status as a number, which JSON writes without leading zeroes.
  const bool as_number = endpoint.path.starts_with(kApiPath) &&
                         (digits.size() == 1 || (!digits.empty() && digits.front() != '0'));
  ReplyText out(endpoint, format, bytes);
  out.head(status, as_number, shown_message(outcome, status, allowed));
  if (!outcome.error) ShownItems(endpoint, outcome.reply, allowed).write(out);
  return out.end();
}

}  // namespace

Result<Buffer> reveal_reply(const Endpoint& endpoint, std::string_view body, ReplyParts allowed,
                            ReplyFormat format, const Limits& limits) {
  const ReplyOutcome outcome = parse_reply(endpoint, 200, body, limits);
  if (outcome.error && !is_service_error(outcome.error->code)) return *outcome.error;
  Result<Buffer> written = Buffer::create(write_reply(endpoint, outcome, allowed, format, {}));
  if (written.ok()) write_reply(endpoint, outcome, allowed, format, written->span());
  return written;
}

}  // namespace netocr
