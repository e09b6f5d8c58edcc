// SPDX-License-Identifier: Apache-2.0
// Expressions outside of braces: spansets, numbers of a trace, series over time. They share
// operators (`>` compares numbers and relates spansets) and parentheses, so one precedence
// climbing reads them all, and the kind of the left operand says which operators may follow.
// An operator that may not is left for the caller, to whom it is an unexpected token; an
// operand on the right that is of the wrong kind is an error where it begins. This is where
// a parser made from Tempo's grammar would stop as well.
#include "traceql/operand_parser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "traceql/field_parser.h"
#include "traceql/pipeline_parser.h"
#include "traceql/token_operators.h"
#include "traceql/words.h"

namespace clew::traceql {
namespace {

// The operator that joins something to `left`, of one kind or the other; none when the token
// cannot follow it.
using Operator = std::variant<SpansetOperator, BinaryOperator>;

bool IsMetricsArithmetic(BinaryOperator op) {
  return op == BinaryOperator::kAdd || op == BinaryOperator::kSubtract ||
         op == BinaryOperator::kMultiply || op == BinaryOperator::kDivide;
}

std::optional<Operator> OperatorAfter(const Operand& left, TokenKind kind) {
  if (std::holds_alternative<SpansetExpr>(left)) {
    if (const auto op = SpansetOperatorOf(kind)) return *op;
    return std::nullopt;
  }
  const std::optional<BinaryOperator> op = BinaryOperatorOf(kind);
  if (!op || std::holds_alternative<ScalarFilter>(left)) return std::nullopt;
  if (std::holds_alternative<MetricsExpr>(left)) {
    // A comparison is a second stage, which is not read here.
    return IsMetricsArithmetic(*op) ? std::optional<Operator>(*op) : std::nullopt;
  }
  if (*op == BinaryOperator::kMatch || *op == BinaryOperator::kNotMatch) return std::nullopt;
  // `3 > 2` and `2 < count()` are not in the grammar.
  if (IsComparison(*op) && IsConstant(std::get<ScalarExpr>(left))) return std::nullopt;
  return *op;
}

Precedence PrecedenceOf(const Operator& op) {
  return std::visit([](const auto& one) { return traceql::PrecedenceOf(one); }, op);
}

Operand OperandOf(SpansetPipeline pipeline, Position position) {
  if (pipeline.stages.size() == 1) {
    if (auto* const expr = std::get_if<SpansetExpr>(&pipeline.stages[0].node)) {
      return std::move(*expr);
    }
  }
  const uint32_t height = traceql::HeightOf(pipeline);
  return SpansetExpr{.position = position,
                     .height = height,
                     .node = std::make_unique<SpansetPipeline>(std::move(pipeline))};
}

ParseResult<Operand> ParseParentheses(Cursor& cursor) {
  const Position position = cursor.Take().position;
  TRY(cursor.Enter());
  Pipeline inner = TRY(ParsePipeline(cursor, Place::kParentheses));
  cursor.Leave();
  TRY(cursor.Expect(TokenKind::kCloseParen));
  if (auto* const pipeline = std::get_if<SpansetPipeline>(&inner)) {
    return OperandOf(std::move(*pipeline), position);
  }
  if (auto* const scalar = std::get_if<ScalarExpr>(&inner)) return Operand(std::move(*scalar));
  return Operand(std::get<MetricsExpr>(std::move(inner)));
}

uint32_t HeightOf(const SpansetFilter& filter) {
  return filter.expr ? filter.expr->height + 1 : 1;
}

ParseResult<Operand> ParseNone(Cursor& cursor) {
  const Position position = cursor.Take().position;
  TRY(cursor.Expect(TokenKind::kOpenParen));
  SpansetFilter filter = TRY(ParseSpansetFilter(cursor));
  TRY(cursor.Expect(TokenKind::kCloseParen));
  const uint32_t height = HeightOf(filter);
  return Operand(
      SpansetExpr{.position = position, .height = height, .node = NoneFilter{std::move(filter)}});
}

ParseResult<Operand> ParseNumber(Cursor& cursor) {
  const Position position = cursor.Peek().position;
  Static number = TRY(ParseStatic(cursor));
  return Operand(ScalarExpr{.position = position, .node = std::move(number)});
}

bool AtNumber(const Cursor& cursor) {
  const TokenKind kind = cursor.Peek().kind;
  return kind == TokenKind::kInteger || kind == TokenKind::kFloat || kind == TokenKind::kDuration ||
         cursor.AtWord("minInt") || cursor.AtWord("maxInt");
}

// A sign stands before literals alone.
ParseResult<Operand> ParseNegative(Cursor& cursor) {
  const Position position = cursor.Take().position;
  if (!AtNumber(cursor)) return cursor.Unexpected({"INTEGER", "FLOAT", "DURATION"});
  std::optional<Static> number = Negated(TRY(ParseStatic(cursor)));
  if (!number) {
    return ParseError{.position = position,
                      .what = "value out of range: -minInt",
                      .hint = "integers go up to 9223372036854775807"};
  }
  return Operand(ScalarExpr{.position = position, .node = *std::move(number)});
}

ParseResult<Operand> ParsePrimary(Cursor& cursor) {
  const Position position = cursor.Peek().position;
  if (cursor.At(TokenKind::kOpenBrace)) {
    SpansetFilter filter = TRY(ParseSpansetFilter(cursor));
    const uint32_t height = HeightOf(filter);
    return Operand(SpansetExpr{.position = position, .height = height, .node = std::move(filter)});
  }
  if (cursor.At(TokenKind::kOpenParen)) return ParseParentheses(cursor);
  if (cursor.At(TokenKind::kSubtract)) return ParseNegative(cursor);
  if (AtNumber(cursor)) return ParseNumber(cursor);
  if (cursor.extended() && cursor.AtWord("none")) return ParseNone(cursor);
  if (cursor.At(TokenKind::kIdentifier) && FindAggregate(cursor.Peek().text)) {
    Aggregate aggregate = TRY(ParseAggregate(cursor));
    const uint32_t height = aggregate.field ? aggregate.field->height + 1 : 1;
    return Operand(
        ScalarExpr{.position = position, .height = height, .node = std::move(aggregate)});
  }
  return cursor.Unexpected();
}

bool HoldsDuration(const ScalarExpr& expr) {
  if (const auto* const value = std::get_if<Static>(&expr.node)) {
    return std::holds_alternative<Duration>(*value);
  }
  const auto* const binary = std::get_if<ScalarBinary>(&expr.node);
  return binary != nullptr && (HoldsDuration(*binary->left) || HoldsDuration(*binary->right));
}

Operand JoinScalars(BinaryOperator op, Position position, ScalarExpr left, ScalarExpr right) {
  if (IsComparison(op)) return ScalarFilter{op, std::move(left), std::move(right)};
  const uint32_t height = std::max(left.height, right.height) + 1;
  return ScalarExpr{.position = position,
                    .height = height,
                    .node = ScalarBinary{op, std::make_unique<ScalarExpr>(std::move(left)),
                                         std::make_unique<ScalarExpr>(std::move(right))}};
}

// A constant beside series is one for all of them.
MetricsExpr SeriesOf(Operand operand) {
  if (auto* const series = std::get_if<MetricsExpr>(&operand)) return std::move(*series);
  ScalarExpr& constant = std::get<ScalarExpr>(operand);
  return {.position = constant.position, .height = constant.height, .node = std::move(constant)};
}

bool MayBeSeries(const Operand& operand) {
  if (std::holds_alternative<MetricsExpr>(operand)) return true;
  const auto* const constant = std::get_if<ScalarExpr>(&operand);
  return constant != nullptr && IsConstant(*constant) && !HoldsDuration(*constant);
}

Operand JoinSeries(BinaryOperator op, Position position, Operand left, Operand right) {
  MetricsExpr first = SeriesOf(std::move(left));
  MetricsExpr second = SeriesOf(std::move(right));
  const uint32_t height = std::max(first.height, second.height) + 1;
  return MetricsExpr{.position = position,
                     .height = height,
                     .node = MetricsBinary{op, std::make_unique<MetricsExpr>(std::move(first)),
                                           std::make_unique<MetricsExpr>(std::move(second))}};
}

Operand JoinSpansets(SpansetOperator op, Position position, SpansetExpr left, SpansetExpr right) {
  const uint32_t height = std::max(left.height, right.height) + 1;
  SpansetBinary binary{op, std::make_unique<SpansetExpr>(std::move(left)),
                       std::make_unique<SpansetExpr>(std::move(right))};
  return SpansetExpr{.position = position, .height = height, .node = std::move(binary)};
}

// An operand, and whether it is in parentheses, or made of such alone.
struct Part {
  Operand operand;
  bool wrapped = false;
};

// Pipelines in parentheses join one another, but not filters that stand without.
std::optional<Operand> JoinSpansetParts(SpansetOperator op, Position position, Part left,
                                        Part right) {
  auto& first = std::get<SpansetExpr>(left.operand);
  auto* const second = std::get_if<SpansetExpr>(&right.operand);
  if (second == nullptr) return std::nullopt;
  const bool pipelines = HoldsPipeline(first) || HoldsPipeline(*second);
  if (pipelines && !(left.wrapped && right.wrapped)) return std::nullopt;
  return JoinSpansets(op, position, std::move(first), std::move(*second));
}

std::optional<Operand> Join(const Operator& op, Position position, Part left, Part right) {
  if (const auto* const of_spansets = std::get_if<SpansetOperator>(&op)) {
    return JoinSpansetParts(*of_spansets, position, std::move(left), std::move(right));
  }
  const BinaryOperator binary = std::get<BinaryOperator>(op);
  auto* const first = std::get_if<ScalarExpr>(&left.operand);
  auto* const second = std::get_if<ScalarExpr>(&right.operand);
  if (first != nullptr && second != nullptr) {
    return JoinScalars(binary, position, std::move(*first), std::move(*second));
  }
  const bool series =
      IsMetricsArithmetic(binary) && MayBeSeries(left.operand) && MayBeSeries(right.operand);
  if (!series) return std::nullopt;
  return JoinSeries(binary, position, std::move(left.operand), std::move(right.operand));
}

uint32_t HeightOf(const Operand& operand) {
  if (const auto* const expr = std::get_if<SpansetExpr>(&operand)) return expr->height;
  if (const auto* const expr = std::get_if<ScalarExpr>(&operand)) return expr->height;
  if (const auto* const expr = std::get_if<MetricsExpr>(&operand)) return expr->height;
  const auto& filter = std::get<ScalarFilter>(operand);
  return std::max(filter.left.height, filter.right.height);
}

ParseResult<Part> ParseOperators(Cursor& cursor, Precedence loosest) {
  Part left;
  left.wrapped = cursor.At(TokenKind::kOpenParen);
  left.operand = TRY(ParsePrimary(cursor));
  while (true) {
    const Position position = cursor.Peek().position;
    const std::optional<Operator> op = OperatorAfter(left.operand, cursor.Peek().kind);
    if (!op || PrecedenceOf(*op) < loosest) return left;
    cursor.Take();
    const size_t mark = cursor.mark();
    TRY(cursor.Enter());
    const Precedence level = PrecedenceOf(*op);
    Part right = TRY(ParseOperators(cursor, level == Precedence::kPower ? level : Tighter(level)));
    cursor.Leave();
    const bool wrapped = left.wrapped && right.wrapped;
    std::optional<Operand> joined = Join(*op, position, std::move(left), std::move(right));
    if (!joined) return cursor.UnexpectedAt(mark);
    left = Part{*std::move(joined), wrapped};
    TRY(cursor.CheckHeight(HeightOf(left.operand), position));
  }
}

}  // namespace

ParseResult<Operand> ParseOperand(Cursor& cursor, Precedence loosest) {
  Part part = TRY(ParseOperators(cursor, loosest));
  return std::move(part.operand);
}

ParseResult<Aggregate> ParseAggregate(Cursor& cursor) {
  Aggregate aggregate{.function = *FindAggregate(cursor.Take().text)};
  TRY(cursor.Expect(TokenKind::kOpenParen));
  if (aggregate.function != AggregateFunction::kCount) {
    aggregate.field = std::make_unique<FieldExpr>(TRY(ParseFieldExpr(cursor)));
  }
  TRY(cursor.Expect(TokenKind::kCloseParen));
  return aggregate;
}

}  // namespace clew::traceql
