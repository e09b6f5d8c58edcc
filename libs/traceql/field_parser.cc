// SPDX-License-Identifier: Apache-2.0
// Expressions over the fields of one span, by precedence climbing: an operand is read, then
// operators while they bind at least as tightly as the caller asks.
#include "traceql/field_parser.h"

#include <algorithm>
#include <utility>

#include "traceql/intrinsics.h"
#include "traceql/token_operators.h"
#include "traceql/words.h"

namespace clew::traceql {
namespace {

ParseResult<FieldExpr> ParseOperators(Cursor& cursor, Precedence loosest);

// A literal that is one token.
std::optional<Static> LiteralOf(const Token& token) {
  switch (token.kind) {
    case TokenKind::kInteger:
      return token.integer;
    case TokenKind::kFloat:
      return token.number;
    case TokenKind::kDuration:
      return Duration{token.integer};
    case TokenKind::kString:
      return token.text;
    case TokenKind::kIdentifier:
      return FindConstant(token.text);
    default:
      return std::nullopt;
  }
}

// A scope that nothing follows: the error is behind it.
ParseError MissingName(const Token& attribute) {
  const auto size = static_cast<uint32_t>(NameOf(attribute).size());
  ParseError error{.position = attribute.position,
                   .found = "END_ATTRIBUTE",
                   .expected = {"IDENTIFIER"},
                   .what = "syntax error: unexpected END_ATTRIBUTE, expecting IDENTIFIER",
                   .hint = "a name is missing after " + NameOf(attribute)};
  error.position.column += size;
  error.position.offset += size;
  return error;
}

ParseResult<FieldExpr> ParseUnary(Cursor& cursor, UnaryOperator op) {
  const Position position = cursor.Take().position;
  if (op == UnaryOperator::kNegate) {
    const std::optional<Static> literal = LiteralOf(cursor.Peek());
    if (std::optional<Static> negated = literal ? Negated(*literal) : std::nullopt) {
      cursor.Take();
      return FieldExpr{.position = position, .node = *std::move(negated)};
    }
  }
  TRY(cursor.Enter());
  FieldExpr operand = TRY(ParseOperators(cursor, PrecedenceOf(op)));
  cursor.Leave();
  const uint32_t height = operand.height + 1;
  TRY(cursor.CheckHeight(height, position));
  return FieldExpr{.position = position,
                   .height = height,
                   .node = FieldUnary{op, std::make_unique<FieldExpr>(std::move(operand))}};
}

ParseResult<FieldExpr> ParseParentheses(Cursor& cursor) {
  cursor.Take();
  TRY(cursor.Enter());
  FieldExpr expr = TRY(ParseOperators(cursor, Precedence::kNone));
  cursor.Leave();
  TRY(cursor.Expect(TokenKind::kCloseParen));
  return expr;
}

ParseResult<FieldExpr> ParseOperand(Cursor& cursor) {
  const Token& token = cursor.Peek();
  if (token.kind == TokenKind::kOpenParen) return ParseParentheses(cursor);
  if (token.kind == TokenKind::kSubtract) return ParseUnary(cursor, UnaryOperator::kNegate);
  if (token.kind == TokenKind::kNot) return ParseUnary(cursor, UnaryOperator::kNot);
  if (std::optional<Static> literal = LiteralOf(token)) {
    return FieldExpr{.position = cursor.Take().position, .node = *std::move(literal)};
  }
  return ParseFieldName(cursor);
}

FieldExpr JoinBinary(BinaryOperator op, Position position, FieldExpr left, FieldExpr right) {
  const uint32_t height = std::max(left.height, right.height) + 1;
  return {.position = position,
          .height = height,
          .node = FieldBinary{op, std::make_unique<FieldExpr>(std::move(left)),
                              std::make_unique<FieldExpr>(std::move(right))}};
}

ParseResult<FieldExpr> ParseRight(Cursor& cursor, Precedence loosest) {
  TRY(cursor.Enter());
  FieldExpr right = TRY(ParseOperators(cursor, loosest));
  cursor.Leave();
  return right;
}

ParseResult<FieldExpr> ParseOperators(Cursor& cursor, Precedence loosest) {
  FieldExpr left = TRY(ParseOperand(cursor));
  while (true) {
    const TokenKind kind = cursor.Peek().kind;
    const Position position = cursor.Peek().position;
    const std::optional<LogicalOperator> logical = LogicalOperatorOf(kind);
    const std::optional<BinaryOperator> binary = BinaryOperatorOf(kind);
    if (!logical && !binary) return left;
    const Precedence level = logical ? Precedence::kLogical : PrecedenceOf(*binary);
    if (level < loosest) return left;
    cursor.Take();
    // a ^ b ^ c is a ^ (b ^ c); all others group to the left.
    FieldExpr right = TRY(ParseRight(cursor, level == Precedence::kPower ? level : Tighter(level)));
    left = logical ? JoinLogical(*logical, position, std::move(left), std::move(right))
                   : JoinBinary(*binary, position, std::move(left), std::move(right));
    TRY(cursor.CheckHeight(left.height, position));
  }
}

ParseResult<FieldExpr> ParseScopedIntrinsic(Cursor& cursor) {
  const Token scope = cursor.Take();
  if (cursor.At(TokenKind::kIdentifier)) {
    if (const auto intrinsic = FindIntrinsic(scope.text, cursor.Peek().text)) {
      cursor.Take();
      return FieldExpr{.position = scope.position, .node = *intrinsic};
    }
  }
  return cursor.Unexpected();
}

}  // namespace

FieldExpr JoinLogical(LogicalOperator op, Position position, FieldExpr left, FieldExpr right) {
  const uint32_t right_height = right.height + 1;
  if (FieldLogical* const chain = std::get_if<FieldLogical>(&left.node);
      chain != nullptr && chain->op == op) {
    chain->operands.push_back(std::move(right));
    left.height = std::max(left.height, right_height);
    return left;
  }
  FieldExpr joined{.position = position, .height = std::max(left.height + 1, right_height)};
  FieldLogical logical;
  logical.op = op;
  logical.operands.push_back(std::move(left));
  logical.operands.push_back(std::move(right));
  joined.node = std::move(logical);
  return joined;
}

ParseResult<FieldExpr> ParseFieldExpr(Cursor& cursor) {
  return ParseOperators(cursor, Precedence::kNone);
}

ParseResult<FieldExpr> ParseFieldName(Cursor& cursor) {
  const Token& token = cursor.Peek();
  if (token.kind == TokenKind::kAttribute) {
    if (token.text.empty()) return MissingName(token);
    Token attribute = cursor.Take();
    return FieldExpr{
        .position = attribute.position,
        .node = Attribute{attribute.scope, attribute.of_parent, std::move(attribute.text)}};
  }
  if (token.kind == TokenKind::kIntrinsicScope) return ParseScopedIntrinsic(cursor);
  if (token.kind == TokenKind::kIdentifier) {
    if (const auto intrinsic = FindIntrinsic(token.text)) {
      return FieldExpr{.position = cursor.Take().position, .node = *intrinsic};
    }
  }
  return cursor.Unexpected();
}

ParseResult<std::vector<FieldExpr>> ParseFieldNames(Cursor& cursor) {
  std::vector<FieldExpr> names;
  do {
    names.push_back(TRY(ParseFieldName(cursor)));
  } while (cursor.TakeIf(TokenKind::kComma));
  if (!cursor.TakeIf(TokenKind::kCloseParen)) return cursor.Unexpected({",", ")"});
  return names;
}

ParseResult<Static> ParseStatic(Cursor& cursor) {
  const bool negative = cursor.TakeIf(TokenKind::kSubtract);
  std::optional<Static> literal = LiteralOf(cursor.Peek());
  if (literal && negative) literal = Negated(*literal);
  if (!literal) return cursor.Unexpected();
  cursor.Take();
  return *std::move(literal);
}

}  // namespace clew::traceql
