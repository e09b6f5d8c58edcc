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
// A table keeps for each id the first two by rank as a parent: a parent is the first,
// or the second when the first is the span itself. Circles are found by walking up
// and marking each span with the number of its walk. Spans sorted by (start, id)
// and dealt to their parents give the children in order. Nothing recurses, because
// a trace may be deeper than the stack. Cost: O(n log n), for the sorting.
#include "store/span_tree.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <random>
#include <utility>

#include "base/check.h"
#include "base/cut_circles.h"

namespace clew::store {
namespace {

constexpr uint32_t kNone = TreeNode::kNoParent;

using Indices = std::vector<uint32_t>;

// The spans of one id that may be parents.
struct SameId {
  model::SpanId id;
  uint32_t first = kNone;  // by rank as a parent; kNone where the table has no id
  uint32_t second = kNone;
  uint32_t client = kNone;  // the first of kind CLIENT
};

// Finds the parents of spans, circles not yet cut. A hash table with linear probing; the
// hash multiplies by a secret, so that nobody can send ids that meet (multiply-shift:
// Dietzfelbinger et al., A Reliable Randomized Algorithm for the Closest-Pair Problem, 1997).
class ParentFinder {
 public:
  explicit ParentFinder(std::span<const TreeSpan> spans)
      : spans_(spans),
        table_(std::bit_ceil(std::max<size_t>(2 * spans.size(), 2))),
        shift_(64 - std::countr_zero(table_.size())) {
    for (uint32_t index = 0; index < spans.size(); ++index) Enter(index);
  }

  uint32_t ParentOf(uint32_t index) const {
    const TreeSpan& span = spans_[index];
    if (span.kind == model::SpanKind::kServer) {
      const uint32_t twin = table_[PlaceOf(span.span_id)].client;
      if (twin != kNone) return twin;
    }
    if (!span.parent_span_id.IsValid()) return kNone;
    const SameId& named = table_[PlaceOf(span.parent_span_id)];
    return named.first == index ? named.second : named.first;
  }

 private:
  void Enter(uint32_t index) {
    const TreeSpan& span = spans_[index];
    SameId& same = table_[PlaceOf(span.span_id)];
    same.id = span.span_id;
    if (IsBefore(index, same.first)) {
      same.second = std::exchange(same.first, index);
    } else if (IsBefore(index, same.second)) {
      same.second = index;
    }
    if (span.kind == model::SpanKind::kClient && IsBefore(index, same.client)) same.client = index;
  }

  // By rank as a parent. REQUIRES: `index` was entered last.
  bool IsBefore(uint32_t index, uint32_t other) const {
    if (other == kNone) return true;
    const auto rank = [&](const TreeSpan& span) {
      return std::pair(span.kind != model::SpanKind::kServer, span.start_unix_nano);
    };
    return rank(spans_[index]) < rank(spans_[other]);
  }

  // Where the id is, or would be.
  size_t PlaceOf(const model::SpanId& id) const {
    static const uint64_t secret =
        uint64_t{std::random_device{}()} << 32 | std::random_device{}() | 1;
    size_t place = std::bit_cast<uint64_t>(id.bytes) * secret >> shift_;
    while (table_[place].first != kNone && table_[place].id != id) {
      place = (place + 1) & (table_.size() - 1);
    }
    return place;
  }

  std::span<const TreeSpan> spans_;
  std::vector<SameId> table_;
  int shift_;  // leaves as many bits as the table has places
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

// By (start, span id), equal ones as they come.
Indices InOrder(std::span<const TreeSpan> spans) {
  struct Key {
    int64_t start_unix_nano;
    model::SpanId span_id;
    uint32_t index;
    auto operator<=>(const Key&) const = default;
  };
  std::vector<Key> keys;
  keys.reserve(spans.size());
  for (uint32_t i = 0; i < spans.size(); ++i) {
    keys.push_back({spans[i].start_unix_nano, spans[i].span_id, i});
  }
  if (!std::ranges::is_sorted(keys)) std::ranges::sort(keys);
  Indices order(keys.size());
  std::ranges::transform(keys, order.begin(), &Key::index);
  return order;
}

}  // namespace

SpanTree BuildSpanTree(std::span<const TreeSpan> spans) {
  CHECK(spans.size() < kNone);
  const Indices order = InOrder(spans);
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
