// Implements parse_xml() by expat, whose events build the same Tree. It needs neither a copy of the text nor
// a first scan, as expat itself rejects most of what wasm/text/xml_scan.cpp rejects. Text of an element
// behind its first child is left out, in expat's favour.
#include <expat.h>

#include <cstdlib>
#include <utility>

#include "text/xml.hpp"

namespace netocr {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

class Events {
 public:
  Events(XML_Parser parser, TreeBuilder builder) : parser_(parser), builder_(std::move(builder)) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, text);
    XML_SetStartDoctypeDeclHandler(parser, doctype);
  }

  bool failed() const { return !status_.ok(); }
  Error error() const { return status_.error(); }
  Tree finish() && { return std::move(builder_).finish(); }

 private:
  static Events& of(void* data) { return *static_cast<Events*>(data); }

  void check(Status status) {
    if (status.ok() || failed()) return;
    status_ = status;
    XML_StopParser(parser_, XML_FALSE);
  }

  static void XMLCALL start(void* data, const XML_Char* name, const XML_Char** attributes) {
    Events& self = of(data);
    self.check(self.builder_.set_key(name));
    self.check(self.builder_.open(NodeKind::kElement));
    for (; *attributes != nullptr && !self.failed(); attributes += 2) {
      self.check(self.builder_.set_key(attributes[0]));
      self.check(self.builder_.add(NodeKind::kAttribute, attributes[1]));
    }
    self.may_have_text_ = true;
  }

  static void XMLCALL end(void* data, const XML_Char* /*name*/) {
    Events& self = of(data);
    self.builder_.close();
    self.may_have_text_ = false;
  }

  static void XMLCALL text(void* data, const XML_Char* at, int size) {
    Events& self = of(data);
    const std::string_view piece(at, static_cast<std::size_t>(size));
    if (piece.find_first_not_of(kWhiteSpace) == std::string_view::npos) return;
    if (!self.may_have_text_) return self.check(Error{ErrorCode::kReplyMalformed, 0, "mixed content"});
    self.check(self.builder_.append_text(piece));
  }

  static void XMLCALL doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    of(data).check(Error{ErrorCode::kReplyMalformed, 0, "DOCTYPE is not accepted"});
  }

  XML_Parser parser_;
  TreeBuilder builder_;
  Status status_;
  bool may_have_text_ = false;
};

Result<Tree> parse(XML_Parser parser, std::string_view text, const Limits& limits) {
  Result<TreeBuilder> builder = TreeBuilder::create(text.size(), limits);
  if (!builder.ok()) return builder.error();
  Events events(parser, std::move(*builder));
  const XML_Status status = XML_Parse(parser, text.data(), static_cast<int>(text.size()), XML_TRUE);
  if (events.failed()) return events.error();
  if (status == XML_STATUS_OK) return std::move(events).finish();
  const auto at = static_cast<std::size_t>(XML_GetCurrentByteIndex(parser));
  return Error{ErrorCode::kReplyMalformed, at, "not XML"};
}

}  // namespace

Result<Tree> parse_xml(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_reply_bytes)
    return Error{ErrorCode::kReplyTooLarge, 0, "more bytes than the limit"};
  XML_Parser parser = XML_ParserCreate("UTF-8");
  if (parser == nullptr) return Error{ErrorCode::kOutOfMemory, 0, "allocation failed"};
  Result<Tree> tree = parse(parser, text, limits);
  XML_ParserFree(parser);
  return tree;
}

}  // namespace netocr
