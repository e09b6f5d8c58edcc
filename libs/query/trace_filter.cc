// SPDX-License-Identifier: Apache-2.0
#include "query/trace_filter.h"

#include <algorithm>
#include <ranges>
#include <vector>

#include "query/eval/memtable_fields.h"
#include "query/eval/pipeline.h"
#include "query/trace_reader.h"

namespace clew::query {
namespace {

// By span: so many levels beyond it are wanted, and it itself; 0: it is not.
using Reach = std::vector<uint64_t>;

// What a span reaches when it is next to one that reaches `reach`.
uint64_t Less(uint64_t reach, uint32_t levels) {
  if (levels == TraceFilter::kAllLevels) return reach;
  return reach == 0 ? 0 : reach - 1;
}

base::Result<std::vector<bool>> Matches(const TraceFilter& filter, const TraceView& view,
                                        const store::Memtable& memtable) {
  Regexes regexes;
  MemtableFields columns(memtable);
  FieldSet fields(columns, regexes);
  const PipelineOutcome outcome = TRY(PipelineEvaluator(fields).Evaluate(filter.pipeline, view));
  std::vector<bool> matches(view.size());
  for (const Spanset& spanset : outcome.spansets) {
    for (const uint32_t span : spanset.spans) matches[span] = true;
  }
  return matches;
}

// A match reaches itself and so many levels.
Reach ReachOf(const std::vector<bool>& matches, uint32_t levels) {
  Reach reach(matches.size());
  for (size_t i = 0; i < matches.size(); ++i) reach[i] = matches[i] ? uint64_t{levels} + 1 : 0;
  return reach;
}

std::vector<bool> Wanted(const TraceFilter& filter, const TraceView& view,
                         const std::vector<bool>& matches) {
  Reach down = ReachOf(matches, filter.levels_below);
  Reach up = ReachOf(matches, filter.levels_above);
  for (const uint32_t span : view.preorder()) {
    const uint32_t parent = view.place(span).parent;
    if (parent == TraceView::kNone) continue;
    down[span] = std::max(down[span], Less(down[parent], filter.levels_below));
  }
  for (const uint32_t span : std::views::reverse(view.preorder())) {
    const uint32_t parent = view.place(span).parent;
    if (parent == TraceView::kNone) continue;
    up[parent] = std::max(up[parent], Less(up[span], filter.levels_above));
  }
  std::vector<bool> wanted(matches.size());
  for (size_t i = 0; i < wanted.size(); ++i) wanted[i] = down[i] > 0 || up[i] > 0;
  return wanted;
}

}  // namespace

base::Result<size_t> FilterTrace(const TraceFilter& filter, FoundTrace& trace) {
  if (trace.rows.empty()) return size_t{0};
  const TraceView view(ViewRows(*trace.memtable, trace.rows), {});
  const std::vector<bool> matches = TRY(Matches(filter, view, *trace.memtable));
  const std::vector<bool> wanted = Wanted(filter, view, matches);
  std::vector<uint32_t> rows;
  for (uint32_t span = 0; span < view.size(); ++span) {
    if (wanted[span]) rows.push_back(view.span(span).row);
  }
  std::ranges::sort(rows);
  const size_t before = trace.rows.size();
  std::erase_if(trace.rows, [&](uint32_t row) { return !std::ranges::binary_search(rows, row); });
  return before - trace.rows.size();
}

}  // namespace clew::query
