// SPDX-License-Identifier: Apache-2.0
#include "traceql/pipeline_parser.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "traceql/field_parser.h"
#include "traceql/metrics_parser.h"
#include "traceql/operand_parser.h"

namespace clew::traceql {
namespace {

ParseResult<Stage> ParseGroupBy(Cursor& cursor) {
  const Position position = cursor.Take().position;
  TRY(cursor.Expect(TokenKind::kOpenParen));
  FieldExpr expr = TRY(ParseFieldExpr(cursor));
  TRY(cursor.Expect(TokenKind::kCloseParen));
  return Stage{position, GroupBy{std::move(expr)}};
}

ParseResult<Stage> ParseCoalesce(Cursor& cursor) {
  const Position position = cursor.Take().position;
  TRY(cursor.Expect(TokenKind::kOpenParen));
  TRY(cursor.Expect(TokenKind::kCloseParen));
  return Stage{position, Coalesce{}};
}

ParseResult<Stage> ParseSelect(Cursor& cursor) {
  const Position position = cursor.Take().position;
  TRY(cursor.Expect(TokenKind::kOpenParen));
  return Stage{position, Select{TRY(ParseFieldNames(cursor))}};
}

ParseResult<Stage> ParseSort(Cursor& cursor) {
  const Position position = cursor.Take().position;
  TRY(cursor.Expect(TokenKind::kOpenParen));
  Sort sort{.expr = TRY(ParseFieldExpr(cursor))};
  if (cursor.AtWord("desc")) sort.order = SortOrder::kDescending;
  if (cursor.AtWord("asc") || cursor.AtWord("desc")) cursor.Take();
  if (!cursor.TakeIf(TokenKind::kCloseParen)) return cursor.Unexpected({"asc", "desc", ")"});
  return Stage{position, std::move(sort)};
}

ParseResult<Stage> ParseLimit(Cursor& cursor) {
  const Position position = cursor.Take().position;
  TRY(cursor.Expect(TokenKind::kOpenParen));
  const int64_t count = TRY(cursor.TakeInteger());
  TRY(cursor.Expect(TokenKind::kCloseParen));
  return Stage{position, Limit{count}};
}

struct NamedStage {
  std::string_view word;
  ParseResult<Stage> (*parse)(Cursor&);
  bool first;  // may be the first of a pipeline
  bool ours;   // is not in Tempo
};

constexpr NamedStage kNamedStages[] = {{"by", ParseGroupBy, true, false},
                                       {"coalesce", ParseCoalesce, false, false},
                                       {"select", ParseSelect, true, false},
                                       {"sort", ParseSort, false, true},
                                       {"limit", ParseLimit, false, true}};

const NamedStage* NamedStageAt(const Cursor& cursor) {
  for (const NamedStage& stage : kNamedStages) {
    if (cursor.AtWord(stage.word) && (cursor.extended() || !stage.ours)) return &stage;
  }
  return nullptr;
}

// A spanset expression or a scalar filter; what else it can be is for the caller.
ParseResult<Operand> ParseStageOperand(Cursor& cursor) {
  return ParseOperand(cursor, Precedence::kNone);
}

std::optional<Stage> StageOf(Operand operand, Position position) {
  if (auto* const expr = std::get_if<SpansetExpr>(&operand)) {
    return Stage{position, std::move(*expr)};
  }
  if (auto* const filter = std::get_if<ScalarFilter>(&operand)) {
    return Stage{position, std::move(*filter)};
  }
  return std::nullopt;
}

// An operator over pipelines is a query of its own, which nothing follows.
bool EndsPipeline(const Stage& stage) {
  const auto* const expr = std::get_if<SpansetExpr>(&stage.node);
  return expr != nullptr && HoldsPipeline(*expr);
}

ParseResult<Pipeline> CloseScalar(Cursor& cursor, Place place, ScalarExpr scalar) {
  if (place == Place::kParentheses && cursor.At(TokenKind::kCloseParen)) {
    return Pipeline(std::move(scalar));
  }
  ParseError error = cursor.Unexpected();
  if (!IsConstant(scalar)) error.hint = "a comparison is missing after it, such as > 0";
  return error;
}

// The stages after the first.
ParseResult<Pipeline> ParseStages(Cursor& cursor, Place place, SpansetPipeline pipeline) {
  while (!EndsPipeline(pipeline.stages.back()) && cursor.TakeIf(TokenKind::kPipe)) {
    const Position position = cursor.Peek().position;
    if (AtMetricsFunction(cursor)) {
      MetricsExpr series = TRY(ParseMetricsQuery(cursor, std::move(pipeline)));
      return Pipeline(std::move(series));
    }
    if (const NamedStage* const named = NamedStageAt(cursor)) {
      pipeline.stages.push_back(TRY(named->parse(cursor)));
      continue;
    }
    const size_t mark = cursor.mark();
    Operand operand = TRY(ParseStageOperand(cursor));
    if (auto* const scalar = std::get_if<ScalarExpr>(&operand)) {
      auto* const aggregate = std::get_if<Aggregate>(&scalar->node);
      if (aggregate == nullptr) return cursor.Unexpected();
      const uint32_t height = std::max(scalar->height, HeightOf(pipeline)) + 1;
      ScalarPipeline own{std::make_unique<SpansetPipeline>(std::move(pipeline)),
                         std::move(*aggregate)};
      return CloseScalar(
          cursor, place,
          ScalarExpr{.position = position, .height = height, .node = std::move(own)});
    }
    std::optional<Stage> stage = StageOf(std::move(operand), position);
    if (!stage || EndsPipeline(*stage)) return cursor.UnexpectedAt(mark);
    pipeline.stages.push_back(*std::move(stage));
  }
  return Pipeline(std::move(pipeline));
}

}  // namespace

ParseResult<SpansetFilter> ParseSpansetFilter(Cursor& cursor) {
  TRY(cursor.Expect(TokenKind::kOpenBrace));
  SpansetFilter filter;
  if (cursor.TakeIf(TokenKind::kCloseBrace)) return filter;
  filter.expr = std::make_unique<FieldExpr>(TRY(ParseFieldExpr(cursor)));
  TRY(cursor.Expect(TokenKind::kCloseBrace));
  return filter;
}

ParseResult<Pipeline> ParsePipeline(Cursor& cursor, Place place) {
  const Position position = cursor.Peek().position;
  SpansetPipeline pipeline;
  if (const NamedStage* const named = NamedStageAt(cursor); named != nullptr && named->first) {
    pipeline.stages.push_back(TRY(named->parse(cursor)));
    return ParseStages(cursor, place, std::move(pipeline));
  }
  Operand first = TRY(ParseStageOperand(cursor));
  if (auto* const scalar = std::get_if<ScalarExpr>(&first)) {
    return CloseScalar(cursor, place, std::move(*scalar));
  }
  if (auto* const series = std::get_if<MetricsExpr>(&first)) {
    TRY(ParseSecondStages(cursor, *series));
    return Pipeline(std::move(*series));
  }
  pipeline.stages.push_back(*StageOf(std::move(first), position));
  return ParseStages(cursor, place, std::move(pipeline));
}

}  // namespace clew::traceql
