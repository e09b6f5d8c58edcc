// SPDX-License-Identifier: Apache-2.0
#include "net/connection_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/limits.h"

namespace clew::net {
namespace {

TEST(ConnectionLimit, LetsInSoManyAndOneMoreWhenOneHasLeft) {
  ConnectionLimit limit(2);
  EXPECT_TRUE(limit.Enter() && limit.Enter());
  EXPECT_FALSE(limit.Enter());
  EXPECT_EQ(limit.counters().open, 2u);
  EXPECT_EQ(limit.counters().refused, 1u);
  limit.Leave();
  EXPECT_TRUE(limit.Enter());
}

TEST(ConnectionLimit, HasIdleConnectionsClosedBeforeItIsFullAndNotForEachThatComes) {
  ConnectionLimit limit(32);
  int closings = 0;
  limit.OnShortage([&] { return ++closings > 0; });
  for (int i = 0; i < 29; ++i) limit.Enter();
  EXPECT_EQ(closings, 0);
  for (int i = 0; i < 10; ++i) limit.Enter();
  EXPECT_EQ(closings, 1);
}

TEST(ConnectionLimit, RaisesTheDescriptorLimitOfTheProcess) {
  const uint64_t raised = RaiseDescriptorLimit();
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(raised, limit.rlim_cur);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

TEST(ConnectionLimit, LeavesDescriptorsForFiles) {
  EXPECT_EQ(ConnectionsWithin(1024), 768u);
  EXPECT_EQ(ConnectionsWithin(10'000'000), kMaxConnections);
  EXPECT_EQ(ConnectionsWithin(0), kMaxConnections);
}

}  // namespace
}  // namespace clew::net
