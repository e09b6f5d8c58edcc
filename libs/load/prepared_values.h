// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load/attribute_rules.h"
#include "load/byte_cursor.h"

namespace clew::load {

// Encoded pieces one after another, by number, with the slack that copying them needs.
class PreparedBytes {
 public:
  PreparedBytes() : bytes_(kCopySlack, '\0') {}

  void Add(std::string_view piece) {
    bytes_.insert(bytes_.size() - kCopySlack, piece);
    ends_.push_back(static_cast<uint32_t>(bytes_.size() - kCopySlack));
    longest_ = std::max(longest_, piece.size());
  }
  void CopyTo(ByteCursor& out, size_t number) const {
    const uint32_t start = number == 0 ? 0 : ends_[number - 1];
    out.CopyPrepared(bytes_.data() + start, ends_[number] - start);
  }
  std::string_view piece(size_t number) const {
    const uint32_t start = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(bytes_).substr(start, ends_[number] - start);
  }
  size_t count() const { return ends_.size(); }
  size_t longest() const { return longest_; }

 private:
  std::string bytes_;
  std::vector<uint32_t> ends_;
  size_t longest_ = 0;
};

// What a pattern of attribute_rules.h stands for.
struct TextSlot {
  std::string_view service_name;
  uint32_t service = 0;
  uint32_t number = 0;
};
std::string ExpandPattern(std::string_view pattern, const TextSlot& slot);

// A KeyValue as field `field` of a message. REQUIRES: IsPrepared(rule.shape)
std::string EncodeAttribute(uint32_t field, const AttributeRule& rule, const TextSlot& slot);
std::string EncodeText(uint32_t field, std::string_view key, std::string_view text);

}  // namespace clew::load
