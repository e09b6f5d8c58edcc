// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reference/series.h"
#include "traceql/operators.h"
#include "traceql/static.h"

namespace clew::reference {

// A side of + - * / between series: series, or a number, which is nothing after 1/0.
struct MathsOperand {
  std::string name;  // what the result is called by
  std::variant<std::vector<Series>, std::optional<traceql::Static>> value;
};

// Series meet those of equal labels, `__name__` apart; one without labels meets all of the
// other side. Two numbers make a number. A sample is where both sides have one and the result
// is finite.
MathsOperand Compute(traceql::BinaryOperator op, const MathsOperand& left,
                     const MathsOperand& right);

}  // namespace clew::reference
