// SPDX-License-Identifier: Apache-2.0
#include "query/eval/aggregate.h"

#include "query/eval/tally.h"

namespace clew::query {
namespace {

using traceql::AggregateFunction;

Scalar ResultOf(AggregateFunction function, const Tally& tally) {
  switch (function) {
    case AggregateFunction::kMin:
      return tally.Min();
    case AggregateFunction::kMax:
      return tally.Max();
    case AggregateFunction::kAvg:
      return tally.Mean();
    case AggregateFunction::kSum:
      return tally.Sum();
    case AggregateFunction::kCount:
      break;
  }
  return Nil();
}

}  // namespace

base::Result<Scalar> Aggregated(const traceql::Aggregate& aggregate, const TraceView& trace,
                                const std::vector<uint32_t>& spans, FieldSet& fields) {
  if (aggregate.field == nullptr) return Scalar(static_cast<int64_t>(spans.size()));
  const Field* const field = TRY(fields.Get(*aggregate.field));
  Tally tally;
  for (const uint32_t span : spans) {
    tally.Add(field->Evaluate(SpanAt::Of(trace, span, fields.texts())));
  }
  return ResultOf(aggregate.function, tally);
}

}  // namespace clew::query
