// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace clew::ledger {

// Texts by code, so that many traces name services and operations with the same numbers.
// Code 0 is the empty text. One thread at a time.
class Names {
 public:
  static constexpr uint32_t kEmpty = 0;

  Names() { CodeOf(""); }
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  uint32_t CodeOf(std::string_view text) {
    const auto known = codes_.find(text);
    if (known != codes_.end()) return known->second;
    const auto code = static_cast<uint32_t>(texts_.size());
    codes_.emplace(texts_.emplace_back(text), code);
    return code;
  }
  // REQUIRES: CodeOf gave it
  const std::string& text(uint32_t code) const { return texts_[code]; }
  size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, uint32_t> codes_;  // of texts_
};

}  // namespace clew::ledger
