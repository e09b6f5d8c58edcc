// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "edge/config.h"

namespace clew::edge {
namespace {

// Reads Traefik's rule text from left to right.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text), size_(text.size()) {}

  // Takes `token` if it comes next, blanks before it skipped.
  bool Take(std::string_view token) {
    SkipBlanks();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  base::Result<std::string> TakeQuoted() {
    SkipBlanks();
    if (rest_.empty() || (rest_[0] != '`' && rest_[0] != '"'))
      return Expected("a host in backticks");
    const size_t end = rest_.find(rest_[0], 1);
    if (end == std::string_view::npos) return Expected("the closing quote of a host");
    std::string text(rest_.substr(1, end - 1));
    if (text.empty()) return Expected("a host that is not empty");
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool at_end() {
    SkipBlanks();
    return rest_.empty();
  }

  base::Error Expected(std::string_view what) const {
    return {base::ErrorCode::kInvalidArgument,
            "rule: expected " + std::string(what) + " at column " +
                std::to_string(size_ - rest_.size() + 1) + "; only Host(`name`) is supported"};
  }

 private:
  void SkipBlanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  size_t size_;
};

}  // namespace

base::Result<std::vector<std::string>> ParseHostRule(std::string_view rule) {
  RuleReader reader(rule);
  std::vector<std::string> hosts;
  do {
    if (!reader.Take("Host") || !reader.Take("(")) return reader.Expected("Host(");
    do {
      hosts.push_back(TRY(reader.TakeQuoted()));
    } while (reader.Take(","));
    if (!reader.Take(")")) return reader.Expected("')'");
  } while (reader.Take("||"));
  if (!reader.at_end()) return reader.Expected("'||' or the end");
  return hosts;
}

}  // namespace clew::edge
