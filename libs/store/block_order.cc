// SPDX-License-Identifier: Apache-2.0
// Spans are dealt to their traces by counting: a hash table numbers the trace ids,
// then one pass counts and one places, so nothing the size of the input is sorted.
#include "store/block_order.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/hash.h"

namespace clew::store {
namespace {

// Numbers trace ids from 0, in the order in which they first come.
class TraceNumbers {
 public:
  explicit TraceNumbers(std::span<const OrderSpan> spans)
      : spans_(spans), slots_(std::bit_ceil(spans.size() / 2 + 16), kFree) {}

  uint32_t NumberOf(uint32_t span) {
    const model::TraceId& id = spans_[span].trace_id;
    size_t slot = SlotOf(id);
    if (slots_[slot] != kFree) return slots_[slot];
    if (2 * firsts_.size() >= slots_.size()) {
      Grow();
      slot = SlotOf(id);
    }
    slots_[slot] = static_cast<uint32_t>(firsts_.size());
    firsts_.push_back(span);
    return slots_[slot];
  }
  size_t count() const { return firsts_.size(); }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  size_t SlotOf(const model::TraceId& id) const {
    const std::string_view bytes(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
    size_t slot = base::Hash64(bytes) & (slots_.size() - 1);
    while (slots_[slot] != kFree && spans_[firsts_[slots_[slot]]].trace_id != id) {
      slot = (slot + 1) & (slots_.size() - 1);
    }
    return slot;
  }
  void Grow() {
    slots_.assign(2 * slots_.size(), kFree);
    for (uint32_t number = 0; number < firsts_.size(); ++number) {
      slots_[SlotOf(spans_[firsts_[number]].trace_id)] = number;
    }
  }

  std::span<const OrderSpan> spans_;
  std::vector<uint32_t> slots_;   // number of a trace
  std::vector<uint32_t> firsts_;  // by number: a span of it
};

// The spans of each trace: those of number n are [starts[n], starts[n + 1]).
struct Dealt {
  std::vector<uint32_t> starts, spans;
};

Dealt DealToTraces(std::span<const OrderSpan> spans) {
  TraceNumbers numbers(spans);
  std::vector<uint32_t> number_of(spans.size());
  for (uint32_t i = 0; i < spans.size(); ++i) number_of[i] = numbers.NumberOf(i);
  Dealt dealt{.starts = std::vector<uint32_t>(numbers.count() + 1),
              .spans = std::vector<uint32_t>(spans.size())};
  for (const uint32_t number : number_of) ++dealt.starts[number + 1];
  std::partial_sum(dealt.starts.begin(), dealt.starts.end(), dealt.starts.begin());
  std::vector<uint32_t> next(dealt.starts.begin(), dealt.starts.end() - 1);
  for (uint32_t i = 0; i < spans.size(); ++i) dealt.spans[next[number_of[i]]++] = i;
  return dealt;
}

}  // namespace

BlockOrder OrderRows(std::span<const OrderSpan> spans,
                     const std::function<bool(uint32_t, uint32_t)>& before) {
  CHECK(spans.size() < UINT32_MAX);
  Dealt dealt = DealToTraces(spans);
  struct Trace {
    uint32_t number = 0;
    int64_t start = 0;
  };
  std::vector<Trace> traces(dealt.starts.size() - 1);
  for (uint32_t number = 0; number < traces.size(); ++number) {
    const auto begin = dealt.spans.begin() + dealt.starts[number];
    const auto end = dealt.spans.begin() + dealt.starts[number + 1];
    const auto rank = [&](uint32_t i) {
      return std::tie(spans[i].span.start_unix_nano, spans[i].span.span_id);
    };
    std::sort(begin, end, [&](uint32_t a, uint32_t b) {
      if (rank(a) != rank(b)) return rank(a) < rank(b);
      return a != b && before(a, b);
    });
    traces[number] = {number, spans[*begin].span.start_unix_nano};
  }
  std::ranges::sort(traces, {}, [&](const Trace& trace) {
    return std::tuple(trace.start, spans[dealt.spans[dealt.starts[trace.number]]].trace_id);
  });

  BlockOrder order;
  order.rows.reserve(spans.size());
  order.fragments.reserve(traces.size());
  std::vector<TreeSpan> tree_spans;
  for (const Trace& trace : traces) {
    const uint32_t begin = dealt.starts[trace.number];
    const uint32_t end = dealt.starts[trace.number + 1];
    tree_spans.clear();
    for (uint32_t i = begin; i < end; ++i) tree_spans.push_back(spans[dealt.spans[i]].span);
    order.fragments.push_back({.trace_id = spans[dealt.spans[begin]].trace_id,
                               .first_row = order.rows.size(),
                               .rows = end - begin,
                               .start_unix_nano = trace.start});
    uint32_t row = 0;
    for (const TreeNode& node : BuildSpanTree(tree_spans)) {
      order.rows.push_back({.source = dealt.spans[begin + node.span],
                            .row_in_trace = row++,
                            .parent_row = node.parent,
                            .subtree_rows = node.subtree_size});
    }
  }
  return order;
}

std::vector<uint32_t> RowGroupSizes(std::span<const Fragment> fragments, uint32_t target) {
  std::vector<uint32_t> sizes;
  uint32_t open = 0;
  const auto close = [&] {
    if (open > 0) sizes.push_back(std::exchange(open, 0));
  };
  for (const Fragment& fragment : fragments) {
    if (fragment.rows > target) {
      close();
      for (const uint32_t rows : PageSizes(fragment.rows, 4 * target)) sizes.push_back(rows);
      continue;
    }
    if (open + fragment.rows > target) close();
    open += fragment.rows;
  }
  // A short rest is no group of its own.
  if (open < target / 4 && !sizes.empty() && sizes.back() <= target) {
    sizes.back() += std::exchange(open, 0);
  }
  close();
  return sizes;
}

std::vector<uint32_t> PageSizes(uint32_t rows, uint32_t target) {
  const uint32_t pages = (rows + target - 1) / target;
  std::vector<uint32_t> sizes(pages, rows / pages);
  for (uint32_t i = 0; i < rows % pages; ++i) ++sizes[i];
  return sizes;
}

}  // namespace clew::store
