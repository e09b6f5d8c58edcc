// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/measured_numbers.h"

#include <variant>

namespace clew::query {

base::Result<bool> MeasuredNumbers::Find(const traceql::MetricsAggregate& aggregate,
                                         BlockRows& group) {
  numbers_ = {};
  exponents_ = {};
  const MeasuredAs measured = MeasuredBy(aggregate.function);
  if (measured == MeasuredAs::kSpans) return true;
  const auto* intrinsic = std::get_if<traceql::Intrinsic>(&aggregate.field->node);
  if (intrinsic == nullptr || *intrinsic != traceql::Intrinsic::kDuration) return false;
  if (measured == MeasuredAs::kBuckets) {
    exponents_ = *TRY(group.ExponentsOf(store::Intrinsic::kDurationNano));
    return true;
  }
  const store::ColumnCells* const cells = TRY(group.Cells(store::Intrinsic::kDurationNano));
  if (!cells->has_codes()) {
    numbers_ = std::get<std::vector<int64_t>>(cells->values());
    return true;
  }
  looked_up_.clear();
  for (uint32_t row = 0; row < group.size(); ++row) looked_up_.push_back(cells->Int64(row));
  numbers_ = looked_up_;
  return true;
}

}  // namespace clew::query
