// SPDX-License-Identifier: Apache-2.0
// Half-typed queries. The tokens between the braces are split at && and || outside of
// parentheses; each part goes through the ordinary parser, and one that it does not take
// counts as not written. Parts in parentheses are split in their turn.
#include "traceql/lenient.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "traceql/field_parser.h"
#include "traceql/lexer.h"
#include "traceql/limits.h"
#include "traceql/token_operators.h"
#include "traceql/validate_fields.h"

namespace clew::traceql {
namespace {

using Tokens = std::span<const Token>;

int NestingOf(const Token& token) {
  if (token.kind == TokenKind::kOpenParen) return 1;
  return token.kind == TokenKind::kCloseParen ? -1 : 0;
}

// The tokens inside, when one pair of parentheses holds all of them; the last may be missing.
std::optional<Tokens> Unwrapped(Tokens tokens) {
  if (tokens.empty() || tokens[0].kind != TokenKind::kOpenParen) return std::nullopt;
  int nesting = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    nesting += NestingOf(tokens[i]);
    if (nesting > 0) continue;
    if (i + 1 < tokens.size()) return std::nullopt;
    return tokens.subspan(1, tokens.size() - 2);
  }
  return tokens.subspan(1);
}

std::optional<FieldExpr> Join(LogicalOperator op, std::optional<FieldExpr> left,
                              std::optional<FieldExpr> right) {
  if (!left || !right) {
    if (op == LogicalOperator::kOr) return std::nullopt;
    return left ? std::move(left) : std::move(right);
  }
  const Position position = left->position;
  FieldExpr joined = JoinLogical(op, position, *std::move(left), *std::move(right));
  if (joined.height > kMaxHeight) return std::nullopt;
  return joined;
}

class LenientParser {
 public:
  std::optional<FieldExpr> Matchers(Tokens tokens, uint32_t depth) {
    std::optional<FieldExpr> all;
    std::optional<LogicalOperator> joins;  // `all` and the part that follows
    size_t start = 0;
    int nesting = 0;
    for (size_t i = 0; i <= tokens.size(); ++i) {
      const bool end = i == tokens.size();
      const auto op = end ? std::nullopt : LogicalOperatorOf(tokens[i].kind);
      if (!end) nesting += NestingOf(tokens[i]);
      if (!end && (!op || nesting > 0)) continue;
      std::optional<FieldExpr> part = Part(tokens.subspan(start, i - start), depth);
      all = joins ? Join(*joins, std::move(all), std::move(part)) : std::move(part);
      joins = op;
      start = i + 1;
    }
    return all;
  }

 private:
  std::optional<FieldExpr> Part(Tokens tokens, uint32_t depth) {
    if (const std::optional<Tokens> inner = Unwrapped(tokens); inner && depth < kMaxHeight) {
      return Matchers(*inner, depth + 1);
    }
    return Matcher(tokens);
  }

  // A complete matcher: it parses, and its types fit.
  std::optional<FieldExpr> Matcher(Tokens tokens) {
    std::vector<Token> copy(tokens.begin(), tokens.end());
    copy.push_back(Token{});
    Cursor cursor(std::move(copy), Dialect::kClew);
    auto expr = ParseFieldExpr(cursor);
    if (!expr.ok() || !cursor.At(TokenKind::kEnd)) return std::nullopt;
    // Names and sums of them may be booleans, but more likely the beginning of a comparison.
    const auto type = TypeOf(expr.value(), rules_);
    if (!type.ok() || type.value() != Type::kBool) return std::nullopt;
    return std::move(expr).value();
  }

  FieldRules rules_;
};

}  // namespace

std::optional<FieldExpr> ParseLenient(std::string_view text) {
  if (text.size() > kMaxQueryBytes) return std::nullopt;
  const std::vector<Token> lexed = Lex(text);
  const Tokens tokens(lexed);
  if (tokens[0].kind != TokenKind::kOpenBrace) return std::nullopt;
  const auto is_brace = [](const Token& token) { return token.kind == TokenKind::kOpenBrace; };
  if (std::ranges::count_if(tokens, is_brace) != 1) return std::nullopt;
  size_t end = 1;
  while (end < tokens.size() && tokens[end].kind != TokenKind::kCloseBrace) ++end;
  // Without its brace, the filter ends where the text does or stops being one. What lies
  // before that place may be cut short by it.
  if (end == tokens.size() && tokens.back().kind == TokenKind::kEnd) --end;
  return LenientParser().Matchers(tokens.subspan(1, end - 1), 0);
}

}  // namespace clew::traceql
