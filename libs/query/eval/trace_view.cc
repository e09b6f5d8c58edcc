// SPDX-License-Identifier: Apache-2.0
#include "query/eval/trace_view.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "base/stable_sort.h"
#include "store/span_tree.h"

namespace clew::query {

TraceView::TraceView(std::vector<ViewedSpan> spans, const TimeRange& range)
    : spans_(std::move(spans)) {
  std::erase_if(spans_,
                [&](const ViewedSpan& span) { return !range.IsNear(span.start_unix_nano); });
  base::StableSort(spans_, [](const ViewedSpan& left, const ViewedSpan& right) {
    return std::tie(left.start_unix_nano, left.span_id) <
           std::tie(right.start_unix_nano, right.span_id);
  });
  selected_.reserve(spans_.size());
  for (const ViewedSpan& span : spans_) selected_.push_back(range.Contains(span.start_unix_nano));
  Measure();
}

const TraceView::Tree& TraceView::tree() const {
  if (!tree_) tree_ = BuildTree();
  return *tree_;
}

TraceView::Tree TraceView::BuildTree() const {
  Tree built;
  std::vector<store::TreeSpan> spans;
  spans.reserve(spans_.size());
  for (const ViewedSpan& span : spans_) {
    spans.push_back({.span_id = span.span_id,
                     .parent_span_id = span.parent_span_id,
                     .start_unix_nano = span.start_unix_nano,
                     .kind = span.kind});
  }
  const store::SpanTree tree = store::BuildSpanTree(spans);
  std::vector<Place>& places = built.places;
  places.resize(tree.size());
  // In preorder a parent is numbered before its children; a subtree of n spans takes 2n
  // numbers, and what is before a span among its siblings has taken its own.
  std::vector<int32_t> next(tree.size());  // by node: the number for its next child
  int32_t next_root = 1;
  for (uint32_t node = 0; node < tree.size(); ++node) {
    const store::TreeNode& at = tree[node];
    built.preorder.push_back(at.span);
    Place& place = places[at.span];
    const bool is_top = at.parent == store::TreeNode::kNoParent;
    const Place* const parent = is_top ? nullptr : &places[tree[at.parent].span];
    if (parent != nullptr) {
      place.parent = tree[at.parent].span;
      ++places[place.parent].children;
    }
    const bool connected = is_top ? !span(at.span).parent_span_id.IsValid() : parent->left != 0;
    if (!connected) continue;
    int32_t& number = is_top ? next_root : next[at.parent];
    place.left = number;
    place.right = number + 2 * static_cast<int32_t>(at.subtree_size) - 1;
    place.parent_left = is_top ? -1 : parent->left;
    number = place.right + 1;
    next[node] = place.left + 1;
  }
  return built;
}

void TraceView::Measure() {
  start_ = std::numeric_limits<int64_t>::max();
  end_ = std::numeric_limits<int64_t>::min();
  for (uint32_t i = 0; i < size(); ++i) {
    const ViewedSpan& row = span(i);
    start_ = std::min(start_, row.start_unix_nano);
    end_ = std::max({end_, row.start_unix_nano, row.end_unix_nano});
    if (root_ == kNone && !row.parent_span_id.IsValid()) root_ = i;
  }
}

int64_t TraceView::duration_ns() const {
  return DurationBetween(start_, end_);
}

}  // namespace clew::query
