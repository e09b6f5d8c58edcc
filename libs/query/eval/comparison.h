// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "query/eval/regexes.h"
#include "query/eval/value.h"
#include "traceql/operators.h"

namespace clew::query {

// One of the comparisons, between values of any kind. One thread.
class Comparison {
 public:
  // `regexes` outlives it.
  Comparison(traceql::BinaryOperator op, Regexes& regexes) : op_(op), regexes_(&regexes) {}

  // Never, where a side is nil. Of an array one value is enough, but != and !~ must hold for
  // all; two arrays do not compare.
  bool Holds(const Value& left, const Value& right) const;
  // Of one value each.
  bool Holds(const Scalar& left, const Scalar& right) const;
  bool is_regex() const {
    return op_ == traceql::BinaryOperator::kMatch || op_ == traceql::BinaryOperator::kNotMatch;
  }
  bool wants_all() const {
    return op_ == traceql::BinaryOperator::kNotEqual || op_ == traceql::BinaryOperator::kNotMatch;
  }

 private:
  traceql::BinaryOperator op_;
  Regexes* regexes_;
};

}  // namespace clew::query
