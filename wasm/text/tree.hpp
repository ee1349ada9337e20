// Tree: a parsed reply, of JSON and XML alike, in two allocations of bounded size. parse_json and parse_xml
// build it, wasm/api reads it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/limits.hpp"

namespace netocr {

enum class NodeKind : std::uint8_t {
  kNull,
  kBool,
  kNumber,
  kString,
  kArray,
  kObject,  // JSON
  kElement,
  kAttribute,  // XML; attributes are the first children of their element
};

inline constexpr std::uint32_t kNoNode = 0xffffffff;

// More values than this are REPLY_TOO_LARGE; the service's replies have about fifty.
inline constexpr std::size_t kMaxTreeNodes = 1U << 16;

// Deeper nesting is REPLY_TOO_LARGE whatever the limits allow: pugixml frees its elements recursively, on a
// stack of 256 KB.
inline constexpr std::uint32_t kMaxTreeDepth = 1000;
inline std::uint32_t max_tree_depth(const Limits& limits) {
  return limits.max_reply_depth < kMaxTreeDepth ? limits.max_reply_depth : kMaxTreeDepth;
}

struct Node {
  NodeKind kind;
  std::string_view key;   // member name, element name, attribute name; "" in arrays
  std::string_view text;  // strings unescaped, numbers as written ("100.0"),
                          // "true", "false"; an element's own text, pieces joined; else ""
  std::uint32_t parent;
  std::uint32_t first_child;
  std::uint32_t last_child;
  std::uint32_t next_sibling;
};

// The children of a node, for range-for.
class NodeRange {
 public:
  class Iterator {
   public:
    Iterator(const Node* nodes, std::uint32_t at) : nodes_(nodes), at_(at) {}
    const Node& operator*() const { return nodes_[at_]; }
    Iterator& operator++() {
      at_ = nodes_[at_].next_sibling;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const Node* nodes_;
    std::uint32_t at_;
  };

  NodeRange(const Node* nodes, std::uint32_t first) : nodes_(nodes), first_(first) {}
  Iterator begin() const { return {nodes_, first_}; }
  Iterator end() const { return {nodes_, kNoNode}; }

 private:
  const Node* nodes_;
  std::uint32_t first_;
};

// Owns its nodes and their texts: views into it live as long as the tree, also when it is moved. It is never
// empty.
class Tree {
 public:
  const Node& root() const { return nodes_[0]; }
  std::size_t size() const { return nodes_.size(); }
  std::span<const Node> nodes() const { return nodes_.span(); }  // all, in document order
  NodeRange children(const Node& node) const { return {nodes_.data(), node.first_child}; }
  // Returns the first child with this key; nullptr when there is none.
  const Node* find(const Node& node, std::string_view key) const;

 private:
  friend class TreeBuilder;
  Array<Node> nodes_;
  Buffer texts_;
};

// Builds a tree in document order. All keys and texts together must fit in `text_capacity` bytes: unescaping
// lengthens no text, so the size of the source is sufficient.
class TreeBuilder {
 public:
  // Errors: OUT_OF_MEMORY.
  static Result<TreeBuilder> create(std::size_t text_capacity, const Limits& limits);

  // Sets the key of the next node.
  Status set_key(std::string_view key);
  // Appends a node without children. Errors: REPLY_TOO_LARGE (kMaxTreeNodes), OUT_OF_MEMORY.
  Status add(NodeKind kind, std::string_view text);
  // Appends a node that is the parent of all further nodes until close(). Errors: also REPLY_TOO_LARGE
  // (max_reply_depth, kMaxTreeDepth).
  Status open(NodeKind kind);
  // Appends to the text of the last opened node, which must not have children other than attributes.
  Status append_text(std::string_view text);
  void close();
  // Errors: REPLY_MALFORMED when two children of the opened node have the same key; OUT_OF_MEMORY.
  Status check_unique_keys() const;
  // Returns the tree; every opened node must be closed.
  Tree finish() &&;

 private:
  Status append_node(NodeKind kind, std::string_view text);
  Result<std::string_view> keep(std::string_view text);

  Tree tree_;
  std::size_t texts_used_ = 0;
  std::size_t count_ = 0;
  std::string_view key_;
  std::uint32_t open_ = kNoNode;
  std::uint32_t depth_ = 0;
  std::uint32_t max_depth_ = 0;
};

}  // namespace netocr
