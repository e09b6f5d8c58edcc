// SPDX-License-Identifier: Apache-2.0
#include "traceql/cursor.h"

#include <utility>

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

bool IsBinaryOperator(TokenKind kind) {
  return kind >= TokenKind::kAnd && kind != TokenKind::kNot;
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
  if (found.kind == TokenKind::kIdentifier && !IsKeyword(found.text)) {
    error.what = "unknown identifier: " + found.text;
    error.hint = HintFor(mark);
    return error;
  }
  if (expected.size() > kMostExpected) expected.clear();
  error.what = "syntax error: unexpected " + error.found;
  for (size_t i = 0; i < expected.size(); ++i) {
    error.what.append(i == 0 ? ", expecting " : " or ").append(expected[i]);
  }
  error.expected = std::move(expected);
  error.hint = HintFor(mark);
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

// In terms of what was likely meant; what goes before tells.
std::string Cursor::HintFor(size_t mark) const {
  const Token& found = tokens_[mark];
  const TokenKind before = mark == 0 ? TokenKind::kEnd : tokens_[mark - 1].kind;
  if (found.kind == TokenKind::kIdentifier) {
    return IsKeyword(found.text)
               ? "`" + found.text + "` has a meaning of its own and cannot stand here"
               : "attributes begin with their scope: span." + found.text + ", resource." +
                     found.text + ", or ." + found.text + " for any; strings are quoted";
  }
  if (found.kind == TokenKind::kEqual && before == TokenKind::kEqual) {
    return "equality is written with one =";
  }
  if (found.kind == TokenKind::kEnd && mark == 0) return "the query is empty; {} matches all spans";
  if (found.kind == TokenKind::kEnd) return "the query ends too early";
  if (IsBinaryOperator(before)) {
    const bool is_value = found.kind >= TokenKind::kInteger &&
                          found.kind <= TokenKind::kOpenParen &&
                          found.kind != TokenKind::kCloseBrace;
    return (is_value ? "this is not of the kind that can stand after "
                     : "a value is missing after ") +
           std::string(NameOf(before));
  }
  if (before == TokenKind::kAttribute && found.kind >= TokenKind::kOpenBrace) {
    return "`" + NameOf(found) + "` cannot follow an attribute here";
  }
  if (before == TokenKind::kPipe) {
    return "after | comes a filter, an aggregate with a comparison, by(), select(), coalesce() or "
           "a metrics function";
  }
  if (IsBinaryOperator(found.kind)) {
    return "`" + NameOf(found) + "` cannot join what stands on its left with something";
  }
  return "`" + NameOf(found) + "` cannot stand here";
}

}  // namespace clew::traceql
