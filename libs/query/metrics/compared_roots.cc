// SPDX-License-Identifier: Apache-2.0
#include "query/metrics/compared_roots.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "query/block_traces.h"

namespace clew::query {
namespace {

// How many rows of each part there are, by a text of their roots.
class ByText {
 public:
  explicit ByText(size_t parts) : parts_(parts) {}

  void Add(const std::string& text, const std::vector<uint32_t>& rows) {
    if (text.empty()) return;
    std::vector<uint32_t>& counts = counts_[text];
    counts.resize(parts_);
    for (size_t part = 0; part < parts_; ++part) counts[part] += rows[part];
  }
  base::Status Take(const SplitRows& split, ValueCounts& baseline, ValueCounts& selection) const {
    for (const auto& [text, rows] : counts_) {
      for (size_t part = 0; part < parts_; ++part) {
        if (rows[part] == 0) continue;
        const SplitRows::Part& of = split.parts[part];
        ValueCounts& counts = of.selected ? selection : baseline;
        TRY(counts.Add(Value::Of(std::string_view(text)), of.interval, rows[part]));
      }
    }
    return {};
  }

 private:
  const size_t parts_;
  std::unordered_map<std::string, std::vector<uint32_t>> counts_;
};

}  // namespace

base::Status ComparedRoots::Count(const SplitRows& split, const store::Block& block,
                                  BlockRows& group, Cancellation& cancellation) {
  RowSet rows(group.size());
  for (const SplitRows::Part& part : split.parts) rows.Unite(part.rows);
  if (rows.empty()) return {};
  const store::Block::Spans spans = TRY(block.OpenSpans());
  const uint64_t first_row = FirstRowOf(spans, group.number());
  ByText names(split.parts.size());
  ByText services(split.parts.size());
  std::vector<uint32_t> counts;
  for (const store::TraceRow& trace : TRY(TracesOf(block, group, rows))) {
    if (cancellation.CancelledAfterRow()) return QueryCancelled();
    const uint64_t from = std::max(trace.first_row, first_row) - first_row;
    const uint64_t to = std::min<uint64_t>(trace.first_row + trace.rows - first_row, rows.size());
    counts.assign(split.parts.size(), 0);
    bool any = false;
    for (uint64_t row = from; row < to; ++row) {
      if (split.part_of[row] == SplitRows::kNone) continue;
      any = true;
      ++counts[split.part_of[row]];
    }
    if (!any) continue;
    std::optional<Root> root;
    const base::Result<bool> known = FindRoot(trace, block, root);
    // What cannot be read is a matter of whoever puts the trace together.
    if (!known.ok() || !known.value()) {
      TRY(Keep(trace.trace_id));
    } else if (root) {
      names.Add(root->name, counts);
      services.Add(root->service, counts);
    }
  }
  TRY(names.Take(split, *counts_.baseline_names, *counts_.selection_names));
  return services.Take(split, *counts_.baseline_services, *counts_.selection_services);
}

bool ComparedRoots::Join(const store::TraceRow& part, std::optional<Root>& root) const {
  const TimeRange& range = means_.range;
  if (!range.IsNear(part.start_unix_nano) || !range.IsNear(part.last_start_unix_nano)) {
    return false;
  }
  if (!part.root_found) return true;
  Root of_part{part.root_start_unix_nano, part.root_span_id, part.root_service, part.root_name};
  if (!root || of_part < *root) root = std::move(of_part);
  return true;
}

base::Result<bool> ComparedRoots::FindRoot(const store::TraceRow& trace, const store::Block& block,
                                           std::optional<Root>& root) const {
  for (const auto& memtable : means_.sources.memtables) {
    if (!memtable->RowsOf(trace.trace_id).empty()) return false;
  }
  if (!Join(trace, root)) return false;
  for (const auto& other : means_.sources.blocks) {
    if (other.get() == &block) continue;
    for (const uint64_t number : TRY(other->FindTraces(trace.trace_id))) {
      const std::vector<store::TraceRow> parts = TRY(other->ReadTraces(number, 1));
      if (!Join(parts.front(), root)) return false;
    }
  }
  return true;
}

base::Status ComparedRoots::Keep(const SelectedSpan& span) {
  const SelectedSpan::Ids ids = TRY(span.ids());
  return Keep(ids.trace_id);
}

base::Status ComparedRoots::Keep(const model::TraceId& trace_id) {
  constexpr uint64_t kBytesOfTrace = 96;  // here and in the list of them
  if (!kept_.insert(trace_id).second) return {};
  return MemoryBudget::Charge(means_.memory, kBytesOfTrace,
                              "compare() meets very many traces that are not whole in blocks; "
                              "narrow the filter or the time range");
}

}  // namespace clew::query
