// SPDX-License-Identifier: Apache-2.0
#include "store/block_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::store {
namespace {

// A span and what tells it from others that look alike.
struct Numbered {
  OrderSpan span;
  int contents = 0;
};

std::vector<Numbered> RandomSpans(std::mt19937_64& random) {
  std::vector<Numbered> spans(random() % 60);
  for (size_t i = 0; i < spans.size(); ++i) {
    OrderSpan& span = spans[i].span;
    span.trace_id.bytes[15] = static_cast<uint8_t>(1 + random() % 5);
    span.span.span_id.bytes[7] = static_cast<uint8_t>(1 + random() % 12);
    span.span.parent_span_id.bytes[7] = static_cast<uint8_t>(random() % 12);
    span.span.start_unix_nano = static_cast<int64_t>(random() % 8);
    span.span.kind = static_cast<model::SpanKind>(random() % 6);
    spans[i].contents = static_cast<int>(i);
  }
  return spans;
}

struct Ordered {
  BlockOrder order;
  std::vector<int> contents;  // of the rows
};

Ordered Order(const std::vector<Numbered>& spans) {
  std::vector<OrderSpan> input;
  input.reserve(spans.size());
  for (const Numbered& span : spans) input.push_back(span.span);
  Ordered ordered{
      OrderRows(input,
                [&](uint32_t a, uint32_t b) { return spans[a].contents < spans[b].contents; }),
      {}};
  for (const OrderedRow& row : ordered.order.rows) {
    ordered.contents.push_back(spans[row.source].contents);
  }
  return ordered;
}

void ExpectWhole(const std::vector<Numbered>& spans, const BlockOrder& order) {
  ASSERT_EQ(order.rows.size(), spans.size());
  std::vector<uint32_t> sources;
  sources.reserve(order.rows.size());
  for (const OrderedRow& row : order.rows) sources.push_back(row.source);
  std::ranges::sort(sources);
  for (uint32_t i = 0; i < sources.size(); ++i) EXPECT_EQ(sources[i], i);
  uint64_t next = 0;
  const Fragment* last = nullptr;
  for (const Fragment& fragment : order.fragments) {
    EXPECT_EQ(fragment.first_row, next);
    next += fragment.rows;
    int64_t start = INT64_MAX;
    for (uint32_t i = 0; i < fragment.rows; ++i) {
      const OrderedRow& row = order.rows[fragment.first_row + i];
      const OrderSpan& span = spans[row.source].span;
      EXPECT_EQ(span.trace_id, fragment.trace_id);
      EXPECT_EQ(row.row_in_trace, i);
      EXPECT_TRUE(row.parent_row == TreeNode::kNoParent || row.parent_row < i);
      EXPECT_LE(i + row.subtree_rows, fragment.rows);
      start = std::min(start, span.span.start_unix_nano);
    }
    EXPECT_EQ(fragment.start_unix_nano, start);
    if (last != nullptr) {
      EXPECT_LT(std::tie(last->start_unix_nano, last->trace_id),
                std::tie(fragment.start_unix_nano, fragment.trace_id));
    }
    last = &fragment;
  }
  EXPECT_EQ(next, spans.size());
}

TEST(BlockOrder, IsWholeAndDoesNotDependOnTheOrderOfArrival) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::vector<Numbered> spans = RandomSpans(random);
    const Ordered first = Order(spans);
    ExpectWhole(spans, first.order);
    std::ranges::shuffle(spans, random);
    EXPECT_EQ(Order(spans).contents, first.contents);
  }
}

TEST(BlockOrder, OfNothingIsEmpty) {
  EXPECT_THAT(Order({}).order.rows, IsEmpty());
  EXPECT_THAT(RowGroupSizes({}, 10), IsEmpty());
}

TEST(RowGroupSizes, BreakBetweenTraces) {
  std::vector<Fragment> fragments;
  for (const uint32_t rows : {4u, 4u, 4u, 100u, 3u, 10u, 1u}) fragments.push_back({.rows = rows});
  EXPECT_THAT(RowGroupSizes(fragments, 10), ElementsAre(8, 4, 34, 33, 33, 3, 11));
}

TEST(PageSizes, AreEqualShares) {
  EXPECT_THAT(PageSizes(10, 4), ElementsAre(4, 3, 3));
  EXPECT_THAT(PageSizes(4, 4), ElementsAre(4));
  EXPECT_THAT(PageSizes(1, 100), ElementsAre(1));
}

}  // namespace
}  // namespace clew::store
