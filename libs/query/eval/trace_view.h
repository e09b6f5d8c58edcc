// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/ids.h"
#include "model/span_sink.h"
#include "query/time_range.h"

namespace clew::query {

// What the shape and the times of a trace depend on.
struct ViewedSpan {
  uint32_t row = 0;  // in its source
  int64_t start_unix_nano = 0, end_unix_nano = 0;
  model::SpanId span_id, parent_span_id;
  model::SpanKind kind = model::SpanKind::kUnspecified;
};

// A trace brought together for evaluation: those of its spans that start near a range, by
// (start, span id). They are named by their places in this order. One thread.
class TraceView {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // Spans of equal start and id keep the order they are given in.
  TraceView(std::vector<ViewedSpan> spans, const TimeRange& range);

  uint32_t size() const { return static_cast<uint32_t>(spans_.size()); }
  const ViewedSpan& span(uint32_t span) const { return spans_[span]; }
  // It starts in the range itself.
  bool selected(uint32_t span) const { return selected_[span]; }

  // Its place in the tree as TraceQL numbers it: what is below it has numbers between its
  // left and right. Spans that no root leads to have none, 0.
  struct Place {
    int32_t left = 0, right = 0;
    int32_t parent_left = 0;  // of a root: -1
    uint32_t parent = kNone;  // the span, whether a root leads to it or not
    uint32_t children = 0;
  };
  const Place& place(uint32_t span) const { return tree().places[span]; }
  bool connected(uint32_t span) const { return place(span).left != 0; }
  // All spans, parents before their children.
  const std::vector<uint32_t>& preorder() const { return tree().preorder; }

  // Of several the first; kNone: its root has not been received.
  uint32_t root() const { return root_; }
  int64_t duration_ns() const;

 private:
  struct Tree {
    std::vector<Place> places;  // by span
    std::vector<uint32_t> preorder;
  };
  // Built when it is first asked for: many queries do without.
  const Tree& tree() const;
  Tree BuildTree() const;
  void Measure();

  std::vector<ViewedSpan> spans_;
  std::vector<bool> selected_;
  mutable std::optional<Tree> tree_;
  uint32_t root_ = kNone;
  int64_t start_ = 0, end_ = 0;
};

}  // namespace clew::query
