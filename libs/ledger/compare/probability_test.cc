// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/probability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace clew::ledger {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(WilsonInterval, AgreesWithPublishedFigures) {
  const Bounds most = WilsonInterval({36, 37});
  EXPECT_NEAR(most.low, 0.8618, 1e-4);
  EXPECT_NEAR(most.high, 0.9952, 1e-4);
  EXPECT_EQ(WilsonInterval({5, 5}).high, 1);
  EXPECT_NEAR(WilsonInterval({5, 5}).low, 0.5655, 1e-4);
  EXPECT_EQ(WilsonInterval({0, 0}).high, 1);
}

TEST(WilsonInterval, CoversTheShareInAboutNineteenOfTwenty) {
  std::mt19937_64 random(1);
  int covered = 0;
  for (int run = 0; run < 2000; ++run) {
    const uint64_t with = std::binomial_distribution<uint64_t>(80, 0.1)(random);
    const Bounds bounds = WilsonInterval({with, 80});
    covered += bounds.low <= 0.1 && 0.1 <= bounds.high;
  }
  EXPECT_GT(covered, 1860);
  EXPECT_LT(covered, 1960);
}

TEST(RiskRatio, HasKatzsInterval) {
  const RiskRatio ratio = RiskRatioOf({60, 100}, {50, 1000});
  EXPECT_NEAR(ratio.ratio, 12, 1e-12);
  EXPECT_NEAR(ratio.bounds.low, 8.766, 1e-3);
  EXPECT_NEAR(ratio.bounds.high, 16.427, 1e-3);
}

TEST(RiskRatio, OfNothingInTheRestIsWideAndFinite) {
  const RiskRatio ratio = RiskRatioOf({3, 10}, {0, 10});
  EXPECT_LT(ratio.bounds.low, 1);
  EXPECT_TRUE(std::isfinite(ratio.bounds.high));
  EXPECT_NEAR(RiskRatioOf({10, 10}, {10, 10}).ratio, 1, 1e-12);
}

TEST(StudentUpperTail, AgreesWithTables) {
  EXPECT_NEAR(StudentUpperTail(12.706, 1), 0.025, 1e-5);
  EXPECT_NEAR(StudentUpperTail(2.228, 10), 0.025, 1e-5);
  EXPECT_NEAR(StudentUpperTail(-2.228, 10), 0.975, 1e-5);
  EXPECT_NEAR(StudentUpperTail(0, 3.5), 0.5, 1e-12);
  EXPECT_NEAR(StudentUpperTail(3, 1e7), NormalUpperTail(3), 1e-7);
}

TEST(MoreFrequentP, IsFishers) {
  EXPECT_NEAR(MoreFrequentP({3, 4}, {1, 4}), 17.0 / 70, 1e-12);  // the lady who tasted tea
  EXPECT_NEAR(MoreFrequentP({4, 4}, {0, 4}), 1.0 / 70, 1e-12);
  EXPECT_NEAR(MoreFrequentP({0, 4}, {3, 4}), 1, 1e-12);
  EXPECT_NEAR(MoreFrequentP({4, 4}, {4, 4}), 1, 1e-12);
  EXPECT_LT(MoreFrequentP({600, 1000}, {50, 1000}), 1e-100);
  EXPECT_EQ(MoreFrequentP({0, 0}, {7, 7}), 1);
}

TEST(QValues, AreBenjaminiAndHochbergs) {
  const double p_values[] = {0.04, 0.001, 0.03, 0.5};
  EXPECT_THAT(QValues(p_values),
              ElementsAre(DoubleNear(0.04 * 4 / 3, 1e-12), DoubleNear(0.004, 1e-12),
                          DoubleNear(0.04 * 4 / 3, 1e-12), DoubleNear(0.5, 1e-12)));
  EXPECT_TRUE(QValues({}).empty());
}

TEST(QValues, LetThroughFewOfMuchNoise) {
  std::mt19937_64 random(7);
  int runs_with_a_discovery = 0;
  for (int run = 0; run < 400; ++run) {
    std::vector<double> p_values(200);
    for (double& p : p_values) p = std::uniform_real_distribution<>(0, 1)(random);
    const std::vector<double> q_values = QValues(p_values);
    runs_with_a_discovery += *std::ranges::min_element(q_values) <= 0.05;
  }
  EXPECT_LT(runs_with_a_discovery, 36);  // 20 are expected
}

}  // namespace
}  // namespace clew::ledger
