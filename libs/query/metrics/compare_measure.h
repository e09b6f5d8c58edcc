// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "query/eval/shallow_value.h"
#include "query/memory_budget.h"
#include "query/metrics/span_measure.h"
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
  // All outlive it. kExhausted when the values take more memory than there is.
  CompareMeasure(const traceql::Compare& compare, const TimeAxis& axis, MemoryBudget* memory)
      : compare_(compare), axis_(axis), memory_(memory) {}

  base::Status Add(const SelectedSpan& span) override;
  std::vector<Series> Take() override;

 private:
  // How often, by interval and in all.
  struct Counts {
    // By interval, those that have any: most values are rare.
    std::vector<std::pair<uint32_t, uint32_t>> of_interval;
    uint64_t total = 0;
    // True when it takes more memory than before.
    bool Add(uint32_t interval);
  };
  struct OfValue {
    AnswerAttribute label;
    Counts counts;
  };
  struct OfAttribute {
    Counts all;
    std::map<std::string, OfValue> of_value;  // by its text
    // Of one source: where values were counted.
    uint64_t source = 0;
    std::unordered_map<ShallowValue, OfValue*, ShallowValue::Hasher> known;
  };
  using Side = std::map<std::string, OfAttribute>;  // by the attribute's name

  base::Result<bool> IsSelected(const SelectedSpan& span) const;
  // Counts a value of an attribute of the span.
  base::Status Count(const SelectedSpan& span, const std::string& name, const Value& value,
                     Side& side) const;
  base::Status CountIn(uint32_t interval, Counts& counts) const;
  base::Status Charge(uint64_t bytes) const;
  void AppendSeries(const std::string& type, const Side& side, std::vector<Series>& series) const;

  const traceql::Compare& compare_;
  const TimeAxis& axis_;
  MemoryBudget* const memory_;
  Side baseline_, selection_;
};

}  // namespace clew::query
