// SPDX-License-Identifier: Apache-2.0
#include "reference/log2_histogram.h"

#include <gtest/gtest.h>

namespace clew::reference {
namespace {

TEST(Log2Histogram, RoundsUpToPowersOfTwo) {
  EXPECT_EQ(BucketOf(int64_t{2}), 2.0);
  EXPECT_EQ(BucketOf(int64_t{3}), 4.0);
  EXPECT_EQ(BucketOf(int64_t{4}), 4.0);
  EXPECT_EQ(BucketOf(INT64_MAX), 9223372036854775808.0);
  EXPECT_EQ(BucketOf(traceql::Duration{1'000'000'000}), 1.073741824);
}

TEST(Log2Histogram, TakesNothingBelowTwoAndNoFloats) {
  EXPECT_FALSE(BucketOf(int64_t{1}));
  EXPECT_FALSE(BucketOf(INT64_MIN));
  EXPECT_FALSE(BucketOf(traceql::Duration{1}));
  EXPECT_FALSE(BucketOf(8.0));
  EXPECT_FALSE(BucketOf(std::string("8")));
}

TEST(Log2Histogram, InterpolatesInPowersInsideABucket) {
  Log2Histogram histogram;
  for (int i = 0; i < 4; ++i) histogram.Add(16);
  EXPECT_DOUBLE_EQ(histogram.Quantile(0.25), 8 * 1.189207115002721);
  EXPECT_DOUBLE_EQ(histogram.Quantile(0.5), 11.313708498984761);
  EXPECT_DOUBLE_EQ(histogram.Quantile(1), 16);
}

// The bucket begins at half its bound, however far below the one before it is.
TEST(Log2Histogram, LooksAtOneBucketOnly) {
  Log2Histogram histogram;
  histogram.Add(2);
  histogram.Add(1024);
  histogram.Add(1024);
  EXPECT_DOUBLE_EQ(histogram.Quantile(0.5), 512 * 1.4142135623730951);
}

TEST(Log2Histogram, IsZeroWhenEmpty) {
  EXPECT_EQ(Log2Histogram().Quantile(0.5), 0);
}

}  // namespace
}  // namespace clew::reference
