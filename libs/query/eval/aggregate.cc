// SPDX-License-Identifier: Apache-2.0
#include "query/eval/aggregate.h"

namespace clew::query {
namespace {

using traceql::AggregateFunction;
using traceql::BinaryOperator;

// What has been seen so far of the values.
struct Total {
  int64_t count = 0;
  Scalar value{};  // the least, the greatest or the sum
  bool durations = true;

  void Add(AggregateFunction function, const Scalar& one) {
    durations = durations && std::holds_alternative<Duration>(one);
    if (count++ == 0) {
      value = one;
    } else if (function == AggregateFunction::kMin) {
      if (Compare(BinaryOperator::kLess, one, value)) value = one;
    } else if (function == AggregateFunction::kMax) {
      if (Compare(BinaryOperator::kGreater, one, value)) value = one;
    } else {
      value = Calculate(BinaryOperator::kAdd, value, one);
    }
  }

  Scalar Average() const {
    const double average = NumberOf(value).value_or(0) / static_cast<double>(count);
    return durations ? Scalar(Duration{static_cast<int64_t>(average)}) : Scalar(average);
  }
};

}  // namespace

std::optional<Scalar> Aggregated(const traceql::Aggregate& aggregate, const TraceView& trace,
                                 const std::vector<uint32_t>& spans, FieldSet& fields) {
  if (aggregate.field == nullptr) return Scalar(static_cast<int64_t>(spans.size()));
  const Field& field = fields.Get(*aggregate.field);
  Total total;
  for (const uint32_t span : spans) {
    const Value value = field.Evaluate(trace, span);
    if (!value.elements.empty() || !NumberOf(value.scalar)) continue;
    total.Add(aggregate.function, value.scalar);
  }
  if (total.count == 0) return std::nullopt;
  return aggregate.function == AggregateFunction::kAvg ? total.Average() : total.value;
}

}  // namespace clew::query
