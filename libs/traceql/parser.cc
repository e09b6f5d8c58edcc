// SPDX-License-Identifier: Apache-2.0
#include "traceql/parser.h"

#include <utility>

#include "traceql/field_parser.h"
#include "traceql/lexer.h"
#include "traceql/limits.h"
#include "traceql/pipeline_parser.h"

namespace clew::traceql {
namespace {

ParseResult<Hint> ParseHint(Cursor& cursor) {
  if (!cursor.At(TokenKind::kIdentifier)) return cursor.Unexpected({"IDENTIFIER"});
  Token name = cursor.Take();
  TRY(cursor.Expect(TokenKind::kEqual));
  return Hint{name.position, std::move(name.text), TRY(ParseStatic(cursor))};
}

ParseResult<std::vector<Hint>> ParseHints(Cursor& cursor) {
  std::vector<Hint> hints;
  if (!cursor.AtWord("with")) return hints;
  cursor.Take();
  TRY(cursor.Expect(TokenKind::kOpenParen));
  do {
    hints.push_back(TRY(ParseHint(cursor)));
  } while (cursor.TakeIf(TokenKind::kComma));
  if (!cursor.TakeIf(TokenKind::kCloseParen)) return cursor.Unexpected({",", ")"});
  return hints;
}

// Without the parentheses around all of it.
SpansetPipeline Unwrapped(SpansetPipeline pipeline) {
  auto* const expr = std::get_if<SpansetExpr>(&pipeline.stages.back().node);
  if (pipeline.stages.size() > 1 || expr == nullptr) return pipeline;
  auto* const inner = std::get_if<std::unique_ptr<SpansetPipeline>>(&expr->node);
  return inner == nullptr ? std::move(pipeline) : std::move(**inner);
}

ParseError TooLong() {
  return {.what = "TraceQL expression exceeds the configured maximum size of " +
                  std::to_string(kMaxQueryBytes) + " bytes, reduce its size",
          .whole = true};
}

}  // namespace

ParseResult<Query> Parse(std::string_view text, Dialect dialect) {
  if (text.size() > kMaxQueryBytes) return TooLong();
  Cursor cursor(Lex(text), dialect);
  Pipeline pipeline = TRY(ParsePipeline(cursor, Place::kTop));
  Query query;
  if (auto* const series = std::get_if<MetricsExpr>(&pipeline)) {
    query.root = std::move(*series);
  } else {
    query.root = Unwrapped(std::get<SpansetPipeline>(std::move(pipeline)));
  }
  query.hints = TRY(ParseHints(cursor));
  if (!cursor.At(TokenKind::kEnd)) return cursor.Unexpected();
  return query;
}

ParseResult<FieldExpr> ParseField(std::string_view text) {
  if (text.size() > kMaxQueryBytes) return TooLong();
  Cursor cursor(Lex(text), Dialect::kClew);
  FieldExpr field = TRY(ParseFieldName(cursor));
  if (!cursor.At(TokenKind::kEnd)) return cursor.Unexpected();
  return field;
}

}  // namespace clew::traceql
