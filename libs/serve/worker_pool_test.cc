// SPDX-License-Identifier: Apache-2.0
#include "serve/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>

namespace clew::serve {
namespace {

TEST(WorkerPool, FinishesWhatIsQueuedBeforeItEnds) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(2, 100);
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(pool.TryPost("a", {[&] { ++done; }}));
  }
  EXPECT_EQ(done, 100);
}

TEST(WorkerPool, RefusesWhatItsQueueCannotHold) {
  std::binary_semaphore started(0);
  std::binary_semaphore blocked(0);
  WorkerPool pool(1, 1);
  ASSERT_TRUE(pool.TryPost("a", {[&] {
                             started.release();
                             blocked.acquire();
                           }}));
  started.acquire();
  EXPECT_TRUE(pool.TryPost("a", {[] {}}));
  EXPECT_FALSE(pool.TryPost("a", {[] {}}));
  blocked.release();
}

}  // namespace
}  // namespace clew::serve
