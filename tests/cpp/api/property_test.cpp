// The property the product stands on: no reply whose verdict item is not exactly the pass word ever gives
// pass. Replies of all dialects are generated with a known truth, then damaged; whenever a damaged one
// passes, an oracle that shares no code with the parser must find the same clear answer in it.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>

#include "api/response.hpp"
#include "cpp/api/reply_generator.hpp"

namespace netocr {
namespace {

using nlohmann::json;
using std::string;
using Pair = GeneratedItem;

// ---- The oracle

string stripped(string text) {
  const auto drop = [&](const string& blank) {
    if (text.rfind(blank, 0) == 0) return text.erase(0, blank.size()), true;
    const bool at_end = text.size() >= blank.size() && text.substr(text.size() - blank.size()) == blank;
    if (at_end) text.resize(text.size() - blank.size());
    return at_end;
  };
  const string blanks[] = {" ", "\t", "\n", "\v", "\f", "\r", "\xE3\x80\x80"};
  while (std::any_of(std::begin(blanks), std::end(blanks), drop)) {
  }
  return text;
}

// What an item says, both shapes.
Pair as_pair(const string& desc, const string& content) {
  if (!stripped(content).empty()) return {stripped(desc), stripped(content)};
  string half = desc;
  for (std::size_t at = half.find("："); at != string::npos; at = half.find("：")) half.replace(at, 3, ":");
  const std::size_t colon = half.find(':');
  if (colon == string::npos) return {stripped(desc), ""};
  return {stripped(half.substr(0, colon)), stripped(half.substr(colon + 1))};
}

struct Said {
  std::vector<string> statuses;
  std::vector<Pair> items;
};

string plain(const json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<string>() : value.dump();
}

// Every object anywhere that has a desc, every message's status.
void collect(const json& value, Said& said) {
  if (value.is_object()) {
    for (const char* wrapper : {"message", "messageString"}) {
      if (value.contains(wrapper) && value[wrapper].is_object())
        said.statuses.push_back(stripped(plain(value[wrapper].value("status", json()))));
    }
    if (value.contains("desc"))
      said.items.push_back(as_pair(plain(value["desc"]), plain(value.value("content", json()))));
  }
  for (const json& child : value) {
    if (child.is_structured()) collect(child, said);
  }
}

struct OpenElement {
  string name, desc, text, child_desc, child_content;
  bool has_desc = false, has_children = false, has_child_desc = false;
};

// A walk over tags, good enough for what the generator writes and the damage does to it.
class XmlOracle {
 public:
  explicit XmlOracle(const string& text) : text_(text) {}
  Said read() {
    while (at_ < text_.size()) step();
    return said_;
  }

 private:
  string until(const string& end) {
    const std::size_t found = text_.find(end, at_);
    const string run = text_.substr(at_, found == string::npos ? string::npos : found - at_);
    at_ = found == string::npos ? text_.size() : found + end.size();
    return run;
  }
  bool eat(const string& prefix) {
    if (text_.compare(at_, prefix.size(), prefix) != 0) return false;
    at_ += prefix.size();
    return true;
  }
  void add_text(const string& run) {
    if (!open_.empty()) open_.back().text += run;
  }
  void step() {
    if (eat("<![CDATA[")) return add_text(until("]]>"));
    if (eat("<!--")) return static_cast<void>(until("-->"));
    if (eat("<?")) return static_cast<void>(until("?>"));
    if (eat("</")) return static_cast<void>(until(">")), close();
    if (eat("<")) return open_tag();
    add_text(text_.substr(at_, std::min(text_.find('<', at_), text_.size()) - at_));
    at_ = std::min(text_.find('<', at_), text_.size());
  }
  void open_tag() {
    OpenElement element;
    while (at_ < text_.size() && string(" \t\r\n/>").find(text_[at_]) == string::npos)
      element.name += text_[at_++];
    bool closed = false;
    while (at_ < text_.size() && text_[at_] != '>') {
      closed = text_[at_] == '/';
      if (string(" \t\r\n/").find(text_[at_]) != string::npos) {
        ++at_;
        continue;
      }
      const string name = stripped(until("="));
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\'') ++at_;
      if (at_ == text_.size()) break;
      const string quote(1, text_[at_++]);
      const string value = until(quote);
      if (name == "desc") element.has_desc = true, element.desc = value;
    }
    ++at_;
    if (!open_.empty()) open_.back().has_children = true;
    open_.push_back(element);
    if (closed) close();
  }
  void close() {
    if (open_.empty()) return;
    const OpenElement element = open_.back();
    open_.pop_back();
    if (element.has_desc && !element.has_children) said_.items.push_back(as_pair(element.desc, element.text));
    if (element.has_child_desc) said_.items.push_back(as_pair(element.child_desc, element.child_content));
    if (open_.empty()) return;
    OpenElement& parent = open_.back();
    if (element.name == "desc") parent.has_child_desc = true, parent.child_desc = element.text;
    if (element.name == "content") parent.child_content = element.text;
    if (element.name == "status" && parent.name.rfind("message", 0) == 0)
      said_.statuses.push_back(stripped(element.text));
  }

  const string& text_;
  std::size_t at_ = 0;
  std::vector<OpenElement> open_;
  Said said_;
};

// May this reply pass? Only when its one status is the operation's success and its one verdict item is the
// pass word.
bool may_pass(Operation operation, const string& body) {
  Said said;
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  if (first != string::npos && body[first] == '<') {
    said = XmlOracle(body).read();
  } else {
    const json value = json::parse(body, nullptr, false);
    if (value.is_discarded()) return false;
    collect(value, said);
  }
  const bool card = operation == Operation::kMatchIdCard || operation == Operation::kMatchIdCardFile;
  if (said.statuses != std::vector<string>{card ? "0" : "2000"}) return false;
  const bool video = operation == Operation::kCheckVideoLiveness;
  std::vector<string> verdicts, swaps;
  for (const auto& [name, word] : said.items) {
    if (name == (video ? "是否为活体" : "判定结果")) verdicts.push_back(word);
    if (name == "是否有换人") swaps.push_back(word);
  }
  if (verdicts != std::vector<string>{video ? "活体" : "是"}) return false;
  return !video || (!swaps.empty() &&
                    std::all_of(swaps.begin(), swaps.end(), [](const string& word) { return word == "否"; }));
}

TEST(PropertyTest, UndamagedRepliesGiveTheirTruth) {
  Generator generator(2024);
  std::size_t passes = 0;
  std::size_t fails = 0;
  for (int i = 0; i < 8'000; ++i) {
    const Operation operation = kOperations[generator.below(std::size(kOperations))];
    const Made made = generator.make(operation);
    const ReplyOutcome outcome = parse_reply(endpoint_of(operation), 200, made.body, Limits{});
    ASSERT_EQ(outcome.error.has_value(), !made.status_good) << made.body;
    ASSERT_EQ(outcome.reply.verdict, made.truth) << verdict_name(outcome.reply.verdict) << ' ' << made.body;
    ASSERT_EQ(may_pass(operation, made.body), made.truth == Verdict::kPass)
        << "the oracle errs: " << made.body;
    passes += made.truth == Verdict::kPass;
    fails += made.truth == Verdict::kFail;
  }
  EXPECT_GT(passes, 1000U);  // the property below would be empty without them
  EXPECT_GT(fails, 800U);
}

TEST(PropertyTest, DamagedRepliesPassOnlyWhenTheOracleAgrees) {
  Generator generator(77);
  std::size_t passes = 0;
  std::size_t refused = 0;
  for (int i = 0; i < 15'000; ++i) {
    const Operation operation = kOperations[generator.below(std::size(kOperations))];
    const string body = generator.damaged(generator.make(operation).body, generator.make(operation).body);
    const ReplyOutcome outcome = parse_reply(endpoint_of(operation), 200, body, Limits{});
    if (outcome.error.has_value()) {
      ++refused;
      ASSERT_EQ(outcome.reply.verdict, Verdict::kIndeterminate) << body;
    } else if (outcome.reply.verdict == Verdict::kPass) {
      ++passes;
      ASSERT_TRUE(may_pass(operation, body)) << body;
    }
  }
  EXPECT_GT(passes, 250U);  // damage beside the verdict: some still pass
  EXPECT_GT(refused, 2'500U);
}

TEST(PropertyTest, RandomBytesNeverPass) {
  std::mt19937 random(5);
  for (int i = 0; i < 5'000; ++i) {
    string body(random() % 60, '\0');
    for (char& byte : body) byte = "{}[]<>/:,\"'=! \n是0123a\\&;#x\xff\x80"[random() % 30];
    for (const Operation operation : kOperations) {
      ASSERT_NE(parse_reply(endpoint_of(operation), 200, body, Limits{}).reply.verdict, Verdict::kPass)
          << body;
    }
  }
}

}  // namespace
}  // namespace netocr
