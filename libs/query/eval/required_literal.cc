// SPDX-License-Identifier: Apache-2.0
#include "query/eval/required_literal.h"

#include <cctype>
#include <cstddef>
#include <utility>

#include "base/stable_sort.h"

namespace clew::query {
namespace {

// Where a class, [...], that begins at `at` ends: past its bracket. npos for one with a [: that
// may be part of a name and may be not.
size_t EndOfClass(std::string_view pattern, size_t at) {
  size_t i = at + 1;
  if (i < pattern.size() && pattern[i] == '^') ++i;
  if (i < pattern.size() && pattern[i] == ']') ++i;
  for (; i < pattern.size() && pattern[i] != ']'; ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern.substr(i).starts_with("[:")) {
      size_t end = i + 2;
      while (end < pattern.size() && (pattern[end] == '^' || std::islower(pattern[end]) != 0))
        ++end;
      if (!pattern.substr(end).starts_with(":]")) return std::string_view::npos;
      i = end + 1;
    }
  }
  return i + 1;
}

// Where a group, (...), that begins at `at` ends: past its parenthesis.
size_t EndOfGroup(std::string_view pattern, size_t at) {
  size_t depth = 0;
  for (size_t i = at; i < pattern.size();) {
    if (pattern[i] == '[') {
      i = EndOfClass(pattern, i);
      if (i == std::string_view::npos) return i;
      continue;
    }
    if (pattern[i] == '\\')
      ++i;
    else if (pattern[i] == '(')
      ++depth;
    else if (pattern[i] == ')' && --depth == 0)
      return i + 1;
    ++i;
  }
  return pattern.size();
}

bool IsPunctuation(char c) {
  return std::string_view("!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~").find(c) != std::string_view::npos;
}

class Finder {
 public:
  explicit Finder(std::string_view pattern) : pattern_(pattern) {}

  std::vector<std::string> Find() {
    // Flags and quoting change what follows; an alternative needs nothing of the other.
    const bool plain = pattern_.find("(?") == std::string_view::npos &&
                       pattern_.find("\\Q") == std::string_view::npos;
    if (!plain) return {};
    for (size_t at = 0; at < pattern_.size();) {
      if (pattern_[at] == '|') return {};
      at = Take(at);
    }
    End();
    base::StableSort(found_, [](const std::string& left, const std::string& right) {
      return left.size() > right.size();
    });
    return std::move(found_);
  }

 private:
  // Takes the item at `at`; gives where the next begins.
  size_t Take(size_t at) {
    const char c = pattern_[at];
    if (c == '[' || c == '(') {
      const size_t end = c == '[' ? EndOfClass(pattern_, at) : EndOfGroup(pattern_, at);
      return end == std::string_view::npos ? Unknown() : TakeOther(end);
    }
    if (c == '\\') {
      const bool one =
          at + 1 < pattern_.size() &&
          std::string_view("dDwWsSbB").find(pattern_[at + 1]) != std::string_view::npos;
      if (one) return TakeOther(at + 2);
      const bool literal = at + 1 < pattern_.size() && IsPunctuation(pattern_[at + 1]);
      // Others are longer, as \x{41} is.
      if (!literal) return at + 1 < pattern_.size() ? Unknown() : pattern_.size();
      return TakeLiteral(pattern_[at + 1], at + 2);
    }
    // One that does not count is a text, and what stands in it is what it is elsewhere.
    if (c == '{') return EndOfCount(at) == at ? Unknown() : TakeOther(at);
    if (std::string_view(".^$*+?})").find(c) != std::string_view::npos) return TakeOther(at + 1);
    return TakeLiteral(c, at + 1);
  }

  // A character is required unless what follows says that it may be absent.
  size_t TakeLiteral(char c, size_t next) {
    const char follows = next < pattern_.size() ? pattern_[next] : '\0';
    const bool optional = follows == '*' || follows == '?' || follows == '{';
    // Of a letter of several bytes the whole is optional.
    if (optional && static_cast<unsigned char>(c) >= 0x80) return Unknown();
    if (!optional) run_ += c;
    if (optional || follows == '+') End();
    return next;
  }

  size_t TakeOther(size_t next) {
    End();
    return SkipCount(next);
  }

  size_t SkipCount(size_t at) const { return at < pattern_.size() ? EndOfCount(at) : at; }

  // Past a {2}, {2,} or {2,3}, whose numbers are no text; `at` where there is none.
  size_t EndOfCount(size_t at) const {
    const auto skip_digits = [this](size_t i) {
      while (i < pattern_.size() && pattern_[i] >= '0' && pattern_[i] <= '9') ++i;
      return i;
    };
    if (pattern_[at] != '{') return at;
    size_t i = skip_digits(at + 1);
    if (i == at + 1) return at;
    if (i < pattern_.size() && pattern_[i] == ',') i = skip_digits(i + 1);
    return i < pattern_.size() && pattern_[i] == '}' ? i + 1 : at;
  }

  size_t Unknown() {
    run_.clear();
    found_.clear();
    pattern_ = {};
    return 0;
  }

  void End() {
    if (!run_.empty()) found_.push_back(std::exchange(run_, {}));
  }

  std::string_view pattern_;
  std::string run_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> RequiredLiterals(std::string_view pattern) {
  return Finder(pattern).Find();
}

}  // namespace clew::query
