// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <re2/re2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "parquet/values.h"
#include "query/eval/byte_automaton.h"
#include "query/eval/required_literal.h"

namespace clew::query {

// A regular expression as TraceQL has it: it matches whole texts, and its dots line feeds too.
// Thread-safe.
class Regex {
 public:
  explicit Regex(std::string_view pattern)
      : compiled_(re2::StringPiece(pattern.data(), pattern.size()), OptionsOf()),
        automaton_(ByteAutomaton::Build(pattern)),
        literals_(RequiredLiterals(pattern)) {}

  bool ok() const { return compiled_.ok(); }
  bool Matches(std::string_view text) const {
    if (automaton_) return automaton_->Matches(text);
    if (!literals_.empty() && text.find(literals_.front()) == text.npos) return false;
    return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), compiled_);
  }
  // Whether each of the texts matches. Those that lack a text which all matches have need not be
  // looked at one by one.
  std::vector<uint8_t> MatchAll(const parquet::ByteArrays& texts) const;

 private:
  // Calls `found(i)` where texts[i] matches, in no order.
  template <typename Texts, typename Found>
  void ForEachMatch(const Texts& texts, const Found& found) const {
    if (automaton_) return automaton_->ForEachMatch(texts, found);
    for (size_t i = 0; i < texts.size(); ++i) {
      if (Matches(texts[i])) found(i);
    }
  }
  static RE2::Options OptionsOf() {
    constexpr int kMaxBytes = 8 << 20;
    RE2::Options options(RE2::Quiet);
    options.set_dot_nl(true);
    options.set_max_mem(kMaxBytes);
    return options;
  }

  const RE2 compiled_;
  const std::optional<ByteAutomaton> automaton_;  // of most expressions
  const std::vector<std::string> literals_;       // that all matches have in them
};

// The regular expressions of a query, compiled once. Thread-safe.
class Regexes {
 public:
  // Null: it is none. Holds for as long as this.
  const Regex* Get(std::string_view pattern) {
    const base::MutexLock lock(mutex_);
    const auto known = compiled_.find(pattern);
    if (known != compiled_.end()) return known->second.get();
    auto regex = std::make_unique<Regex>(pattern);
    if (!regex->ok()) regex.reset();
    return compiled_.emplace(pattern, std::move(regex)).first->second.get();
  }

 private:
  base::Mutex mutex_;
  std::map<std::string, std::unique_ptr<const Regex>, std::less<>> compiled_ GUARDED_BY(mutex_);
};

}  // namespace clew::query
