// SPDX-License-Identifier: Apache-2.0
#include "query/parted_traces.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "query/block_traces.h"
#include "query/cancellation.h"
#include "query/eval/memtable_fields.h"
#include "query/time_range.h"

namespace clew::query {

std::string_view RootText(const store::TraceRow& trace, traceql::Intrinsic root) {
  return root == traceql::Intrinsic::kRootName ? trace.root_name : trace.root_service;
}

void PartedTraces::Trace::Add(TraceCounts::Count& count) {
  if (count.last_gatherer == this) return;
  count.last_gatherer = this;
  values_.push_back(&count);
}

base::Result<PartedTraces::Trace*> PartedTraces::Of(const model::TraceId& trace_id) {
  constexpr uint64_t kBytesOfTrace = 256;
  const auto [trace, is_new] = traces_.try_emplace(trace_id);
  if (is_new) {
    TRY(MemoryBudget::Charge(question_.memory, kBytesOfTrace,
                             "very many traces are not whole in blocks; narrow the filter or the "
                             "time range"));
  }
  return &trace->second;
}

void PartedTraces::AddPart(const store::Block& block, const store::TraceRow& part, Trace& trace) {
  if (std::ranges::find(trace.blocks_, &block) != trace.blocks_.end()) return;
  trace.blocks_.push_back(&block);
  const TimeRange& range = question_.range;
  if (!range.IsNear(part.start_unix_nano) || !range.IsNear(part.last_start_unix_nano)) {
    trace.is_unclear_ = true;  // some of its spans are too far away to be of the trace
  }
  trace.start_ = std::min(trace.start_, part.start_unix_nano);
  trace.end_ = std::max(trace.end_, part.end_unix_nano);
  if (root_ == nullptr || !part.root_found) return;
  AddRoot({.start_unix_nano = part.root_start_unix_nano,
           .span_id = part.root_span_id,
           .count = counts_.CountOf(RootText(part, *root_)),
           .found = true},
          trace);
}

void PartedTraces::AddRoot(Trace::Root root, Trace& trace) {
  const auto place = [](const Trace::Root& of) {
    return std::tuple(of.start_unix_nano, of.span_id);
  };
  if (!trace.root_.found || place(root) < place(trace.root_)) {
    trace.root_ = root;
  } else if (place(root) == place(trace.root_) && root.count != trace.root_.count) {
    trace.is_unclear_ = true;
  }
}

bool PartedTraces::IsOnlyIn(const store::Block& block, const store::TraceRow& trace) const {
  const TimeRange& range = question_.range;
  if (!range.IsNear(trace.start_unix_nano) || !range.IsNear(trace.last_start_unix_nano)) {
    return false;
  }
  for (const auto& memtable : sources_.memtables) {
    if (!memtable->RowsOf(trace.trace_id).empty()) return false;
  }
  for (const auto& other : sources_.blocks) {
    if (other.get() == &block) continue;
    const base::Result<std::vector<uint32_t>> found = other->Candidates(trace.trace_id);
    // What cannot be read is a matter of whoever puts the trace together.
    if (!found.ok() || !found.value().empty()) return false;
  }
  return true;
}

base::Result<std::vector<PartedTraces::Rows>> PartedTraces::RowsOfMemtables() const {
  static const traceql::Attribute service_name{.scope = traceql::Scope::kResource,
                                               .name = "service.name"};
  std::vector<Rows> all;
  for (const auto& memtable : sources_.memtables) {
    Rows& rows = all.emplace_back(Rows{.memtable = *memtable});
    if (root_ == nullptr) continue;
    MemtableFields fields(*memtable);
    rows.root = TRY(*root_ == traceql::Intrinsic::kRootName ? fields.Make(traceql::Intrinsic::kName)
                                                            : fields.Make(service_name));
  }
  return all;
}

void PartedTraces::AddRows(const model::TraceId& trace_id, Rows& rows, Trace& trace) {
  for (const uint32_t index : rows.memtable.RowsOf(trace_id)) {
    const store::SpanRow& row = rows.memtable.row(index);
    if (!question_.range.IsNear(row.start_unix_nano)) continue;
    trace.start_ = std::min(trace.start_, row.start_unix_nano);
    trace.end_ = std::max({trace.end_, row.start_unix_nano, row.end_unix_nano});
    if (root_ != nullptr && !row.parent_span_id.IsValid()) AddRoot(rows, index, trace);
  }
}

void PartedTraces::AddRoot(Rows& rows, uint32_t index, Trace& trace) {
  const store::SpanRow& row = rows.memtable.row(index);
  const Value name = index < rows.end ? rows.root->Read(index, rows.texts) : Value();
  if (const auto* text = std::get_if<std::string_view>(&name.scalar); text != nullptr) {
    AddRoot({.start_unix_nano = row.start_unix_nano,
             .span_id = row.span_id,
             .count = counts_.CountOf(*text),
             .found = true},
            trace);
  } else {
    trace.is_unclear_ = true;  // of another type, or none
  }
}

// Those of which no span was selected.
void PartedTraces::AddOtherParts(const model::TraceId& trace_id, Trace& trace) {
  for (const auto& block : sources_.blocks) {
    if (std::ranges::find(trace.blocks_, block.get()) != trace.blocks_.end()) continue;
    const base::Result<std::vector<uint32_t>> candidates = block->Candidates(trace_id);
    if (candidates.ok() && candidates.value().empty()) continue;
    const base::Result<std::vector<uint64_t>> numbers = block->FindTraces(trace_id);
    if (numbers.ok() && numbers.value().empty()) continue;
    const base::Result<std::vector<store::TraceRow>> parts =
        numbers.ok() ? block->ReadTraces(numbers.value().front(), 1) : numbers.error();
    // What cannot be read is a matter of whoever puts the trace together.
    if (!parts.ok()) {
      trace.is_unclear_ = true;
      return;
    }
    AddPart(*block, parts.value().front(), trace);
  }
}

base::Result<std::vector<model::TraceId>> PartedTraces::CountAll() {
  Cancellation cancellation(question_.cancelled);
  std::vector<model::TraceId> unclear;
  std::vector<Rows> memtables = TRY(RowsOfMemtables());
  for (auto& [trace_id, trace] : traces_) {
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    for (Rows& rows : memtables) AddRows(trace_id, rows, trace);
    if (!trace.is_unclear_) AddOtherParts(trace_id, trace);
    if (trace.is_unclear_) {
      unclear.push_back(trace_id);
      continue;
    }
    counts_.BeginTrace(DurationBetween(trace.start_, trace.end_));
    for (TraceCounts::Count* const count : trace.values_) counts_.Add(count);
    if (trace.root_.found) counts_.Add(trace.root_.count);
  }
  return unclear;
}

}  // namespace clew::query
