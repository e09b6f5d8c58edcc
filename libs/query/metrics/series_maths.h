// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "query/eval/value.h"
#include "query/metrics/series.h"
#include "traceql/operators.h"

namespace clew::query {

// A side of an operator between series: a number, or series.
struct MathsOperand {
  std::string name;  // `rate`, `100`, `(rate / rate)`
  std::variant<Scalar, std::vector<Series>> value;
};

// Series meet whose labels, __name__ aside, are the same; one without labels meets all. What
// is infinite or no number is no sample.
MathsOperand Compute(traceql::BinaryOperator op, const MathsOperand& left,
                     const MathsOperand& right);

}  // namespace clew::query
