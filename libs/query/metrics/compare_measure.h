// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "query/memory_budget.h"
#include "query/metrics/series.h"
#include "query/metrics/time_axis.h"
#include "query/row_filter.h"
#include "query/selected_span.h"
#include "traceql/ast.h"

namespace clew::query {

// compare(): how often attributes have their values in a selection and in all other spans,
// the baseline. Each side has, for each attribute, a series of each of its most frequent
// values over the whole range (of equally frequent ones the first by text), and one of the
// total, the number of spans that have it, whose value is "nil".
//
// Of an attribute with more than kMostValues on a side the rarest make way when others come, and
// of those that come once among many one in sixteen begins: counts may be too low, those of rare
// values by much and those of frequent ones by little.
//
// A span is selected when the filter matches and it starts in the [start, end) of the call.
// What counts of it are its attributes and those of its resource, its name, status, status
// message and kind, and the name and service of the root, as far as they are not empty.
class CompareMeasure {
 public:
  static constexpr size_t kMostValues = 16384;

  // All outlive it. kExhausted when the values take more memory than there is.
  CompareMeasure(const traceql::Compare& compare, const TimeAxis& axis, Regexes& regexes,
                 MemoryBudget* memory)
      : compare_(compare),
        axis_(axis),
        selected_(compare.selection.expr.get(), regexes),
        memory_(memory) {}

  // What counts of a span needs its trace or not.
  enum class Part : uint8_t { kOwn, kOfRoot };
  base::Status Add(const SelectedSpan& span, Part part);
  // The own part of many, a column at a time.
  base::Status AddRows(const SelectedRows& spans, Cancellation& cancellation);

  std::vector<Series> Take();

 private:
  // How often, by interval and in all.
  struct Counts {
    // By interval, those that have any: most values are rare.
    std::vector<std::pair<uint32_t, uint32_t>> of_interval;
    uint64_t total = 0;
    // True when it takes more memory than before.
    bool Add(uint32_t interval, uint32_t count);
  };
  struct OfValue {
    AnswerAttribute label;
    Counts counts;
  };
  struct OfAttribute {
    Counts all;
    std::map<std::string, OfValue> of_value;          // by its text
    std::unordered_map<std::string, OfValue*> known;  // by the bytes of the value alone
  };
  using Side = std::map<std::string, OfAttribute>;  // by the attribute's name

  // Rows by their interval, and whether they are selected.
  using SplitRows = std::map<std::pair<uint32_t, bool>, RowSet>;
  // Where a number of spans counts.
  struct Place {
    Side& side;
    uint32_t interval;
  };

  bool IsInTime(int64_t start_unix_nano) const {
    return !compare_.start_ns ||
           (start_unix_nano >= *compare_.start_ns && start_unix_nano < *compare_.end_ns);
  }
  base::Result<bool> IsSelected(const SelectedSpan& span) const;
  // nullopt: they are too many.
  base::Result<std::optional<SplitRows>> Split(const SelectedRows& spans,
                                               Cancellation& cancellation) const;
  base::Status CountColumn(const std::string& name, const traceql::FieldExpr& expr,
                           const SelectedRows& spans, const SplitRows& split);
  // So many spans have that value of an attribute.
  base::Status Count(const Place& place, const std::string& name, const Value& value,
                     uint32_t count);
  // Forgets the rarer half of the values.
  void Prune(const std::string& name, OfAttribute& attribute) const;
  static uint64_t BytesOf(const std::string& name, const std::string& text, const Counts& counts);
  base::Status CountIn(uint32_t interval, uint32_t count, Counts& counts) const;
  base::Status Charge(uint64_t bytes) const;
  void AppendSeries(const std::string& type, const Side& side, std::vector<Series>& series) const;

  const traceql::Compare& compare_;
  const TimeAxis& axis_;
  const RowFilter selected_;
  MemoryBudget* const memory_;
  Side baseline_, selection_;
  std::string bytes_;         // of the value in hand
  uint32_t passed_over_ = 0;  // values that came once and were not begun
};

// Brings a scan's spans to a comparison. One thread.
class ComparedSpans final : public SpanTaker {
 public:
  // kOwn alone is taken many rows at once.
  ComparedSpans(CompareMeasure& measure, std::vector<CompareMeasure::Part> parts)
      : measure_(measure), parts_(std::move(parts)) {}

  base::Status Add(const SelectedSpan& span) override {
    for (const CompareMeasure::Part part : parts_) TRY(measure_.Add(span, part));
    return {};
  }
  base::Status AddRows(const SelectedRows& spans, Cancellation& cancellation) override {
    if (parts_ != std::vector{CompareMeasure::Part::kOwn}) {
      return SpanTaker::AddRows(spans, cancellation);
    }
    return measure_.AddRows(spans, cancellation);
  }

 private:
  CompareMeasure& measure_;
  const std::vector<CompareMeasure::Part> parts_;
};

}  // namespace clew::query
