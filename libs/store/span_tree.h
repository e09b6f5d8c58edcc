// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "model/ids.h"
#include "model/span_sink.h"

namespace clew::store {

// What the shape of a trace depends on.
struct TreeSpan {
  model::SpanId span_id;
  model::SpanId parent_span_id;  // all zeros: none
  int64_t start_unix_nano = 0;
  model::SpanKind kind = model::SpanKind::kUnspecified;
};

// One span in its place. `span` is its index in the input; `parent` is an index
// in the tree.
struct TreeNode {
  static constexpr uint32_t kNoParent = UINT32_MAX;

  uint32_t span;
  uint32_t parent;
  uint32_t depth;         // 0 at a root
  uint32_t subtree_size;  // of the node and all below it
  auto operator<=>(const TreeNode&) const = default;
};

// Depth-first preorder: the nodes below `i` are (i, i + subtree_size), and a
// parent stands before its children. Every span is in it once. Siblings, and the
// roots of disconnected pieces, come by (start, span id).
using SpanTree = std::vector<TreeNode>;

// The tree of one trace. Spans of equal start and span id are told apart by their
// order in `spans`, so the result is independent of the order of arrival only if
// the caller gives those in the order of their bytes.
// REQUIRES: spans.size() < TreeNode::kNoParent
SpanTree BuildSpanTree(std::span<const TreeSpan> spans);

}  // namespace clew::store
