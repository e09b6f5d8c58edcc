// SPDX-License-Identifier: Apache-2.0
// Spans are the way to their traces, and a trace has to count once. In a block the rows of a trace
// are neighbours, and its row of traces.parquet tells where they begin and end, how long it took
// and what its root is called: so a trace that lies whole in one row group is counted where it is,
// as fast as spans are. Which those are the indexes of trace ids tell. Of all others, those of
// memtables among them, the values are gathered until all parts have been seen. Only what that
// cannot answer is brought together trace by trace, and so is all of a query that asks more than
// single spans can say.
#include "query/value_traces.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <variant>

#include "query/block_traces.h"
#include "query/eval/field.h"
#include "query/eval/mentioned_fields.h"
#include "query/metrics/by_codes.h"
#include "query/parted_traces.h"
#include "query/selected_span.h"
#include "query/span_scan.h"
#include "query/tag_fields.h"
#include "query/time_range.h"
#include "query/trace_counts.h"

namespace clew::query {
namespace {

using traceql::FieldExpr;
using traceql::Intrinsic;

struct Asked {
  const std::vector<FieldExpr>& fields;
  bool of_many;

  // Calls `visit(count)` with what counts each value of a span.
  template <typename Visit>
  base::Status ForEachCount(const SpanAt& at, FieldSet& of, TraceCounts& counts,
                            Visit visit) const {
    for (const FieldExpr& expr : fields) {
      const Value value = TRY(of.Get(expr))->Evaluate(at);
      if (value.is_array && !of_many) continue;
      value.ForEach([&](const Scalar& scalar) {
        if (TraceCounts::Count* const count = counts.Known(scalar)) visit(*count);
      });
    }
    return {};
  }
  // The name or the service of the root, which says the same of all spans of a trace.
  const Intrinsic* OfRoot() const {
    const auto* intrinsic = std::get_if<Intrinsic>(&fields.front().node);
    const bool is = intrinsic != nullptr && (*intrinsic == Intrinsic::kRootName ||
                                             *intrinsic == Intrinsic::kRootServiceName);
    return is ? intrinsic : nullptr;
  }
};

// Takes the spans of whole traces, one trace after the other.
class TraceTaker final : public SpanTaker {
 public:
  TraceTaker(const Asked& asked, TraceCounts& counts) : asked_(asked), counts_(counts) {}

  base::Status Add(const SelectedSpan& span) override {
    counts_.BeginSource(span.fields.source());
    const SelectedSpan::Ids ids = TRY(span.ids());
    if (!any_ || ids.trace_id != trace_id_) counts_.BeginTrace(span.at.trace->duration_ns());
    any_ = true;
    trace_id_ = ids.trace_id;
    TRY(asked_.ForEachCount(span.at, span.fields, counts_,
                            [this](TraceCounts::Count& count) { counts_.Add(&count); }));
    return counts_.ChargeGrowth();
  }

 private:
  const Asked asked_;
  TraceCounts& counts_;
  bool any_ = false;
  model::TraceId trace_id_;  // the last
};

// Takes single spans: counts the traces that lie whole in a row group, and gathers all others.
class RowTaker final : public SpanTaker {
 public:
  RowTaker(const Asked& asked, TraceCounts& counts, PartedTraces& parted)
      : asked_(asked), counts_(counts), parted_(parted) {}

  // Of a memtable.
  base::Status Add(const SelectedSpan& span) override {
    counts_.BeginSource(span.fields.source());
    const SelectedSpan::Ids ids = TRY(span.ids());
    PartedTraces::Trace* const trace = TRY(parted_.Of(ids.trace_id));
    if (asked_.OfRoot() == nullptr) {
      TRY(asked_.ForEachCount(span.at, span.fields, counts_,
                              [&](TraceCounts::Count& count) { trace->Add(count); }));
    }
    return counts_.ChargeGrowth();
  }

  base::Status AddRows(const SelectedRows& selected, Cancellation& cancellation) override {
    const store::Block::Spans spans = TRY(selected.block.OpenSpans());
    const uint64_t first_row = FirstRowOf(spans, selected.group.number());
    Group group{.selected = selected, .coded = {}, .count_of_code = {}};
    const bool is_column = asked_.OfRoot() == nullptr && asked_.fields.size() == 1;
    if (is_column) {
      group.coded = TRY(CodedFieldOf(asked_.fields.front(), selected.group));
      if (group.is_coded()) group.count_of_code.resize(group.coded.codes->code_count());
    }
    counts_.BeginSource(selected.fields.source());
    for (const store::TraceRow& trace :
         TRY(TracesOf(selected.block, selected.group, selected.rows))) {
      if (cancellation.CancelledAfterRow()) return QueryCancelled();
      const uint64_t from = std::max(trace.first_row, first_row) - first_row;
      const uint64_t to = std::min(trace.first_row + trace.rows - first_row, selected.rows.size());
      if (!selected.rows.Next(from, to)) continue;
      const bool whole = to - from == trace.rows && parted_.IsOnlyIn(selected.block, trace);
      TRY(whole ? Count(trace, from, group) : Gather(trace, from, to, group));
      TRY(counts_.ChargeGrowth());
    }
    return {};
  }

 private:
  struct Group {
    const SelectedRows& selected;
    CodedField coded;
    std::vector<TraceCounts::Count*> count_of_code;  // null: not looked for yet

    bool is_coded() const { return coded.kind == CodedField::Kind::kCoded; }
  };

  base::Status Count(const store::TraceRow& trace, uint64_t from, Group& group) {
    counts_.BeginTrace(DurationBetween(trace.start_unix_nano, trace.end_unix_nano));
    if (const Intrinsic* const root = asked_.OfRoot()) {
      if (trace.root_found) counts_.Add(counts_.CountOf(RootText(trace, *root)));
      return {};
    }
    return ForEachCount(from, from + trace.rows, group,
                        [this](TraceCounts::Count& count) { counts_.Add(&count); });
  }

  base::Status Gather(const store::TraceRow& row, uint64_t from, uint64_t to, Group& group) {
    PartedTraces::Trace* const trace = TRY(parted_.Of(row.trace_id));
    parted_.AddPart(group.selected.block, row, *trace);
    if (asked_.OfRoot() != nullptr) return {};
    return ForEachCount(from, to, group, [&](TraceCounts::Count& count) { trace->Add(count); });
  }

  // Of the selected rows in [from, to).
  template <typename Visit>
  base::Status ForEachCount(uint64_t from, uint64_t to, Group& group, Visit visit) {
    const SelectedRows& selected = group.selected;
    for (auto row = selected.rows.Next(from, to); row; row = selected.rows.Next(*row + 1, to)) {
      if (group.is_coded()) {
        if (auto* const count = CountOfCode(group.coded.codes->CodeOf(*row), group)) visit(*count);
      } else {
        const SpanAt at{.row = static_cast<uint32_t>(*row), .texts = &selected.fields.texts()};
        TRY(asked_.ForEachCount(at, selected.fields, counts_, visit));
      }
    }
    return {};
  }

  TraceCounts::Count* CountOfCode(uint32_t code, Group& group) {
    TraceCounts::Count*& count = group.count_of_code[code];
    if (count == nullptr) count = counts_.CountOf(group.coded.ValueOf(code).scalar);
    return count;
  }

  const Asked asked_;
  TraceCounts& counts_;
  PartedTraces& parted_;
};

// The filter that the pipeline is, if each span alone tells whether it is selected; else null.
const traceql::SpansetFilter* FilterOfSpans(const traceql::SpansetPipeline& pipeline) {
  const traceql::SpansetFilter* const filter = OnlyFilter(pipeline);
  const bool of_span = filter != nullptr && (filter->expr == nullptr || IsOfSpan(*filter->expr));
  return of_span ? filter : nullptr;
}

}  // namespace

base::Result<std::vector<ValueTraces>> CountTracesOfValues(const store::Sources& sources,
                                                           const Tag& tag,
                                                           const traceql::SpansetPipeline& pipeline,
                                                           const TagQuestion& question) {
  const std::vector<FieldExpr> fields = FieldsOf(tag);
  if (fields.empty()) return std::vector<ValueTraces>();
  Regexes regexes;
  SpanScan scan(sources, question.range, regexes, question.cancelled, question.notes);
  scan.LimitMemory(question.memory);
  TraceCounts counts(question.memory);
  const Asked asked{fields, IsOfMany(tag)};
  TraceTaker traces(asked, counts);
  std::vector<std::string_view> keys = MentionedKeys(pipeline);
  std::ranges::copy(MentionedKeys(fields), std::back_inserter(keys));
  const traceql::SpansetFilter* const filter = FilterOfSpans(pipeline);
  if (filter == nullptr) {
    TRY(scan.ScanTraces(pipeline, keys, traces));
  } else {
    PartedTraces parted(sources, question, asked.OfRoot(), counts);
    RowTaker rows(asked, counts, parted);
    TRY(scan.ScanRows(*filter, rows));
    const std::vector<model::TraceId> others = TRY(parted.CountAll());
    TRY(scan.ScanTraces(others, pipeline, keys, traces));
  }
  return counts.Take(tag);
}

}  // namespace clew::query
