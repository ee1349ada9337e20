// reveal_reply: a reply with the allowed parts and nothing else, which the page judges as it would have
// judged the service's own. What must be there is put together anew here, from literal names and the
// judgement of the original.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "api/response.hpp"
#include "api/reveal.hpp"
#include "base/bytes.hpp"
#include "cpp/api/reply_generator.hpp"
#include "text/xml.hpp"

namespace netocr {
namespace {

using nlohmann::json;

constexpr ReplyParts kEverything = kItemParts | kPartMessage;

std::string revealed(Operation operation, std::string_view body, ReplyParts allowed,
                     ReplyFormat format = ReplyFormat::kJson) {
  const Result<Buffer> written = reveal_reply(endpoint_of(operation), body, allowed, format, Limits{});
  if (!written.ok()) return std::string(error_word(written.error().code));
  return std::string(as_text(written->span()));
}

constexpr std::string_view kFaces =
    R"({"infoList":[{"veritem":[{"desc":"判定结果:是","name":null,"content":""},{"desc":"判定值:98.5","content":""},{"desc":"备注","content":"\u5224定结果是"}]}],"messageString":{"status":"2000","value":"成功"}})";
constexpr std::string_view kVideo =
    R"({"messageString":{"status":"2000","value":"成功"},"infoList":[{"veritem":[{"desc":"判定值","content":"0.8"},{"desc":"是否为活体","content":"活体"},{"desc":"是否有换人","content":"是"},{"desc":"是否有眨眼","content":"是"},{"desc":"是否有张嘴","content":"?"}]}]})";
constexpr std::string_view kCard =
    R"({"message":{"status":0,"value":"比对完成"},"cardsinfo":[{"type":"9999","items":[{"desc":"判定值","content":0.94},{"desc":"判定结果","content":"是"},{"desc":"姓名","content":"张\"三\\<&>"},{"desc":"公民身份号码","content":"990101199003070023"},{"desc":"头像","content":"\/9j\/4AAQ"},{"desc":"签发机关","content":"某局"}]}]})";

TEST(RevealTest, TheFourShapes) {
  EXPECT_EQ(revealed(Operation::kCompareFaces, kFaces, kPartVerdict),
            R"({"messageString":{"status":"2000","value":""},"infoList":[{"veritem":[)"
            R"({"desc":"判定结果","content":"是"}]}]})");
  EXPECT_EQ(revealed(Operation::kCompareFaces, kFaces, kPartScore | kPartMessage, ReplyFormat::kXml),
            "<data><messageString><status>2000</status>"
            "<value>成功</value></messageString><infoList><item desc=\"判定值\">98.5</item>"
            "</infoList></data>");
  EXPECT_EQ(revealed(Operation::kMatchIdCard, kCard, kPartVerdict | kPartIdCard),
            R"({"message":{"status":0,"value":""},"cardsinfo":[{"type":"9999","items":[)"
            R"({"desc":"判定结果","content":"是"},)"
            R"({"desc":"姓名","content":"张\u0022三\u005c<&>"},)"
            R"({"desc":"公民身份号码","content":"990101199003070023"},)"
            R"({"desc":"头像","content":"/9j/4AAQ"}]}]})");
  EXPECT_EQ(revealed(Operation::kMatchIdCardFile, kCard, kPartIdCard, ReplyFormat::kXml),
            "<data><message><status>0</status><value></value></message>"
            "<cardsinfo><card type=\"9999\"><item desc=\"姓名\">张&#x22;三\\&#x3c;&#x26;&#x3e;</item>"
            "<item desc=\"公民身份号码\">990101199003070023</item><item desc=\"头像\">/9j/4AAQ</item>"
            "</card></cardsinfo></data>");
  EXPECT_EQ(revealed(Operation::kCompareFaces, kFaces, 0),
            R"({"messageString":{"status":"2000","value":""},"infoList":[]})");
}

TEST(RevealTest, EverythingButTheMessageKeepsEveryItem) {
  const json written = json::parse(revealed(Operation::kMatchIdCard, kCard, kItemParts));
  const json& items = written["cardsinfo"][0]["items"];
  ASSERT_EQ(items.size(), 6U);
  EXPECT_EQ(items[0]["content"], "0.94");
  EXPECT_EQ(items[5]["desc"], "签发机关");
  EXPECT_EQ(written["message"]["value"], "");
}

TEST(RevealTest, WhatIsNotKnownIsShownOnlyWithEverythingThatItMayTell) {
  for (const ReplyParts part : {kPartVerdict, kPartScore, kPartSignals, kPartIdCard, kPartItems}) {
    EXPECT_EQ(revealed(Operation::kMatchIdCard, kCard, kEverything & ~part).find("某局"), std::string::npos);
    EXPECT_EQ(revealed(Operation::kCompareFaces, kFaces, kEverything & ~part).find("备注"),
              std::string::npos);
  }
}

struct VideoCase {
  std::string_view live, swapped;
};
constexpr VideoCase kVideoCases[] = {{"活体", "否"},   {"活体", "是"},   {"活体", "?"},  {"活体", ""},
                                     {"非活体", "否"}, {"非活体", "是"}, {"非活体", ""}, {"?", "否"},
                                     {"?", "是"},      {"", ""}};

std::string video_reply(const VideoCase& c) {
  json items = json::array({{{"desc", "是否有眨眼"}, {"content", "否"}}});
  if (!c.live.empty()) items.push_back({{"desc", "是否为活体"}, {"content", c.live}});
  if (!c.swapped.empty()) items.push_back({{"desc", "是否有换人"}, {"content", c.swapped}});
  return json({{"messageString", {{"status", "2000"}}}, {"infoList", {{{"veritem", items}}}}}).dump();
}

TEST(RevealTest, AVideosVerdictIsTheSameWithoutItsSignals) {
  const Endpoint& endpoint = endpoint_of(Operation::kCheckVideoLiveness);
  for (const VideoCase& c : kVideoCases) {
    const std::string body = video_reply(c);
    const Reply original = parse_reply(endpoint, 200, body, Limits{}).reply;
    const std::string without = revealed(Operation::kCheckVideoLiveness, body, kPartVerdict);
    const ReplyOutcome page = parse_reply(endpoint, 200, without, Limits{}, kEverything & ~kPartVerdict);
    EXPECT_FALSE(page.error.has_value()) << without;
    EXPECT_EQ(page.reply.verdict, original.verdict) << without;
    EXPECT_FALSE(page.reply.signals.has_value());
    // Whether it failed for the person or for the life is a signal.
    EXPECT_EQ(without.find(R"("desc":"是否有换人","content":"是")"), std::string::npos);
    EXPECT_EQ(without.find("眨眼"), std::string::npos);
  }
}

TEST(RevealTest, AVideosSignalsDoNotTellTheVerdictThatIsWithheld) {
  const ReplyParts allowed = kPartSignals | kPartMessage;
  const std::string first = revealed(Operation::kCheckVideoLiveness, video_reply(kVideoCases[0]), allowed);
  EXPECT_NE(first.find("是否有眨眼"), std::string::npos);
  for (const VideoCase& c : kVideoCases)
    EXPECT_EQ(revealed(Operation::kCheckVideoLiveness, video_reply(c), allowed), first);
}

TEST(RevealTest, AnErrorCodeIsTheSameWithoutTheMessage) {
  constexpr std::string_view kMessages[] = {"",
                                            "系统繁忙",
                                            "识别失败!ReconClientL:-2",
                                            "密钥不正确",
                                            "调用次数不足",
                                            "余额不足",
                                            "照片质量不足",
                                            "参数错误",
                                            "no face",
                                            "monkey",
                                            "判定结果:否"};
  constexpr std::string_view kStatuses[] = {
      "-1", "-2", "-3", "-4", "-5", "10001", "10003", "7", "x", "2000 ", "判定结果:否 98.5", "0", "-0"};
  for (const Endpoint& endpoint : endpoints()) {
    for (const std::string_view message : kMessages) {
      for (const std::string_view status : kStatuses) {
        const json head = {{"status", status}, {"value", message}};
        const std::string body = json({{"messageString", head}, {"infoList", json::array()}}).dump();
        const ReplyOutcome original = parse_reply(endpoint, 200, body, Limits{});
        ASSERT_TRUE(original.error.has_value());
        if (original.error->code == ErrorCode::kReplyMalformed) continue;  // a success without items
        for (const ReplyFormat format : {ReplyFormat::kJson, ReplyFormat::kXml}) {
          const std::string out = revealed(endpoint.operation, body, kItemParts, format);
          const ReplyOutcome page = parse_reply(endpoint, 200, out, Limits{}, kPartMessage);
          ASSERT_TRUE(page.error.has_value()) << out;
          EXPECT_EQ(error_word(page.error->code), error_word(original.error->code)) << out;
          EXPECT_EQ(page.reply.status_message, "");
          EXPECT_EQ(out.find("98.5"), std::string::npos);
          EXPECT_EQ(out.find("判定结果"), std::string::npos);
          const std::string full = revealed(endpoint.operation, body, kEverything, format);
          EXPECT_EQ(parse_reply(endpoint, 200, full, Limits{}).reply.status_message,
                    original.reply.status_message);
        }
      }
    }
  }
}

TEST(RevealTest, WhatCannotBeReadIsNeverHandedOn) {
  constexpr std::string_view kBodies[] = {"",
                                          "null",
                                          "<html>",
                                          R"({"message":{"status":0,"value":""},"cardsinfo":[]})",
                                          R"({"message":{"status":0},"cardsinfo":[{"items":[{"desc":{}}]}]})",
                                          R"({"message":{"status":0},"messageString":{"status":2000}})",
                                          R"({"code":0,"data":[]})",
                                          R"({"error":{"code":"RATE_LIMITED"}})"};
  for (const std::string_view body : kBodies)
    EXPECT_EQ(revealed(Operation::kMatchIdCard, body, kItemParts), "REPLY_MALFORMED") << body;
  for (std::size_t length = 0; length < kCard.size(); ++length)
    EXPECT_EQ(revealed(Operation::kMatchIdCard, kCard.substr(0, length), kItemParts), "REPLY_MALFORMED");
  std::string items = R"({"desc":"a"})";
  for (int i = 0; i < 1024; ++i) items += R"(,{"desc":"a"})";
  const std::string many = R"({"message":{"status":0},"cardsinfo":[{"items":[)" + items + "]}]}";
  EXPECT_EQ(revealed(Operation::kMatchIdCard, many, kItemParts), "REPLY_TOO_LARGE");
}

TEST(RevealTest, WordsOfTheHeaderAndBack) {
  EXPECT_EQ(reply_parts_in("verdict, score,signals ,\tidCard, items, message"), kEverything);
  EXPECT_EQ(reply_parts_in(""), 0U);
  EXPECT_EQ(reply_parts_in(" , ,Verdict,verdicts,idcard,a verdict"), 0U);
  EXPECT_EQ(reply_parts_in("later,items,"), kPartItems);
}

TEST(RevealTest, AHeaderHidesWhatIsInTheBodyAllTheSame) {
  const Endpoint& endpoint = endpoint_of(Operation::kMatchIdCard);
  const auto outcome_of = [&](ReplyParts withheld) {
    return parse_reply(endpoint, 200, kCard, Limits{}, withheld).reply;
  };
  EXPECT_EQ(outcome_of(0).verdict, Verdict::kPass);
  EXPECT_EQ(outcome_of(kPartVerdict).verdict, Verdict::kIndeterminate);
  EXPECT_TRUE(outcome_of(kPartVerdict).score.has_value());
  EXPECT_FALSE(outcome_of(kPartScore).score.has_value());
  EXPECT_FALSE(outcome_of(kPartIdCard).id_card.has_value());
  EXPECT_TRUE(outcome_of(kPartItems).items.empty());
  EXPECT_EQ(outcome_of(kPartMessage).status_message, "");
  const Reply video =
      parse_reply(endpoint_of(Operation::kCheckVideoLiveness), 200, kVideo, Limits{}, kPartVerdict).reply;
  EXPECT_EQ(video.verdict, Verdict::kIndeterminate);
  EXPECT_EQ(video.signals->live, std::nullopt);
  EXPECT_EQ(video.signals->person_swapped, std::nullopt);
  EXPECT_EQ(video.signals->blinked, true);
}

// ---- Properties

json item_of(const std::string& desc, const std::string& content) {
  return {{"desc", desc}, {"content", content}};
}

std::string yes_no(bool yes) { return yes ? "是" : "否"; }

// The items that a page may see, by the document of reveal_reply(), from the judgement of the original.
json expected_items(Operation operation, const Reply& reply, ReplyParts allowed) {
  const bool video = operation == Operation::kCheckVideoLiveness;
  json items = json::array();
  const auto content_of = [&](const std::string& name) {
    std::string content;
    for (const Item& item : reply.items) {
      if (item.desc != name) continue;
      if (!content.empty() && content != item.content) return std::string();
      content = item.content;
    }
    for (const Item& item : reply.items) {
      if (item.desc == name && item.content.empty()) return std::string();
    }
    return content;
  };
  if ((allowed & kItemParts) == kItemParts) {
    for (const Item& item : reply.items) items.push_back(item_of(item.desc, item.content));
    return items;
  }
  if ((allowed & kPartScore) != 0 && reply.score) items.push_back(item_of("判定值", content_of("判定值")));
  if ((allowed & kPartVerdict) != 0) {
    const bool whole = !video || (allowed & kPartSignals) == 0;
    if (whole && reply.verdict != Verdict::kIndeterminate) {
      const bool pass = reply.verdict == Verdict::kPass;
      items.push_back(video ? item_of("是否为活体", pass ? "活体" : "非活体")
                            : item_of("判定结果", yes_no(pass)));
      if (video) items.push_back(item_of("是否有换人", "否"));
    }
    if (!whole && reply.signals->live)
      items.push_back(item_of("是否为活体", *reply.signals->live ? "活体" : "非活体"));
    if (!whole && reply.signals->person_swapped)
      items.push_back(item_of("是否有换人", yes_no(*reply.signals->person_swapped)));
  }
  if ((allowed & kPartSignals) != 0 && video) {
    if (reply.signals->blinked) items.push_back(item_of("是否有眨眼", yes_no(*reply.signals->blinked)));
    if (reply.signals->opened_mouth)
      items.push_back(item_of("是否有张嘴", yes_no(*reply.signals->opened_mouth)));
  }
  if ((allowed & kPartIdCard) != 0 && reply.id_card) {
    for (const char* name : {"姓名", "性别", "民族", "出生", "住址", "公民身份号码", "头像"}) {
      if (!content_of(name).empty()) items.push_back(item_of(name, content_of(name)));
    }
  }
  return items;
}

// Every item that a body in JSON holds; fails the test for anything else in it.
json items_in_json(const std::string& body, const std::string& message) {
  const json value = json::parse(body, nullptr, false);
  EXPECT_FALSE(value.is_discarded()) << body;
  const bool api = value.contains("message");
  EXPECT_EQ(value.size(), 2U);
  EXPECT_EQ(value[api ? "message" : "messageString"].size(), 2U);
  EXPECT_EQ(value[api ? "message" : "messageString"]["value"], message);
  json items = json::array();
  for (const json& group : value[api ? "cardsinfo" : "infoList"]) {
    EXPECT_EQ(group.size(), api ? 2U : 1U);
    for (const json& item : group[api ? "items" : "veritem"]) {
      EXPECT_EQ(item.size(), 2U);
      items.push_back({{"desc", item["desc"]}, {"content", item["content"]}});
    }
  }
  return items;
}

json items_in_xml(const std::string& body, const std::string& message) {
  const Result<Tree> tree = parse_xml(body, Limits{});
  EXPECT_TRUE(tree.ok()) << body;
  json items = json::array();
  for (const Node& node : tree->nodes()) {
    if (node.key == "value") EXPECT_EQ(std::string(node.text), message);
    if (node.key != "item") continue;
    items.push_back(item_of(std::string(tree->find(node, "desc")->text), std::string(node.text)));
  }
  return items;
}

void expect_same_score(const std::optional<Score>& page, const std::optional<Score>& original) {
  ASSERT_EQ(page.has_value(), original.has_value());
  if (page) EXPECT_EQ(page->value, original->value);
}

void expect_page_judges_alike(const Endpoint& endpoint, const Reply& original, const std::string& out,
                              ReplyParts allowed) {
  const ReplyOutcome page = parse_reply(endpoint, 200, out, Limits{}, kEverything & ~allowed);
  ASSERT_FALSE(page.error.has_value()) << out;
  const bool verdict = (allowed & kPartVerdict) != 0;
  EXPECT_EQ(page.reply.verdict, verdict ? original.verdict : Verdict::kIndeterminate) << out;
  expect_same_score(page.reply.score, (allowed & kPartScore) != 0 ? original.score : std::nullopt);
  EXPECT_EQ(page.reply.signals.has_value(), original.signals.has_value() && (allowed & kPartSignals) != 0);
  if (page.reply.signals) {
    EXPECT_EQ(page.reply.signals->blinked, original.signals->blinked);
    EXPECT_EQ(page.reply.signals->opened_mouth, original.signals->opened_mouth);
    EXPECT_EQ(page.reply.signals->live, verdict ? original.signals->live : std::nullopt);
    EXPECT_EQ(page.reply.signals->person_swapped, verdict ? original.signals->person_swapped : std::nullopt);
  }
  EXPECT_EQ(page.reply.id_card.has_value(), original.id_card.has_value() && (allowed & kPartIdCard) != 0);
  if (page.reply.id_card) {
    EXPECT_EQ(page.reply.id_card->name, original.id_card->name);
    EXPECT_EQ(page.reply.id_card->ethnicity, original.id_card->ethnicity);
    EXPECT_EQ(page.reply.id_card->address, original.id_card->address);
  }
}

TEST(RevealTest, TheAllowedPartsAndNothingElse) {
  Generator generator(31);
  std::size_t compared = 0;
  std::size_t passes = 0;
  for (int i = 0; i < 12'000; ++i) {
    const Operation operation = kOperations[generator.below(std::size(kOperations))];
    const Endpoint& endpoint = endpoint_of(operation);
    std::string body = generator.make(operation).body;
    if (generator.one_in(2)) body = generator.damaged(body, generator.make(operation).body);
    const auto allowed = static_cast<ReplyParts>(generator.below(kEverything + 1));
    const ReplyFormat format = generator.one_in(2) ? ReplyFormat::kJson : ReplyFormat::kXml;
    const ReplyOutcome original = parse_reply(endpoint, 200, body, Limits{});
    const std::string out = revealed(operation, body, allowed, format);
    if (original.error && error_word(original.error->code).substr(0, 8) != "SERVICE_") {
      ASSERT_EQ(out, error_word(original.error->code)) << body;
      continue;
    }
    if (original.error) {
      const ReplyOutcome page = parse_reply(endpoint, 200, out, Limits{}, kEverything & ~allowed);
      ASSERT_TRUE(page.error.has_value()) << out;
      ASSERT_EQ(error_word(page.error->code), error_word(original.error->code)) << out;
      continue;
    }
    const std::string message = (allowed & kPartMessage) != 0 ? original.reply.status_message : "";
    const bool is_json = format == ReplyFormat::kJson;
    const json items = is_json ? items_in_json(out, message) : items_in_xml(out, message);
    // Characters that XML cannot have come out as another one.
    if (is_json || body.find('\\') == std::string::npos)
      ASSERT_EQ(items, expected_items(operation, original.reply, allowed)) << body << '\n' << out;
    expect_page_judges_alike(endpoint, original.reply, out, allowed);
    ++compared;
    passes += original.reply.verdict == Verdict::kPass;
    if (HasFailure()) return;
  }
  EXPECT_GT(compared, 5'000U);  // the property would be empty without them
  EXPECT_GT(passes, 1'000U);
}

}  // namespace
}  // namespace netocr
