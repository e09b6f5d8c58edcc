// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "query/eval/regexes.h"
#include "query/eval/row_field.h"
#include "query/eval/trace_view.h"
#include "query/eval/value.h"
#include "traceql/ast.h"

namespace clew::query {

// A span that an expression is evaluated for. Without its trace only what IsOfSpan.
struct SpanAt {
  uint32_t row = 0;  // in its source
  TextArena* texts = nullptr;
  const TraceView* trace = nullptr;
  uint32_t span = 0;  // in the trace

  static SpanAt Of(const TraceView& trace, uint32_t span, TextArena& texts) {
    return {trace.span(span).row, &texts, &trace, span};
  }
};

// An expression on a span, made ready for the rows of one source. One thread.
class Field {
 public:
  virtual ~Field() = default;
  virtual Value Evaluate(const SpanAt& at) const = 0;
};

// All that is given outlives it. Errors are those of reading the source.
base::Result<std::unique_ptr<Field>> MakeField(const traceql::FieldExpr& expr, RowFields& rows,
                                               Regexes& regexes);

// Whether an expression needs no more of a trace than the span itself.
bool IsOfSpan(const traceql::FieldExpr& expr);

// Whether a filter takes a span for which its expression is `value`.
bool IsTrue(const Value& value);

}  // namespace clew::query
