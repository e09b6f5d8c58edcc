// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <re2/re2.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace clew::query {

// The regular expressions of a query, compiled once. They match whole texts, and their
// dots line feeds too. One thread.
class Regexes {
 public:
  // Null: it is none. Holds for as long as this.
  const RE2* Get(std::string_view pattern) {
    const auto known = compiled_.find(pattern);
    if (known != compiled_.end()) return known->second.get();
    RE2::Options options(RE2::Quiet);
    options.set_dot_nl(true);
    options.set_max_mem(kMaxBytes);
    auto regex = std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (!regex->ok()) regex.reset();
    return compiled_.emplace(pattern, std::move(regex)).first->second.get();
  }

 private:
  static constexpr int kMaxBytes = 8 << 20;
  std::map<std::string, std::unique_ptr<const RE2>, std::less<>> compiled_;
};

inline bool MatchesWhole(const RE2& regex, std::string_view text) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), regex);
}

}  // namespace clew::query
