// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "query/metrics/measured_span.h"
#include "query/metrics/span_scan.h"
#include "query/metrics/time_axis.h"
#include "traceql/ast.h"

namespace clew::query {

// compare(): how often attributes have their values in a selection and in all other spans,
// the baseline. Each side has, for each attribute, a series of each of its most frequent
// values over the whole range (of equally frequent ones the first by text), and one of the
// total, the number of spans that have it, whose value is "nil".
//
// A span is selected when the filter matches and it starts in the [start, end) of the call.
// What counts of it are its attributes and those of its resource, its name, status, status
// message and kind, and the name and service of the root, as far as they are not empty.
class CompareMeasure final : public SpanMeasure {
 public:
  // All outlive it. `scan` must bring its spans from memtables.
  CompareMeasure(const traceql::Compare& compare, const TimeAxis& axis, const SpanScan& scan)
      : compare_(compare), axis_(axis), scan_(scan) {}

  base::Status Add(const MeasuredSpan& span) override;
  std::vector<Series> Take() override;

 private:
  // How often, by interval and in all.
  struct Counts {
    std::vector<uint64_t> of_interval;
    uint64_t total = 0;
    void Add(size_t interval, size_t interval_count);
  };
  struct OfAttribute {
    Counts all;
    std::map<std::string, std::pair<AnswerAttribute, Counts>> of_value;  // by its text
  };
  using Side = std::map<std::string, OfAttribute>;  // by the attribute's name

  base::Result<bool> IsSelected(const MeasuredSpan& span) const;
  base::Status Count(Side& side, size_t interval, AnswerAttribute value) const;
  void AppendSeries(const std::string& type, const Side& side, std::vector<Series>& series) const;

  const traceql::Compare& compare_;
  const TimeAxis& axis_;
  const SpanScan& scan_;
  Side baseline_, selection_;
};

}  // namespace clew::query
