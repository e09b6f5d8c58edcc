// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "query/eval/tally.h"
#include "query/eval/value.h"
#include "query/metrics/log2_histogram.h"
#include "query/metrics/series.h"
#include "query/metrics/time_axis.h"
#include "traceql/ast.h"

namespace clew::query {

// Spans of one group that start in one interval, as far as a function asks for them.
struct SpanSum {
  uint64_t count = 0;
  struct Bucket {
    Log2Bucket bucket;
    uint64_t count;
  };
  std::span<const Bucket> buckets{};  // each bucket once
  const Tally* tally = nullptr;
};

// What the series of one group are made of: its spans by interval. One thread.
class GroupMeasure {
 public:
  virtual ~GroupMeasure() = default;
  virtual void Add(uint32_t interval, const SpanSum& spans) = 0;
  // All that another of the same function took.
  virtual void Join(const GroupMeasure& other) = 0;
  virtual void AppendSeries(const std::vector<AnswerAttribute>& labels,
                            std::vector<Series>& series) = 0;
};

// Both outlive it.
std::unique_ptr<GroupMeasure> MakeGroupMeasure(const traceql::MetricsAggregate& aggregate,
                                               const TimeAxis& axis);

// Durations in seconds.
double SampleOf(const Scalar& value);

// What a function asks of its field.
enum class MeasuredAs : uint8_t { kSpans, kBuckets, kTally };
MeasuredAs MeasuredBy(traceql::MetricsFunction function);

}  // namespace clew::query
