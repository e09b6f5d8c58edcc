// SPDX-License-Identifier: Apache-2.0
#include "query/eval/relation.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <ranges>

namespace clew::query {
namespace {

using traceql::Relation;
using traceql::RelationForm;
using Spans = std::vector<uint32_t>;
using SpanSet = std::vector<bool>;  // by span

SpanSet SetOf(const TraceView& trace, const Spans& spans) {
  SpanSet set(trace.size());
  for (const uint32_t span : spans) set[span] = trace.connected(span);
  return set;
}

SpanSet ChildrenOf(const TraceView& trace, const SpanSet& set) {
  SpanSet children(trace.size());
  for (uint32_t span = 0; span < trace.size(); ++span) {
    const uint32_t parent = trace.place(span).parent;
    children[span] = parent != TraceView::kNone && set[parent];
  }
  return children;
}

SpanSet ParentsOf(const TraceView& trace, const SpanSet& set) {
  SpanSet parents(trace.size());
  for (uint32_t span = 0; span < trace.size(); ++span) {
    const uint32_t parent = trace.place(span).parent;
    if (set[span] && parent != TraceView::kNone) parents[parent] = true;
  }
  return parents;
}

SpanSet DescendantsOf(const TraceView& trace, const SpanSet& set) {
  SpanSet below(trace.size());
  for (const uint32_t span : trace.preorder()) {
    const uint32_t parent = trace.place(span).parent;
    below[span] = parent != TraceView::kNone && (set[parent] || below[parent]);
  }
  return below;
}

SpanSet AncestorsOf(const TraceView& trace, const SpanSet& set) {
  SpanSet above(trace.size());
  for (const uint32_t span : std::views::reverse(trace.preorder())) {
    const uint32_t parent = trace.place(span).parent;
    if (parent != TraceView::kNone && (set[span] || above[span])) above[parent] = true;
  }
  return above;
}

// Those that share a parent with another of the set; roots of a trace share one too.
SpanSet SiblingsOf(const TraceView& trace, const SpanSet& set) {
  std::map<int32_t, uint32_t> counts;  // by the parent's number
  for (uint32_t span = 0; span < trace.size(); ++span) {
    if (set[span]) ++counts[trace.place(span).parent_left];
  }
  SpanSet siblings(trace.size());
  for (uint32_t span = 0; span < trace.size(); ++span) {
    if (!trace.connected(span)) continue;
    const auto found = counts.find(trace.place(span).parent_left);
    siblings[span] = found != counts.end() && found->second > (set[span] ? 1u : 0u);
  }
  return siblings;
}

// The spans that stand so to one of the set.
SpanSet RelativesOf(Relation relation, const TraceView& trace, const SpanSet& set) {
  switch (relation) {
    case Relation::kChild:
      return ChildrenOf(trace, set);
    case Relation::kParent:
      return ParentsOf(trace, set);
    case Relation::kDescendant:
      return DescendantsOf(trace, set);
    case Relation::kAncestor:
      return AncestorsOf(trace, set);
    case Relation::kSibling:
      return SiblingsOf(trace, set);
    case Relation::kAnd:
    case Relation::kOr:
      break;
  }
  return SpanSet(trace.size());
}

Relation InverseOf(Relation relation) {
  switch (relation) {
    case Relation::kChild:
      return Relation::kParent;
    case Relation::kParent:
      return Relation::kChild;
    case Relation::kDescendant:
      return Relation::kAncestor;
    case Relation::kAncestor:
      return Relation::kDescendant;
    case Relation::kSibling:
    case Relation::kAnd:
    case Relation::kOr:
      break;
  }
  return relation;
}

Spans Keep(const Spans& spans, const SpanSet& set, bool wanted) {
  Spans kept;
  std::ranges::copy_if(spans, std::back_inserter(kept),
                       [&](uint32_t span) { return set[span] == wanted; });
  return kept;
}

Spans Union(const Spans& left, const Spans& right) {
  Spans both;
  std::ranges::set_union(left, right, std::back_inserter(both));
  return both;
}

}  // namespace

Spans Combine(traceql::SpansetOperator op, const TraceView& trace, const Spans& left,
              const Spans& right) {
  if (op.relation == Relation::kOr) return Union(left, right);
  if (op.relation == Relation::kAnd) {
    return left.empty() || right.empty() ? Spans() : Union(left, right);
  }
  const SpanSet relatives = RelativesOf(op.relation, trace, SetOf(trace, left));
  Spans matching = Keep(right, relatives, op.form != RelationForm::kNegated);
  if (op.form != RelationForm::kUnion) return matching;
  const SpanSet inverse = RelativesOf(InverseOf(op.relation), trace, SetOf(trace, right));
  return Union(matching, Keep(left, inverse, true));
}

}  // namespace clew::query
