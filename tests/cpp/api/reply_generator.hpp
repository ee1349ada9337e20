// Replies of all dialects with a known truth, and damage to them. What is random comes from the seed.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "api/verdict.hpp"

namespace netocr {

using GeneratedItem = std::pair<std::string, std::string>;  // item name, word

enum class Dialect { kJsonA, kJsonB, kXmlAttribute, kXmlElements };

struct Made {
  std::string body;
  Verdict truth;  // without an error; with one the verdict is indeterminate anyhow
  bool status_good;
};

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return random_() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }
  template <std::size_t N>
  std::string any(const char* const (&choices)[N]) {
    return choices[below(N)];
  }

  Made make(Operation operation) {
    const Endpoint& endpoint = endpoint_of(operation);
    const bool video = operation == Operation::kCheckVideoLiveness;
    const std::string pass(endpoint.pass_word), fail(endpoint.fail_word), name(endpoint.verdict_item);
    std::vector<GeneratedItem> items = noise();
    Verdict truth = Verdict::kIndeterminate;
    switch (below(6)) {
      case 0:
      case 1:
        items.emplace_back(name, pass), truth = Verdict::kPass;
        break;
      case 2:
        items.emplace_back(name, fail), truth = Verdict::kFail;
        break;
      case 3:
        items.emplace_back(name, any(kBadWords));
        break;
      case 4:
        items.emplace_back(name, pass), items.emplace_back(name, one_in(2) ? pass : fail);
        break;
      case 5:
        break;  // no verdict item
    }
    if (video) truth = add_swap(items, truth);
    std::shuffle(items.begin(), items.end(), random_);
    const std::string good(endpoint.success_statuses[0]);
    const bool status_good = !one_in(5);
    const std::string status = status_good ? good : good == "0" ? any(kBadForCard) : any(kBadForOthers);
    const Dialect dialect = static_cast<Dialect>(below(4));
    return {write(dialect, status, items), status_good ? truth : Verdict::kIndeterminate, status_good};
  }

  std::string damaged(std::string text, const std::string& other) {
    for (std::size_t i = 0, times = 1 + below(3); i < times; ++i) text = damaged_once(std::move(text), other);
    return text;
  }

 private:
  static constexpr const char* kBadWords[] = {"",     "不是",  "是的", "非活体活体", "活 体",
                                              "未知", "true",  "1",    "是。",       "不一致",
                                              "一致", "是 否", "null", "通过",       "Y"};
  static constexpr const char* kBadForCard[] = {"-1", "2000", "1", "2", "00", "0.0", "9999", "-0", "x", "21"};
  static constexpr const char* kBadForOthers[] = {"-1",  "0",     "2001", "02000", "2000.0",
                                                  "200", "20000", "x",    "-2000"};
  static constexpr const char* kSwapWords[] = {"", "未知", "非", "没有", "0"};

  std::vector<GeneratedItem> noise() {
    std::vector<GeneratedItem> items;
    const GeneratedItem choices[] = {{"判定值", "99.5"},   {"姓名", "是"},       {"住址", "活体路是号"},
                                     {"是否有眨眼", "是"}, {"是否有张嘴", "否"}, {"保留", ""},
                                     {"是", "是"},         {"活体", "活体"},     {"判定结果说明", "是"},
                                     {"是否", "是"},       {"民族", "汉"}};
    for (const GeneratedItem& choice : choices) {
      if (one_in(3)) items.push_back(choice);
    }
    if (items.empty()) items.push_back(choices[0]);
    return items;
  }

  Verdict add_swap(std::vector<GeneratedItem>& items, Verdict truth) {
    switch (below(5)) {
      case 0:
        items.emplace_back("是否有换人", "是");
        return Verdict::kFail;
      case 1:
        items.emplace_back("是否有换人", any(kSwapWords));
        break;
      case 2:
        break;
      default:
        items.emplace_back("是否有换人", "否");
        return truth;
    }
    return truth == Verdict::kPass ? Verdict::kIndeterminate : truth;
  }

  std::string space() { return one_in(6) ? any({" ", "\n", "\t", "  "}) : ""; }
  std::string padded(const std::string& text) {
    return one_in(8) ? any({" ", "　", "\n", " 　"}) + text + any({" ", "　", ""}) : text;
  }

  // One of the two item shapes; never the one that needs a value where there is none.
  GeneratedItem shaped(const GeneratedItem& item) {
    if (item.second.empty() || !one_in(3)) return {padded(item.first), padded(item.second)};
    return {padded(item.first + (one_in(2) ? ":" : "：") + item.second), one_in(2) ? "" : " "};
  }

  std::string quoted(const std::string& text) { return nlohmann::json(text).dump(-1, ' ', one_in(4)); }
  std::string member(const std::string& name, const std::string& value) {
    return space() + quoted(name) + space() + ":" + space() + value;
  }

  std::string status_value(const std::string& status) {
    // As a number -0 would lose its sign in the oracle's reader; a contract vector has it.
    const bool number = status != "-0" && nlohmann::json::accept(status) && one_in(2);
    return number ? status : quoted(padded(status));
  }

  std::string json_reply(const char* message, const char* groups, const char* list, const std::string& status,
                         const std::vector<GeneratedItem>& items) {
    std::string written;
    for (const GeneratedItem& item : items) {
      const GeneratedItem shape = shaped(item);
      std::string members =
          member("desc", quoted(shape.first)) + "," + member("content", quoted(shape.second));
      if (one_in(3)) members += "," + member("name", "null");
      if (one_in(3)) members = member("nID", "null") + "," + members;
      written += (written.empty() ? "{" : ",{") + members + "}";
    }
    const std::string head = member(
        message, "{" + member("status", status_value(status)) + "," + member("value", quoted("成功")) + "}");
    const std::string body = member(groups, "[{" + member(list, "[" + written + "]") + "}]");
    return space() + "{" + (one_in(2) ? head + "," + body : body + "," + head) + "}" + space();
  }

  std::string xml_reply(const std::string& status, const std::vector<GeneratedItem>& items, bool attributes) {
    std::string written;
    const auto text = [&](const std::string& value) {
      return one_in(2) ? "<![CDATA[" + value + "]]>" : value;
    };
    for (const GeneratedItem& item : items) {
      const GeneratedItem shape = shaped(item);
      written += attributes ? "<item desc=\"" + shape.first + "\">" + text(shape.second) + "</item>"
                            : "<veritem><desc>" + text(shape.first) + "</desc><content>" +
                                  text(shape.second) + "</content></veritem>";
    }
    const std::string wrapper = one_in(2) ? "message" : "messageString";
    return (one_in(2) ? "<?xml version='1.0' encoding='UTF-8'?>" : "") + space() + "<data><" + wrapper +
           "><status>" + padded(status) + "</status><value>成功</value></" + wrapper +
           "><cardsinfo><card type=\"9999\">" + written + "</card></cardsinfo></data>" + space();
  }

  std::string write(Dialect dialect, const std::string& status, const std::vector<GeneratedItem>& items) {
    switch (dialect) {
      case Dialect::kJsonA:
        return json_reply("message", "cardsinfo", "items", status, items);
      case Dialect::kJsonB:
        return json_reply("messageString", "infoList", "veritem", status, items);
      case Dialect::kXmlAttribute:
        return xml_reply(status, items, true);
      case Dialect::kXmlElements:
        return xml_reply(status, items, false);
    }
    return "";
  }

  template <std::size_t N>
  std::string replaced_word(std::string text, const char* const (&words)[N]) {
    const std::string from = any(words), to = any(words);
    const std::size_t start = text.empty() ? 0 : below(text.size());
    const std::size_t found = text.find(from, one_in(2) ? 0 : start);
    if (found != std::string::npos) text.replace(found, from.size(), to);
    return text;
  }

  std::string damaged_once(std::string text, const std::string& other) {
    static constexpr const char* kWords[] = {
        "是",       "否",         "活体",       "非活体",    "非",      "不",
        "判定结果", "是否为活体", "是否有换人", "判定值",    "2000",    "0",
        "-1",       "status",     "desc",       "content",   "message", "messageString",
        "items",    "veritem",    "infoList",   "cardsinfo", ":",       "：",
        "\"",       ",",          "{",          "}",         "[",       "]",
        "<",        ">",          "/",          "item",      "data",    "null",
        " ",        "\n",         "\\",         ""};
    if (text.size() < 4) return other;
    const std::size_t at = below(text.size());
    const std::size_t length = 1 + below(std::min<std::size_t>(text.size() - at, 40));
    const std::size_t to = below(text.size());
    switch (below(9)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ 1 << below(8));
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(to, text.substr(at, length));
        break;
      case 3:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 4:
        text.resize(at);
        break;
      case 5:
        text = text.substr(0, at) + other.substr(std::min(to, other.size()));
        break;
      case 6:
        text.insert(at, other.substr(std::min(to, other.size()), length));
        break;
      default:
        text = replaced_word(std::move(text), kWords);
        break;
    }
    return text;
  }

  std::mt19937 random_;
};

inline constexpr Operation kOperations[] = {Operation::kCompareFaces, Operation::kCheckLiveness,
                                            Operation::kCheckVideoLiveness, Operation::kMatchIdCard,
                                            Operation::kMatchIdCardFile};

}  // namespace netocr
