// SPDX-License-Identifier: Apache-2.0
// Spans are the way to their traces, and a trace has to count once. In a block the rows of a trace
// are neighbours, and its row of traces.parquet tells where they begin and end, how long it took
// and what its root is called: so a trace that lies whole in one row group is counted where it is,
// as fast as spans are. Which those are the indexes of trace ids tell. All others, those of
// memtables among them, are kept and in the end brought together one by one, as they all are for a
// query that asks more than single spans can answer.
#include "query/value_traces.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "query/block_traces.h"
#include "query/eval/field.h"
#include "query/eval/mentioned_fields.h"
#include "query/eval/shallow_value.h"
#include "query/metrics/by_codes.h"
#include "query/metrics/log2_histogram.h"
#include "query/selected_span.h"
#include "query/source_tags.h"
#include "query/span_scan.h"
#include "query/tag_fields.h"

namespace clew::query {
namespace {

using traceql::FieldExpr;
using traceql::Intrinsic;

// Of values the traces that were told of them. Those of a trace are told one after the other.
class TraceCounts {
 public:
  struct Count {
    uint64_t traces = 0;
    uint64_t last_trace = 0;  // that was told of it
    Log2Histogram durations{};
  };

  explicit TraceCounts(MemoryBudget* memory) : memory_(memory) {}

  // The values that are told from here on are those of another trace.
  void BeginTrace(int64_t duration_ns) {
    ++trace_;
    bucket_ = Log2Bucket::Of(Duration{duration_ns});
  }
  // Texts may lie elsewhere from here on.
  void BeginSource(uint64_t source) {
    if (source != source_) known_.clear();
    source_ = source;
  }
  void Add(const Scalar& scalar) {
    if (std::holds_alternative<Nil>(scalar)) return;
    const auto [known, is_new] = known_.try_emplace(*ShallowValue::Of(Value::Of(scalar)));
    if (is_new) known->second = CountOf(scalar);
    Add(known->second);
  }
  void Add(Count* count) {
    if (count == nullptr || count->last_trace == trace_) return;
    count->last_trace = trace_;
    ++count->traces;
    if (bucket_) count->durations.Add(*bucket_, 1);
  }
  // Stays where it is; null: of a type that tags do not have.
  Count* CountOf(const Scalar& scalar) {
    std::optional<TagValue> value = TagValueOf(scalar);
    if (!value) return nullptr;
    const uint64_t bytes = BytesOf(*value) + kBytesOfHistogram;
    const auto [count, is_new] = counts_.try_emplace(*std::move(value));
    if (is_new) new_bytes_ += bytes;
    return &count->second;
  }
  base::Status ChargeGrowth() {
    return new_bytes_ == 0 ? base::Status()
                           : ChargeTagValues(memory_, std::exchange(new_bytes_, 0));
  }

  std::vector<ValueTraces> Take(const Tag& tag) const {
    std::vector<ValueTraces> all;
    for (const auto& [value, count] : counts_) {
      if (count.traces == 0 || IsAbsent(tag, value)) continue;
      all.push_back({value, count.traces, count.durations.Quantile(kQuantile)});
    }
    return all;
  }

 private:
  static constexpr double kQuantile = 0.95;
  static constexpr uint64_t kBytesOfHistogram = 256;

  MemoryBudget* const memory_;
  std::map<TagValue, Count> counts_;
  std::unordered_map<ShallowValue, Count*, ShallowValue::Hasher> known_;  // of the source
  uint64_t source_ = std::numeric_limits<uint64_t>::max();
  uint64_t trace_ = 0;
  std::optional<Log2Bucket> bucket_;  // of the trace
  uint64_t new_bytes_ = 0;            // not charged yet
};

struct Asked {
  const std::vector<FieldExpr>& fields;
  bool of_many;

  base::Status AddSpan(const SpanAt& at, FieldSet& of, TraceCounts& counts) const {
    for (const FieldExpr& expr : fields) {
      const Value value = TRY(of.Get(expr))->Evaluate(at);
      if (value.is_array && !of_many) continue;
      value.ForEach([&](const Scalar& scalar) { counts.Add(scalar); });
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
    TRY(asked_.AddSpan(span.at, span.fields, counts_));
    return counts_.ChargeGrowth();
  }

 private:
  const Asked asked_;
  TraceCounts& counts_;
  bool any_ = false;
  model::TraceId trace_id_;  // the last
};

// Takes single spans: counts the traces that lie whole in a row group, and keeps all others.
class RowTaker final : public SpanTaker {
 public:
  // All outlive it.
  struct Means {
    const store::Sources& sources;
    const TagQuestion& question;
    Asked asked;
  };
  RowTaker(const Means& means, TraceCounts& counts) : means_(means), counts_(counts) {}

  base::Status Add(const SelectedSpan& span) override {
    const SelectedSpan::Ids ids = TRY(span.ids());
    return Keep(ids.trace_id);
  }

  base::Status AddRows(const SelectedRows& selected, Cancellation& cancellation) override {
    const store::Block::Spans spans = TRY(selected.block.OpenSpans());
    const uint64_t first_row = FirstRowOf(spans, selected.group.number());
    Group group{.selected = selected, .coded = {}, .count_of_code = {}};
    const bool is_column = means_.asked.OfRoot() == nullptr && means_.asked.fields.size() == 1;
    if (is_column) {
      group.coded = TRY(CodedFieldOf(means_.asked.fields.front(), selected.group));
      if (group.is_coded()) group.count_of_code.resize(group.coded.codes->code_count());
    }
    counts_.BeginSource(selected.fields.source());
    for (const store::TraceRow& trace :
         TRY(TracesOf(selected.block, selected.group, selected.rows))) {
      if (cancellation.CancelledAfterRow()) return QueryCancelled();
      const uint64_t from = std::max(trace.first_row, first_row) - first_row;
      const uint64_t to = std::min(trace.first_row + trace.rows - first_row, selected.rows.size());
      if (!selected.rows.Next(from, to)) continue;
      const bool whole = to - from == trace.rows && TRY(IsWhole(trace, selected.block));
      TRY(whole ? Count(trace, from, group) : Keep(trace.trace_id));
    }
    return {};
  }

  // The traces that were kept, each once.
  std::vector<model::TraceId> Kept() const { return {kept_.begin(), kept_.end()}; }

 private:
  struct Group {
    const SelectedRows& selected;
    CodedField coded;
    std::vector<TraceCounts::Count*> count_of_code;  // null: not looked for yet

    bool is_coded() const { return coded.kind == CodedField::Kind::kCoded; }
  };

  // No other source has spans of it that a trace brought together would have, and all that it
  // has here such a trace would have too.
  base::Result<bool> IsWhole(const store::TraceRow& trace, const store::Block& block) const {
    const TimeRange& range = means_.question.range;
    if (!range.IsNear(trace.start_unix_nano) || !range.IsNear(trace.last_start_unix_nano)) {
      return false;
    }
    for (const auto& memtable : means_.sources.memtables) {
      if (!memtable->RowsOf(trace.trace_id).empty()) return false;
    }
    for (const auto& other : means_.sources.blocks) {
      if (other.get() == &block) continue;
      const base::Result<std::vector<uint32_t>> found = other->Candidates(trace.trace_id);
      // What cannot be read is a matter of whoever puts the trace together.
      if (!found.ok() || !found.value().empty()) return false;
    }
    return true;
  }

  base::Status Count(const store::TraceRow& trace, uint64_t from, Group& group) {
    int64_t duration = 0;
    const bool overflow =
        __builtin_sub_overflow(trace.end_unix_nano, trace.start_unix_nano, &duration);
    counts_.BeginTrace(overflow ? std::numeric_limits<int64_t>::max() : duration);
    if (const Intrinsic* const root = means_.asked.OfRoot()) {
      const std::string& text =
          *root == Intrinsic::kRootName ? trace.root_name : trace.root_service;
      if (trace.root_found) counts_.Add(counts_.CountOf(std::string_view(text)));
    } else {
      TRY(CountRows(from, from + trace.rows, group));
    }
    return counts_.ChargeGrowth();
  }

  base::Status CountRows(uint64_t from, uint64_t to, Group& group) {
    const SelectedRows& selected = group.selected;
    for (auto row = selected.rows.Next(from, to); row; row = selected.rows.Next(*row + 1, to)) {
      if (group.is_coded()) {
        CountCode(group.coded.codes->CodeOf(*row), group);
      } else {
        const SpanAt at{.row = static_cast<uint32_t>(*row), .texts = &selected.fields.texts()};
        TRY(means_.asked.AddSpan(at, selected.fields, counts_));
      }
    }
    return {};
  }

  void CountCode(uint32_t code, Group& group) {
    TraceCounts::Count*& count = group.count_of_code[code];
    if (count == nullptr) count = counts_.CountOf(group.coded.ValueOf(code).scalar);
    counts_.Add(count);
  }

  base::Status Keep(const model::TraceId& trace_id) {
    constexpr uint64_t kBytesOfTrace = 96;  // here and in the list of them
    if (!kept_.insert(trace_id).second) return {};
    return MemoryBudget::Charge(means_.question.memory, kBytesOfTrace,
                                "very many traces are not whole in blocks; narrow the filter or "
                                "the time range");
  }

  const Means means_;
  TraceCounts& counts_;
  std::set<model::TraceId> kept_;
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
    RowTaker rows({sources, question, asked}, counts);
    TRY(scan.ScanRows(*filter, rows));
    TRY(scan.ScanTraces(rows.Kept(), pipeline, keys, traces));
  }
  return counts.Take(tag);
}

}  // namespace clew::query
