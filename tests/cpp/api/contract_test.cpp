// Runs tests/contract/*.json natively. The same files run through the shipped .wasm; see
// tests/contract/README.md.
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "api/request.hpp"
#include "api/response.hpp"
#include "base/bytes.hpp"
#include "cpp/api/sha256.hpp"
#include "sniff/image_format.hpp"
#include "text/base64.hpp"
#include "text/form.hpp"
#include "video/probe.hpp"

namespace netocr {
namespace {

using nlohmann::json;

json load(const std::string& kind) {
  const std::string path = std::string(NETOCR_TESTS_DIR) + "/contract/" + kind + ".json";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  EXPECT_NE(file, nullptr) << path;
  if (file == nullptr) return {};
  json parsed = json::parse(file.get(), nullptr, false);
  EXPECT_FALSE(parsed.is_discarded()) << path;
  return parsed;
}

std::string text_of(const json& value) { return value.get<std::string>(); }

std::string decoded(const std::string& text) {
  std::vector<std::uint8_t> out(max_binary_length_from_base64(text.size()));
  const Result<std::size_t> size = base64_decode(text, out);
  EXPECT_TRUE(size.ok()) << text;
  return std::string(as_text(Bytes(out).first(size.ok() ? size.value() : 0)));
}

std::string lcg_bytes(std::uint32_t state, std::size_t length) {
  std::string bytes(length, '\0');
  for (char& byte : bytes) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<char>(state >> 24);
  }
  return bytes;
}

// An input as tests/contract/README.md describes it.
std::string bytes_of(const json& spec) {
  if (spec.contains("text")) return text_of(spec["text"]);
  if (spec.contains("base64")) return decoded(text_of(spec["base64"]));
  if (spec.contains("lcg"))
    return lcg_bytes(spec["lcg"].get<std::uint32_t>(), spec["length"].get<std::size_t>());
  std::string bytes;
  if (spec.contains("repeat")) {
    const std::string piece = text_of(spec["repeat"]);
    for (std::size_t i = 0; i < spec["times"].get<std::size_t>(); ++i) bytes += piece;
  } else {
    EXPECT_TRUE(spec.contains("concat")) << spec.dump();
    for (const json& part : spec["concat"]) bytes += bytes_of(part);
  }
  return bytes;
}

void expect_output(const json& expected, std::string_view actual) {
  if (expected.contains("text")) {
    EXPECT_EQ(actual, text_of(expected["text"]));
  } else {
    EXPECT_EQ(actual.size(), expected["length"].get<std::size_t>());
    EXPECT_EQ(reference::sha256(as_bytes(actual)), text_of(expected["sha256"]));
  }
}

const Endpoint* endpoint_named(const std::string& name) {
  for (const Endpoint& endpoint : endpoints()) {
    if (endpoint.name == name) return &endpoint;
  }
  ADD_FAILURE() << "no operation " << name;
  return &endpoints()[0];
}

TEST(Sha256, Fips180Examples) {
  EXPECT_EQ(reference::sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(reference::sha256(as_bytes("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(reference::sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Contract, Base64Encode) {
  const json vectors = load("base64");
  ASSERT_GE(vectors["encode"].size(), 80U);
  for (const json& vector : vectors["encode"]) {
    SCOPED_TRACE(text_of(vector["name"]));
    const std::string input = bytes_of(vector["input"]);
    std::vector<std::uint8_t> out(base64_length_from_binary(input.size()));
    EXPECT_EQ(base64_encode(as_bytes(input), out), out.size());
    expect_output(vector["expect"], as_text(out));
  }
}

TEST(Contract, Base64Decode) {
  const json vectors = load("base64");
  ASSERT_GE(vectors["decode"].size(), 80U);
  for (const json& vector : vectors["decode"]) {
    SCOPED_TRACE(text_of(vector["name"]));
    const std::string input = bytes_of(vector["input"]);
    std::vector<std::uint8_t> out(max_binary_length_from_base64(input.size()));
    const Result<std::size_t> size = base64_decode(input, out);
    if (vector["expect"].contains("error")) {
      EXPECT_EQ(size.ok() ? "" : error_word(size.error().code), text_of(vector["expect"]["error"]));
    } else if (size.ok()) {
      // Not through our own decoder: the vector's base64 is the input itself, so compare by encoding again.
      std::vector<std::uint8_t> again(input.size());
      base64_encode(Bytes(out).first(size.value()), again);
      EXPECT_EQ(as_text(again), text_of(vector["expect"]["base64"]));
    } else {
      ADD_FAILURE() << error_word(size.error().code);
    }
  }
}

TEST(Contract, FormText) {
  const json vectors = load("form");
  ASSERT_GE(vectors["text"].size(), 10U);
  for (const json& vector : vectors["text"]) {
    SCOPED_TRACE(text_of(vector["name"]));
    const std::string input = bytes_of(vector["input"]);
    std::vector<std::uint8_t> out(form_text_length(input));
    EXPECT_EQ(form_text_encode(input, out), out.size());
    expect_output(vector["expect"], as_text(out));
  }
}

TEST(Contract, FormFile) {
  const json vectors = load("form");
  ASSERT_GE(vectors["file"].size(), 80U);
  for (const json& vector : vectors["file"]) {
    SCOPED_TRACE(text_of(vector["name"]));
    const std::string input = bytes_of(vector["input"]);
    std::vector<std::uint8_t> out(form_base64_length(as_bytes(input)));
    EXPECT_EQ(form_base64_encode(as_bytes(input), out), out.size());
    expect_output(vector["expect"], as_text(out));
  }
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

void expect_multipart(const json& expected, const std::vector<std::string>& files,
                      const RequestBody& actual) {
  const std::string prefix = "multipart/form-data; boundary=";
  ASSERT_TRUE(actual.content_type.starts_with(prefix));
  const std::string boundary = actual.content_type.substr(prefix.size());
  ASSERT_FALSE(boundary.empty());
  for (const std::string& file : files) EXPECT_EQ(file.find(boundary), std::string::npos);
  std::string body;
  for (const json& part : expected["body"]) {
    body += part.contains("file") ? files[part["file"].get<std::size_t>()]
                                  : replaced(text_of(part["text"]), "{boundary}", boundary);
  }
  EXPECT_TRUE(as_text(actual.body.span()) == body);
}

TEST(Contract, Request) {
  const json vectors = load("request");
  ASSERT_GE(vectors["build"].size(), 15U);
  for (const json& vector : vectors["build"]) {
    SCOPED_TRACE(text_of(vector["name"]));
    std::vector<std::string> files;
    for (const json& file : vector["files"]) files.push_back(bytes_of(file));
    std::vector<Bytes> views;
    for (const std::string& file : files) views.push_back(as_bytes(file));
    const Result<RequestBody> made =
        build_request(*endpoint_named(text_of(vector["operation"])), views, 0x6e65746f6372);
    const json& expected = vector["expect"];
    if (expected.contains("error")) {
      EXPECT_EQ(made.ok() ? "" : error_word(made.error().code), text_of(expected["error"]));
    } else if (!made.ok()) {
      ADD_FAILURE() << error_word(made.error().code);
    } else if (expected["body"].is_array()) {
      expect_multipart(expected, files, *made);
    } else {
      EXPECT_EQ(made->content_type, text_of(expected["contentType"]));
      expect_output(expected["body"], as_text(made->body.span()));
    }
  }
}

json score_record(const std::optional<Score>& score) {
  if (!score.has_value()) return nullptr;
  return {{"value", score->value},
          {"scale", {0.0, score->scale_max}},
          {"threshold", score->threshold},
          {"higherMeans", std::string(score_direction_name(score->higher_means))}};
}

json tri_state(std::optional<bool> value) { return value.has_value() ? json(*value) : json(nullptr); }

json signals_record(const std::optional<VideoSignals>& signals) {
  if (!signals.has_value()) return nullptr;
  return {{"live", tri_state(signals->live)},
          {"personSwapped", tri_state(signals->person_swapped)},
          {"blinked", tri_state(signals->blinked)},
          {"openedMouth", tri_state(signals->opened_mouth)}};
}

json card_record(const std::optional<IdCard>& card) {
  if (!card.has_value()) return nullptr;
  return {{"name", card->name},   {"sex", card->sex},         {"ethnicity", card->ethnicity},
          {"birth", card->birth}, {"address", card->address}, {"number", card->number}};
}

json outcome_record(const ReplyOutcome& outcome) {
  json items = json::array();
  for (const Item& item : outcome.reply.items)
    items.push_back({{"desc", item.desc}, {"content", item.content}});
  return {{"error",
           outcome.error.has_value() ? json(std::string(error_word(outcome.error->code))) : json(nullptr)},
          {"verdict", std::string(verdict_name(outcome.reply.verdict))},
          {"score", score_record(outcome.reply.score)},
          {"signals", signals_record(outcome.reply.signals)},
          {"idCard", card_record(outcome.reply.id_card)},
          {"status", {{"code", outcome.reply.status_code}, {"message", outcome.reply.status_message}}},
          {"items", items}};
}

TEST(Contract, Reply) {
  const json vectors = load("reply");
  ASSERT_GE(vectors["parse"].size(), 250U);
  for (const json& vector : vectors["parse"]) {
    SCOPED_TRACE(text_of(vector["name"]));
    Limits limits;
    if (vector.contains("limits")) {
      const json& given = vector["limits"];
      limits.max_reply_bytes = given.value("maxReplyBytes", limits.max_reply_bytes);
      limits.max_reply_depth = given.value("maxReplyDepth", limits.max_reply_depth);
    }
    const ReplyOutcome outcome =
        parse_reply(*endpoint_named(text_of(vector["operation"])), vector["httpStatus"].get<int>(),
                    bytes_of(vector["body"]), limits);
    const json actual = outcome_record(outcome);
    EXPECT_EQ(actual, vector["expect"]) << actual.dump(-1, ' ', false, json::error_handler_t::replace);
  }
}

TEST(Contract, Sniff) {
  const json vectors = load("sniff");
  ASSERT_GE(vectors["sniff"].size(), 40U);
  for (const json& vector : vectors["sniff"]) {
    SCOPED_TRACE(text_of(vector["name"]));
    const std::string input = bytes_of(vector["input"]);
    EXPECT_EQ(image_format_name(sniff_image(as_bytes(input))), text_of(vector["expect"]["image"]));
    EXPECT_EQ(video_container_name(sniff_video(as_bytes(input))), text_of(vector["expect"]["video"]));
  }
}

}  // namespace
}  // namespace netocr
