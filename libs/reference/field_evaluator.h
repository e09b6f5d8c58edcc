// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/comparison.h"
#include "reference/field_lookup.h"
#include "reference/field_value.h"
#include "traceql/ast.h"

namespace clew::reference {

// Evaluates expressions over the fields of one span.
class FieldEvaluator {
 public:
  FieldValue Evaluate(const traceql::FieldExpr& expr, const SpanInTrace& span);
  // Whether the expression = true: false for what is missing or is no boolean.
  bool IsTrue(const traceql::FieldExpr& expr, const SpanInTrace& span);
  bool Matches(const traceql::SpansetFilter& filter, const SpanInTrace& span);

  Comparer& comparer() { return comparer_; }

 private:
  FieldValue Evaluate(const traceql::FieldUnary& unary, const SpanInTrace& span);
  FieldValue Evaluate(const traceql::FieldBinary& binary, const SpanInTrace& span);
  FieldValue Evaluate(const traceql::FieldLogical& logical, const SpanInTrace& span);
  bool Compare(const traceql::FieldBinary& binary, const SpanInTrace& span);

  Comparer comparer_;
};

}  // namespace clew::reference
