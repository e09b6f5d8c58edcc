// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "model/ids.h"
#include "store/span_tree.h"

namespace clew::store {

// What the place of a span in a block depends on.
struct OrderSpan {
  model::TraceId trace_id;
  TreeSpan span;
};

// A row of a block. `source` is the index of its span in the input.
struct OrderedRow {
  uint32_t source = 0;
  uint32_t row_in_trace = 0;
  uint32_t parent_row = 0;  // in the trace; TreeNode::kNoParent: none
  uint32_t subtree_rows = 0;
};

// The rows of one trace, neighbours in the block.
struct Fragment {
  model::TraceId trace_id{};
  uint64_t first_row = 0;
  uint32_t rows = 0;
  int64_t start_unix_nano = 0;
};

struct BlockOrder {
  std::vector<OrderedRow> rows;
  std::vector<Fragment> fragments;
};

// Traces by (start, trace id), where a trace starts with its earliest span; in a trace
// depth-first preorder. `before` orders spans that are equal in start and id by their
// contents and is asked for those alone, so that the order of arrival never shows.
BlockOrder OrderRows(std::span<const OrderSpan> spans,
                     const std::function<bool(uint32_t, uint32_t)>& before);

// Rows of each row group: about `target` (the last up to a quarter more), broken between
// traces. A trace of more has groups of its own, of at most four times as many rows.
std::vector<uint32_t> RowGroupSizes(std::span<const Fragment> fragments, uint32_t target);

// Rows of each page of a row group: equal shares, at most `target`.
std::vector<uint32_t> PageSizes(uint32_t rows, uint32_t target);

}  // namespace clew::store
