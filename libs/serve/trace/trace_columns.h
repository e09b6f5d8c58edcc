// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "query/trace_lookup.h"
#include "store/span_tree.h"

namespace clew::serve {

// The numbers of the columns, docs/format/trace_columns.md; they never change meaning.
enum class TraceColumn : uint32_t {
  kSpanId = 1,
  kParent,
  kSubtree,
  kDepth,
  kStart,
  kDuration,
  kService,
  kName,
  kKind,
  kStatus,
  kMarks,
  kPeer,
  kStatusMessage,
  kEventEnd,
  kEventTime,
  kEventName,
  kLinkEnd,
  kLinkTraceId,
  kLinkSpanId,
  kTextEnd,
  kText,
  kRemark,
};

// The attributes that columns are made of: the name of the service, and kPeerKeys.
std::span<const std::string_view> TraceColumnKeys();

// In kMarks: the span names a parent that the trace does not have.
inline constexpr uint8_t kParentMissing = 1;

// In which order the spans of a trace are columns' rows; a node's span is an index of its rows.
store::SpanTree TreeOf(const query::FoundTrace& trace);

// Shape, times and names of all spans of a trace, events and links included; no attributes.
// `remark` is what there is to say beside them.
// REQUIRES: the trace has spans, and the tree is its own.
std::string TraceColumns(const query::FoundTrace& trace, const store::SpanTree& tree,
                         std::string_view remark = {});

}  // namespace clew::serve
