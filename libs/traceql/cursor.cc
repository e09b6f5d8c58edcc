// SPDX-License-Identifier: Apache-2.0
#include "traceql/cursor.h"

#include <utility>

#include "traceql/hint.h"
#include "traceql/limits.h"
#include "traceql/words.h"

namespace clew::traceql {
namespace {

constexpr size_t kMostExpected = 4;

ParseError TooDeep(const Position& position) {
  return {.position = position,
          .what = "query is nested too deeply",
          .hint = "at most " + std::to_string(kMaxHeight) + " levels"};
}

}  // namespace

Token Cursor::Take() {
  const bool last = next_ + 1 == tokens_.size();
  return tokens_[last ? next_ : next_++];
}

bool Cursor::TakeIf(TokenKind kind) {
  if (!At(kind)) return false;
  Take();
  return true;
}

ParseStatus Cursor::Expect(TokenKind kind) {
  if (!TakeIf(kind)) return Unexpected({std::string(NameOf(kind))});
  return std::monostate{};
}

ParseResult<int64_t> Cursor::TakeInteger() {
  if (!At(TokenKind::kInteger)) return Unexpected({std::string(NameOf(TokenKind::kInteger))});
  return Take().integer;
}

ParseError Cursor::UnexpectedAt(size_t mark, std::vector<std::string> expected) const {
  const Token& found = tokens_[mark];
  ParseError error{.position = found.position};
  if (found.kind == TokenKind::kInvalid) {
    error.what = found.text;
    error.hint = found.hint;
    return error;
  }
  error.found = NameOf(found);
  const bool is_keyword = found.kind == TokenKind::kIdentifier && IsKeyword(found.text);
  error.hint = HintFor(tokens_, mark, is_keyword);
  if (found.kind == TokenKind::kIdentifier && !is_keyword) {
    error.what = "unknown identifier: " + found.text;
    return error;
  }
  if (expected.size() > kMostExpected) expected.clear();
  error.what = "syntax error: unexpected " + error.found;
  for (size_t i = 0; i < expected.size(); ++i) {
    error.what.append(i == 0 ? ", expecting " : " or ").append(expected[i]);
  }
  error.expected = std::move(expected);
  return error;
}

ParseStatus Cursor::Enter() {
  if (++depth_ > kMaxDepth) return TooDeep(Peek().position);
  return std::monostate{};
}

ParseStatus Cursor::CheckHeight(uint32_t height, const Position& position) const {
  if (height > kMaxHeight) return TooDeep(position);
  return std::monostate{};
}

bool Cursor::IsKeyword(std::string_view word) const {
  return IsTempoWord(word) || (extended() && IsOwnWord(word));
}

}  // namespace clew::traceql
