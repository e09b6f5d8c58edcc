// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/memory_budget.h"
#include "query/metrics/compared_column.h"
#include "query/metrics/compared_roots.h"
#include "query/metrics/series.h"
#include "query/metrics/split_rows.h"
#include "query/metrics/time_axis.h"
#include "query/metrics/value_counts.h"
#include "query/row_filter.h"
#include "query/scan_threads.h"
#include "query/selected_span.h"
#include "store/sources.h"
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
//
// Of an attribute with very many values counts are too low (ValueCounts), and depend on the order
// in which spans come. So row groups come one by one, and it is attributes that are shared out
// among threads. One thread, which others help.
class CompareMeasure {
 public:
  // All outlive it. `memory` and `threads` may be null.
  struct Question {
    const traceql::Compare& compare;
    const TimeAxis& axis;
    const store::Sources& sources;
    Regexes& regexes;
    MemoryBudget* memory;
    ScanThreads* threads;
  };
  explicit CompareMeasure(const Question& question);

  // A span and its root. kExhausted when the values take more memory than there is.
  base::Status Add(const SelectedSpan& span);
  // Without its root, whose trace is kept; and with the root, where the block tells it, of many.
  base::Status AddOwn(const SelectedSpan& span);
  base::Status AddRows(const SelectedRows& spans, Cancellation& cancellation);
  // Of traces that were kept.
  std::vector<model::TraceId> Kept() const { return roots_.Kept(); }
  base::Status AddRoot(const SelectedSpan& span);

  std::vector<Series> Take();

 private:
  using Side = std::map<std::string, ValueCounts>;  // by the attribute's name
  // What one span is counted in.
  struct Place {
    Side& side;
    uint32_t interval;
  };
  // What a thread reads a row group with, apart from all others.
  struct Reader;

  ValueCounts& In(Side& side, const std::string& name) {
    return side.try_emplace(name, question_.memory).first->second;
  }
  bool IsInTime(int64_t start_unix_nano) const;
  base::Result<Place> PlaceOf(const SelectedSpan& span);
  base::Status AddOwn(const Place& place, const SelectedSpan& span);
  base::Status AddRoot(const Place& place, const SelectedSpan& span);
  // nullopt: there are too many parts.
  base::Result<std::optional<SplitRows>> Split(const SelectedRows& spans,
                                               Cancellation& cancellation) const;
  base::Result<std::vector<ComparedColumn>> ColumnsOf(const SelectedRows& spans);
  base::Status CountColumns(const std::vector<ComparedColumn>& columns, const SplitRows& split,
                            const SelectedRows& spans, Cancellation& cancellation);
  void AppendSeries(const std::string& type, const Side& side, std::vector<Series>& series) const;

  const Question question_;
  const RowFilter selected_;
  Side baseline_, selection_;
  ComparedRoots roots_;
};

// Brings a scan's spans to a comparison, each as `add` has it. One thread.
class ComparedSpans final : public SpanTaker {
 public:
  using AddSpan = base::Status (CompareMeasure::*)(const SelectedSpan& span);
  ComparedSpans(CompareMeasure& measure, AddSpan add) : measure_(measure), add_(add) {}

  base::Status Add(const SelectedSpan& span) override { return (measure_.*add_)(span); }
  base::Status AddRows(const SelectedRows& spans, Cancellation& cancellation) override {
    return measure_.AddRows(spans, cancellation);
  }

 private:
  CompareMeasure& measure_;
  const AddSpan add_;
};

}  // namespace clew::query
