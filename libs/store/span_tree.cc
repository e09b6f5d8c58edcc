// SPDX-License-Identifier: Apache-2.0
// Senders break the promise that span ids are unique and parents are ancestors:
// Zipkin's client and server share an id, retries send a span twice with other
// contents, bugs close circles. So the parent of a span is defined for all input:
//
//   - Of a SERVER span with a CLIENT twin (a span of its own id): the twin, the
//     first of several.
//   - Of any other: the span with the id it names, not itself. Of several the
//     SERVER comes first, because what a server calls hangs below the server.
//   - Ties are broken by start, then by the order of the input.
//   - Where following parents leads back, the span of the circle that started
//     first loses its parent. A parent that is absent makes a root as well.
//
// Spans are sorted by (id, rank as a parent). A parent is then the first of a run,
// or the second when the first is the span itself. Circles are found by walking up
// and marking each span with the number of its walk. Spans sorted by (start, id)
// and dealt to their parents give the children in order. Nothing recurses, because
// a trace may be deeper than the stack. Cost: O(n log n).
#include "store/span_tree.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/check.h"
#include "base/cut_circles.h"

namespace clew::store {
namespace {

constexpr uint32_t kNone = TreeNode::kNoParent;

using Indices = std::vector<uint32_t>;

Indices AllOf(std::span<const TreeSpan> spans) {
  Indices indices(spans.size());
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

// Finds the parents of spans, circles not yet cut.
class ParentFinder {
 public:
  explicit ParentFinder(std::span<const TreeSpan> spans)
      : spans_(spans), by_id_(AllOf(spans)), clients_(by_id_) {
    std::erase_if(clients_, [&](uint32_t index) { return !IsOf(index, model::SpanKind::kClient); });
    const auto rank = [&](uint32_t index) {
      const bool server = IsOf(index, model::SpanKind::kServer);
      return std::tuple(spans_[index].span_id, !server, spans_[index].start_unix_nano, index);
    };
    std::ranges::sort(by_id_, {}, rank);
    std::ranges::sort(clients_, {}, rank);
  }

  uint32_t ParentOf(uint32_t index) const {
    const TreeSpan& span = spans_[index];
    if (IsOf(index, model::SpanKind::kServer)) {
      const std::span<const uint32_t> twins = WithId(clients_, span.span_id);
      if (!twins.empty()) return twins.front();
    }
    if (!span.parent_span_id.IsValid()) return kNone;
    const std::span<const uint32_t> candidates = WithId(by_id_, span.parent_span_id);
    const bool itself = !candidates.empty() && candidates.front() == index;
    return candidates.size() > size_t{itself} ? candidates[itself] : kNone;
  }

 private:
  bool IsOf(uint32_t index, model::SpanKind kind) const { return spans_[index].kind == kind; }

  std::span<const uint32_t> WithId(const Indices& sorted, const model::SpanId& id) const {
    const auto found = std::ranges::equal_range(
        sorted, id, {}, [&](uint32_t index) { return spans_[index].span_id; });
    return {found.begin(), found.end()};
  }

  std::span<const TreeSpan> spans_;
  Indices by_id_;    // by (id, rank as a parent)
  Indices clients_;  // those of kind CLIENT, likewise
};

// The children of every span, and of "none" the roots, all in order.
class Children {
 public:
  Children(const Indices& order, const Indices& parents)
      : starts_(parents.size() + 2), spans_(parents.size()) {
    for (const uint32_t parent : parents) ++starts_[Slot(parent) + 1];
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    Indices next(starts_.begin(), starts_.end() - 1);
    for (const uint32_t span : order) spans_[next[Slot(parents[span])]++] = span;
  }

  std::span<const uint32_t> Of(uint32_t parent) const {
    const size_t slot = Slot(parent);
    return std::span(spans_).subspan(starts_[slot], starts_[slot + 1] - starts_[slot]);
  }

 private:
  size_t Slot(uint32_t parent) const { return parent == kNone ? spans_.size() : parent; }

  Indices starts_;  // one slot a span, one for the roots, one for the end
  Indices spans_;
};

SpanTree Preorder(const Children& children, size_t count) {
  struct Visit {
    uint32_t span;
    uint32_t parent;  // in the tree
    uint32_t depth;
  };
  std::vector<Visit> pending;
  const auto push = [&](uint32_t span, uint32_t node, uint32_t depth) {
    const std::span<const uint32_t> below = children.Of(span);
    for (size_t i = below.size(); i > 0; --i) pending.push_back({below[i - 1], node, depth});
  };
  SpanTree tree;
  tree.reserve(count);
  push(kNone, kNone, 0);
  while (!pending.empty()) {
    const Visit visit = pending.back();
    pending.pop_back();
    tree.push_back(
        {.span = visit.span, .parent = visit.parent, .depth = visit.depth, .subtree_size = 1});
    push(visit.span, static_cast<uint32_t>(tree.size() - 1), visit.depth + 1);
  }
  for (size_t i = tree.size(); i > 0; --i) {
    const TreeNode& node = tree[i - 1];
    if (node.parent != kNone) tree[node.parent].subtree_size += node.subtree_size;
  }
  return tree;
}

}  // namespace

SpanTree BuildSpanTree(std::span<const TreeSpan> spans) {
  CHECK(spans.size() < kNone);
  Indices order = AllOf(spans);
  std::ranges::sort(order, {}, [&](uint32_t index) {
    return std::tuple(spans[index].start_unix_nano, spans[index].span_id, index);
  });
  Indices places(spans.size());
  for (uint32_t place = 0; place < order.size(); ++place) places[order[place]] = place;

  const ParentFinder finder(spans);
  Indices parents(spans.size());
  for (uint32_t i = 0; i < parents.size(); ++i) parents[i] = finder.ParentOf(i);
  base::CutCircles<kNone>(
      parents, [&](uint32_t left, uint32_t right) { return places[left] < places[right]; });

  SpanTree tree = Preorder(Children(order, parents), spans.size());
  CHECK(tree.size() == spans.size());
  return tree;
}

}  // namespace clew::store
