// SPDX-License-Identifier: Apache-2.0
#include "query/scan_threads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace clew::query {
namespace {

TEST(ScanThreads, DoesEachPartOnce) {
  ScanThreads threads(3);
  std::vector<int> times(1000);
  threads.ForEach(times.size(), [&](size_t part, size_t) { ++times[part]; });
  EXPECT_THAT(times, testing::Each(1));
}

TEST(ScanThreads, GivesAWorkerOnePartAtATime) {
  ScanThreads threads(3);
  std::vector<uint64_t> sums(threads.workers());  // no lock: a race is for the sanitizer to find
  threads.ForEach(1000, [&](size_t part, size_t worker) { sums.at(worker) += part; });
  EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), uint64_t{0}), 999u * 1000 / 2);
}

TEST(ScanThreads, HasItAllDoneByTheCallerWithoutThreads) {
  ScanThreads threads(0);
  std::vector<size_t> parts;
  threads.ForEach(3, [&](size_t part, size_t worker) {
    EXPECT_EQ(worker, 0u);
    parts.push_back(part);
  });
  EXPECT_THAT(parts, testing::ElementsAre(0, 1, 2));
  threads.ForEach(0, [](size_t, size_t) { FAIL(); });
}

// The first part waits for the second, so it takes two threads.
TEST(ScanThreads, HelpAQuery) {
  ScanThreads threads(1);
  base::Mutex mutex;
  base::CondVar changed;
  bool begun = false;
  threads.ForEach(2, [&](size_t part, size_t) {
    const base::MutexLock lock(mutex);
    if (part == 1) {
      begun = true;
      changed.NotifyAll();
    }
    while (!begun) changed.Wait(mutex);
  });
  EXPECT_TRUE(begun);
}

TEST(ForEachRange, CallsForRangesThatMakeUpAll) {
  ScanThreads threads(2);
  for (ScanThreads* const some : {&threads, static_cast<ScanThreads*>(nullptr)}) {
    for (const size_t count : {size_t{0}, size_t{1}, size_t{255}, size_t{256}, size_t{1000}}) {
      std::vector<int> times(count);
      ForEachRange(some, count, 256, [&](size_t first, size_t end) {
        EXPECT_EQ(first % 256, 0u);
        EXPECT_LE(end - first, 256u);
        for (size_t i = first; i < end; ++i) ++times[i];
      });
      EXPECT_THAT(times, testing::Each(1)) << count;
    }
  }
}

TEST(ScanThreads, ServeManyQueries) {
  ScanThreads threads(2);
  std::vector<std::thread> queries;
  std::vector<uint64_t> sums(8);
  queries.reserve(sums.size());
  for (uint64_t& sum : sums) {
    queries.emplace_back([&threads, &sum] {
      std::vector<uint64_t> of_workers(threads.workers());
      for (int i = 0; i < 100; ++i) {
        threads.ForEach(10, [&](size_t part, size_t worker) { of_workers[worker] += part; });
      }
      sum = std::accumulate(of_workers.begin(), of_workers.end(), uint64_t{0});
    });
  }
  for (std::thread& query : queries) query.join();
  EXPECT_THAT(sums, testing::Each(4500u));
}

}  // namespace
}  // namespace clew::query
