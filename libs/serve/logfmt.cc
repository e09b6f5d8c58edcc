// SPDX-License-Identifier: Apache-2.0
#include "serve/logfmt.h"

namespace clew::serve {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool SkipSpace() {
    while (!at_end() && IsSpace(peek())) ++position_;
    return !at_end();
  }

  base::Result<std::string> Key() {
    const size_t start = position_;
    while (!at_end() && !IsSpace(peek()) && peek() != '=' && peek() != '"') ++position_;
    if (!at_end() && peek() == '"') return Unexpected();
    if (position_ == start) return Unexpected();
    return std::string(text_.substr(start, position_ - start));
  }

  base::Result<std::string> Value() {
    if (at_end() || peek() != '=') return std::string();
    ++position_;
    if (!at_end() && peek() == '"') return QuotedValue();
    const size_t start = position_;
    while (!at_end() && !IsSpace(peek())) {
      if (peek() == '=' || peek() == '"') return Unexpected();
      ++position_;
    }
    return std::string(text_.substr(start, position_ - start));
  }

 private:
  static bool IsSpace(char c) { return static_cast<unsigned char>(c) <= ' '; }
  bool at_end() const { return position_ == text_.size(); }
  char peek() const { return text_[position_]; }

  base::Error At(std::string_view problem, size_t position) const {
    return {base::ErrorCode::kInvalidArgument,
            std::string(problem) + " at pos " + std::to_string(position + 1)};
  }
  base::Error Unexpected() const {
    return At("unexpected '" + std::string(1, peek()) + "'", position_);
  }

  base::Result<std::string> QuotedValue() {
    const size_t quote = position_++;
    std::string value;
    while (!at_end() && peek() != '"') {
      char c = peek();
      if (c == '\\') {
        ++position_;
        if (at_end()) break;
        c = Unescape(peek());
      }
      value.push_back(c);
      ++position_;
    }
    if (at_end()) return At("unterminated quoted value", quote);
    ++position_;
    if (!at_end() && !IsSpace(peek())) return Unexpected();
    return value;
  }

  static char Unescape(char c) {
    if (c == 'n') return '\n';
    if (c == 'r') return '\r';
    if (c == 't') return '\t';
    return c;
  }

  std::string_view text_;
  size_t position_ = 0;
};

}  // namespace

base::Result<std::vector<std::pair<std::string, std::string>>> ParseLogfmt(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  Reader reader(text);
  while (reader.SkipSpace()) {
    std::string key = TRY(reader.Key());
    std::string value = TRY(reader.Value());
    pairs.emplace_back(std::move(key), std::move(value));
  }
  return pairs;
}

}  // namespace clew::serve
