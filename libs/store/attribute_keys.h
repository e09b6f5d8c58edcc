// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/dictionary.h"

namespace clew::store {

// The attribute keys of a memtable, numbered from 0 as they come. Spans of one program
// bring their attributes in the same order again and again, so a key is looked for first
// where it followed the key before it, which costs one comparison. The writer's alone.
class AttributeKeys {
 public:
  explicit AttributeKeys(Dictionary& dictionary) : dictionary_(dictionary) {}

  // Starts the attributes of something new, `kind` telling what: below kKinds.
  static constexpr size_t kKinds = 8;
  void Begin(size_t kind) { previous_ = kind; }

  // The number of `key`; what is not UTF-8 in it is repaired.
  uint32_t NumberOf(std::string_view key);
  // Its code in the dictionary.
  uint32_t CodeOf(uint32_t number) const { return codes_[number]; }

  size_t count() const { return codes_.size(); }
  size_t size_bytes() const;

 private:
  // A key that followed: its text, which is the dictionary's, and its number.
  struct Follower {
    std::string_view text;
    uint32_t number = 0;
    bool known = false;
  };
  // Those that followed last, newest first.
  using Follows = std::array<Follower, 2>;
  uint32_t LookUp(std::string_view key);

  Dictionary& dictionary_;
  std::vector<uint32_t> codes_;                     // by number
  std::unordered_map<uint32_t, uint32_t> numbers_;  // by code
  std::vector<Follows> follows_{kKinds};            // the beginnings, then by number
  size_t previous_ = 0;                             // in follows_
};

}  // namespace clew::store
