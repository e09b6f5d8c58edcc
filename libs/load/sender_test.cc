// SPDX-License-Identifier: Apache-2.0
// What sending stands on: the queue and the histogram.
#include <gmock/gmock.h>

#include <thread>

#include "load/body_queue.h"
#include "load/latency_histogram.h"

namespace clew::load {
namespace {

TEST(LatencyHistogram, PercentilesAreAtMostThreePercentTooHigh) {
  LatencyHistogram histogram;
  for (int64_t i = 1; i <= 100'000; ++i) histogram.Record(i * 1000);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = share * 1e8;
    EXPECT_GE(static_cast<double>(histogram.Percentile(share)), exact * 0.999);
    EXPECT_LE(static_cast<double>(histogram.Percentile(share)), exact * 1.032);
  }
  EXPECT_EQ(histogram.Percentile(1), 100'000'000);
}

TEST(LatencyHistogram, TakesEveryDuration) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.Percentile(0.5), 0);
  histogram.Record(-5);
  EXPECT_EQ(histogram.max_ns(), 0);
  histogram.Record(INT64_MAX);
  EXPECT_EQ(histogram.Percentile(1), INT64_MAX);
}

TEST(BodyQueue, HandsOverInOrderAndWakesOnce) {
  int woken = 0;
  BodyQueue queue(4, [&] { ++woken; });
  EXPECT_FALSE(queue.TryTake());
  EXPECT_TRUE(queue.Push({.span_count = 1}));
  EXPECT_TRUE(queue.Push({.span_count = 2}));
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(queue.TryTake()->span_count, 1u);
  queue.Finish();
  EXPECT_FALSE(queue.finished());
  EXPECT_EQ(queue.TryTake()->span_count, 2u);
  EXPECT_TRUE(queue.finished());
}

TEST(BodyQueue, AbandonedLetsTheMakerGo) {
  BodyQueue queue(1, [] {});
  EXPECT_TRUE(queue.Push({}));
  bool pushed = true;
  std::thread maker([&] { pushed = queue.Push({}); });
  queue.Abandon();
  maker.join();
  EXPECT_FALSE(pushed);
}

}  // namespace
}  // namespace clew::load
