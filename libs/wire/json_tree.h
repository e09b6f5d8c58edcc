// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wire/scan_failure.h"

namespace clew::wire {

enum class JsonType : uint8_t { kObject, kArray, kString, kNumber, kTrue, kFalse, kNull };

class JsonValue;

// An object or array of JSON that was checked whole (RFC 8259), and every value in it.
// A tree that is used again keeps its memory. One thread.
class JsonTree {
 public:
  JsonTree();
  ~JsonTree();

  // False with `failure` set when `json` is none, or is nested deeper than
  // kMaxJsonNesting. Values of the text before are gone.
  bool Parse(std::string_view json, ScanFailure& failure);
  // REQUIRES: the last Parse was true.
  JsonValue root() const;
  // Gives the memory of a large text back.
  void Shrink();

 private:
  friend class JsonValue;
  friend class JsonMembers;
  friend class JsonElements;
  class Builder;
  struct Parser;

  // Values in the order of the text; a member is its key and then its value.
  struct Node {
    uint32_t at;      // in text_
    uint32_t extent;  // of an object or array, the node behind it; else the size of the text
  };

  std::string text_;  // the escapes of strings are resolved in place
  std::vector<Node> nodes_;
  std::unique_ptr<Parser> parser_;
};

// One value. Borrows its tree, until that parses again.
class JsonValue {
 public:
  JsonType type() const;
  bool is_null() const { return type() == JsonType::kNull; }
  // Of a string, without quotes and escapes (a surrogate alone is U+FFFD); of a number,
  // as it was written. REQUIRES: it is one of these.
  std::string_view text() const;
  // Where it begins in the text that was parsed.
  size_t position() const { return tree_->nodes_[index_].at; }

 private:
  friend class JsonTree;
  friend class JsonMembers;
  friend class JsonElements;
  JsonValue(const JsonTree* tree, uint32_t index) : tree_(tree), index_(index) {}
  bool is_container() const { return type() == JsonType::kObject || type() == JsonType::kArray; }
  // The node behind this value and all in it.
  uint32_t end() const { return is_container() ? tree_->nodes_[index_].extent : index_ + 1; }

  const JsonTree* tree_;
  uint32_t index_;
};

// The members of an object in their order; of another value none.
class JsonMembers {
 public:
  explicit JsonMembers(JsonValue object);
  bool Next();
  std::string_view key() const { return key_.text(); }
  JsonValue value() const { return {key_.tree_, key_.index_ + 1}; }

 private:
  JsonValue key_;
  uint32_t next_;
  uint32_t end_;
};

// The elements of an array in their order; of another value none.
class JsonElements {
 public:
  explicit JsonElements(JsonValue array);
  bool Next();
  JsonValue value() const { return value_; }

 private:
  JsonValue value_;
  uint32_t next_;
  uint32_t end_;
};

inline JsonValue JsonTree::root() const {
  return {this, 0};
}

inline JsonType JsonValue::type() const {
  switch (tree_->text_[position()]) {
    case '{':
      return JsonType::kObject;
    case '[':
      return JsonType::kArray;
    case '"':
      return JsonType::kString;
    case 't':
      return JsonType::kTrue;
    case 'f':
      return JsonType::kFalse;
    case 'n':
      return JsonType::kNull;
  }
  return JsonType::kNumber;
}

inline std::string_view JsonValue::text() const {
  const size_t quote = type() == JsonType::kString ? 1 : 0;
  return {tree_->text_.data() + position() + quote, tree_->nodes_[index_].extent};
}

inline JsonMembers::JsonMembers(JsonValue object)
    : key_(object),
      next_(object.index_ + 1),
      end_(object.type() == JsonType::kObject ? object.end() : next_) {}

inline bool JsonMembers::Next() {
  if (next_ == end_) return false;
  key_.index_ = next_;
  next_ = value().end();
  return true;
}

inline JsonElements::JsonElements(JsonValue array)
    : value_(array),
      next_(array.index_ + 1),
      end_(array.type() == JsonType::kArray ? array.end() : next_) {}

inline bool JsonElements::Next() {
  if (next_ == end_) return false;
  value_.index_ = next_;
  next_ = value_.end();
  return true;
}

}  // namespace clew::wire
