// SPDX-License-Identifier: Apache-2.0
#include "traceql/metrics_parser.h"

#include <optional>
#include <utility>

#include "traceql/field_parser.h"
#include "traceql/operand_parser.h"
#include "traceql/pipeline_parser.h"
#include "traceql/token_operators.h"
#include "traceql/words.h"

namespace clew::traceql {
namespace {

ParseStatus ParseQuantiles(Cursor& cursor, std::vector<Static>& quantiles) {
  do {
    if (!cursor.At(TokenKind::kInteger) && !cursor.At(TokenKind::kFloat)) {
      return cursor.Unexpected({"INTEGER", "FLOAT"});
    }
    quantiles.push_back(TRY(ParseStatic(cursor)));
  } while (cursor.TakeIf(TokenKind::kComma));
  return std::monostate{};
}

ParseStatus ParseArguments(Cursor& cursor, MetricsAggregate& aggregate) {
  TRY(cursor.Expect(TokenKind::kOpenParen));
  const bool counts = aggregate.function == MetricsFunction::kRate ||
                      aggregate.function == MetricsFunction::kCountOverTime;
  if (!counts) aggregate.field = std::make_unique<FieldExpr>(TRY(ParseFieldName(cursor)));
  if (aggregate.function == MetricsFunction::kQuantileOverTime) {
    TRY(cursor.Expect(TokenKind::kComma));
    TRY(ParseQuantiles(cursor, aggregate.quantiles));
  }
  return cursor.Expect(TokenKind::kCloseParen);
}

ParseResult<MetricsAggregate> ParseMetricsAggregate(Cursor& cursor) {
  MetricsAggregate aggregate{.function = *FindMetricsFunction(cursor.Take().text)};
  TRY(ParseArguments(cursor, aggregate));
  if (cursor.AtWord("by")) {
    cursor.Take();
    TRY(cursor.Expect(TokenKind::kOpenParen));
    aggregate.by = TRY(ParseFieldNames(cursor));
  }
  return aggregate;
}

ParseResult<Compare> ParseCompare(Cursor& cursor) {
  cursor.Take();
  TRY(cursor.Expect(TokenKind::kOpenParen));
  Compare compare{.selection = TRY(ParseSpansetFilter(cursor))};
  if (cursor.TakeIf(TokenKind::kComma)) compare.top = TRY(cursor.TakeInteger());
  if (compare.top && cursor.TakeIf(TokenKind::kComma)) {
    compare.start_ns = TRY(cursor.TakeInteger());
    TRY(cursor.Expect(TokenKind::kComma));
    compare.end_ns = TRY(cursor.TakeInteger());
  }
  TRY(cursor.Expect(TokenKind::kCloseParen));
  return compare;
}

ParseResult<SecondStage> ParseTop(Cursor& cursor) {
  const Token word = cursor.Peek();
  if (!cursor.AtWord("topk") && !cursor.AtWord("bottomk")) {
    return cursor.Unexpected({"topk", "bottomk"});
  }
  cursor.Take();
  TRY(cursor.Expect(TokenKind::kOpenParen));
  const int64_t count = TRY(cursor.TakeInteger());
  TRY(cursor.Expect(TokenKind::kCloseParen));
  if (word.text == "topk") return SecondStage{word.position, TopK{count}};
  return SecondStage{word.position, BottomK{count}};
}

ParseResult<SecondStage> ParseSampleFilter(Cursor& cursor, BinaryOperator op) {
  const Position position = cursor.Take().position;
  const size_t mark = cursor.mark();
  Operand operand = TRY(ParseOperand(cursor, Precedence::kSum));
  auto* const constant = std::get_if<ScalarExpr>(&operand);
  if (constant == nullptr || !IsConstant(*constant)) return cursor.UnexpectedAt(mark);
  return SecondStage{position, SampleFilter{op, std::move(*constant)}};
}

bool IsSampleComparison(std::optional<BinaryOperator> op) {
  return op && IsComparison(*op) && *op != BinaryOperator::kMatch &&
         *op != BinaryOperator::kNotMatch;
}

}  // namespace

bool AtMetricsFunction(const Cursor& cursor) {
  return cursor.AtWord("compare") ||
         (cursor.At(TokenKind::kIdentifier) && FindMetricsFunction(cursor.Peek().text));
}

ParseResult<MetricsExpr> ParseMetricsQuery(Cursor& cursor, SpansetPipeline pipeline) {
  const Position position = cursor.Peek().position;
  const uint32_t height = HeightOf(pipeline) + 1;
  MetricsQuery query{.pipeline = std::move(pipeline), .position = position, .function = {}};
  if (cursor.AtWord("compare")) {
    query.function = TRY(ParseCompare(cursor));
  } else {
    query.function = TRY(ParseMetricsAggregate(cursor));
  }
  MetricsExpr series{
      .position = position, .height = height, .node = std::move(query), .second_stages = {}};
  TRY(ParseSecondStages(cursor, series));
  return series;
}

ParseStatus ParseSecondStages(Cursor& cursor, MetricsExpr& series) {
  while (true) {
    const std::optional<BinaryOperator> op = BinaryOperatorOf(cursor.Peek().kind);
    if (IsSampleComparison(op)) {
      series.second_stages.push_back(TRY(ParseSampleFilter(cursor, *op)));
    } else if (cursor.TakeIf(TokenKind::kPipe)) {
      series.second_stages.push_back(TRY(ParseTop(cursor)));
    } else {
      return std::monostate{};
    }
  }
}

}  // namespace clew::traceql
