// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/trace_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/compare/difference_text.h"

namespace clew::ledger {
namespace {

constexpr uint64_t kMs = 1'000'000;

// An order of 20 to 22 ms, and the message it sends, which waits so long and takes 5 ms.
Trace Order(Names& names, uint64_t number, uint64_t wait_ms) {
  const uint32_t shop = names.CodeOf("shop"), mail = names.CodeOf("mail");
  const uint64_t sent = 10 * kMs, taken = sent + wait_ms * kMs + number % 3 * kMs;
  Trace trace;
  trace.spans.resize(3);
  trace.spans[0] = {.start_ns = 0, .end_ns = (20 + number % 3) * kMs, .service = shop};
  trace.spans[0].operation = names.CodeOf("order");
  trace.spans[0].kind = model::SpanKind::kServer;
  trace.spans[1] = {.start_ns = sent - kMs, .end_ns = sent, .parent = 0, .service = shop};
  trace.spans[1].operation = names.CodeOf("send");
  trace.spans[1].kind = model::SpanKind::kProducer;
  trace.spans[2] = {.start_ns = taken, .end_ns = taken + 5 * kMs, .parent = 1, .service = mail};
  trace.spans[2].operation = names.CodeOf("write");
  trace.spans[2].kind = model::SpanKind::kConsumer;
  return trace;
}

TraceSet Orders(Names& names, uint64_t wait_ms) {
  TraceSet set;
  for (uint64_t i = 0; i < 60; ++i) {
    const Trace trace = Order(names, i, wait_ms);
    set.Add(trace, BuildLedger(trace), i * 100 * kMs);
  }
  return set;
}

TEST(TraceSet, AMessageThatWaitsIsFoundWhereNobodyWaitedForIt) {
  Names names;
  const Difference difference = Compare(Orders(names, 400), Orders(names, 4));
  ASSERT_TRUE(difference.detached);
  ASSERT_FALSE(difference.nothing_stands_out());
  const PartGrowth& part = difference.suspects.front().parts.front();
  EXPECT_EQ(names.text(part.part.service), "mail");
  EXPECT_EQ(part.part.category, Category::kWait);
  EXPECT_NEAR(part.growth.nanos(), 396.0 * kMs, 1.0 * kMs);
  EXPECT_THAT(TextOf(difference, names),
              testing::StartsWith("Nobody waits longer, but behind them: "));
}

TEST(TraceSet, OfNothingThatStandsOutTheRequestsAreTold) {
  Names names;
  const Difference difference = Compare(Orders(names, 4), Orders(names, 4));
  EXPECT_TRUE(difference.nothing_stands_out());
  EXPECT_FALSE(difference.detached);
  EXPECT_EQ(difference.traces, 60u);
}

}  // namespace
}  // namespace clew::ledger
