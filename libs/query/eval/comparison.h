// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "query/eval/regexes.h"
#include "query/eval/value.h"
#include "traceql/operators.h"

namespace clew::query {

// One of the comparisons, between values of any kind. Thread-safe.
class Comparison {
 public:
  // `regexes` outlives it. `pattern`: the right side, if that is a text whatever the row.
  Comparison(traceql::BinaryOperator op, Regexes& regexes,
             std::optional<std::string_view> pattern = {})
      : op_(op),
        regexes_(&regexes),
        regex_(pattern && is_regex() ? regexes.Get(*pattern) : nullptr) {}

  // Never, where a side is nil. Of an array one value is enough, but != and !~ must hold for
  // all; two arrays do not compare.
  bool Holds(const Value& left, const Value& right) const;
  // Of one value each.
  bool Holds(const Scalar& left, const Scalar& right) const;
  // What texts must match, where that is all and known whatever the row; null: it is not.
  const Regex* matched() const { return op_ == traceql::BinaryOperator::kMatch ? regex_ : nullptr; }
  bool is_regex() const {
    return op_ == traceql::BinaryOperator::kMatch || op_ == traceql::BinaryOperator::kNotMatch;
  }
  bool wants_all() const {
    return op_ == traceql::BinaryOperator::kNotEqual || op_ == traceql::BinaryOperator::kNotMatch;
  }

 private:
  traceql::BinaryOperator op_;
  Regexes* regexes_;
  const Regex* regex_;  // null: to be looked up
};

}  // namespace clew::query
