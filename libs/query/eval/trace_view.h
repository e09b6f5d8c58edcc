// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/time_range.h"
#include "store/memtable.h"

namespace clew::query {

// A trace brought together for evaluation: those of its spans that start near a range, by
// (start, span id). They are named by their places in this order.
class TraceView {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // Of rows in any order. `memtable` outlives it.
  TraceView(const store::Memtable& memtable, std::span<const uint32_t> rows,
            const TimeRange& range);

  const store::Memtable& memtable() const { return memtable_; }
  uint32_t size() const { return static_cast<uint32_t>(rows_.size()); }
  uint32_t row_of(uint32_t span) const { return rows_[span]; }
  const store::SpanRow& span(uint32_t span) const { return memtable_.row(rows_[span]); }
  const store::SpanTraits& traits(uint32_t span) const {
    return memtable_.traits_of(memtable_.row(rows_[span]));
  }
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
  const Place& place(uint32_t span) const { return places_[span]; }
  bool connected(uint32_t span) const { return places_[span].left != 0; }
  // All spans, parents before their children.
  const std::vector<uint32_t>& preorder() const { return preorder_; }

  // Keeps a text that was made while evaluating, for as long as the trace. One thread.
  std::string_view Keep(std::string text) const { return texts_.emplace_back(std::move(text)); }

  // Of several the first; kNone: its root has not been received.
  uint32_t root() const { return root_; }
  int64_t start_unix_nano() const { return start_; }
  int64_t duration_ns() const;

 private:
  void BuildTree();
  void Measure();

  const store::Memtable& memtable_;
  std::vector<uint32_t> rows_;
  std::vector<bool> selected_;
  std::vector<Place> places_;
  std::vector<uint32_t> preorder_;
  uint32_t root_ = kNone;
  mutable std::deque<std::string> texts_;
  int64_t start_ = 0, end_ = 0;
};

}  // namespace clew::query
