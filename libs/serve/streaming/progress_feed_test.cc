// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/progress_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "serve/limits.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::serve {
namespace {

class ProgressFeedTest : public testing::Test {
 protected:
  // What is offered when that is told after the interval.
  std::vector<std::string> After(size_t done, size_t all) {
    std::this_thread::sleep_for(kDiffInterval);
    progress_.OnProgress(done, all);
    return feed_.Take().messages;
  }

  AnswerFeed feed_;
  ProgressFeed progress_{feed_};
};

TEST_F(ProgressFeedTest, TellsNowAndThen) {
  EXPECT_THAT(After(1, 5), ElementsAre(SearchMetricsPart({.completed = 1, .total = 5}, {})));
  progress_.OnProgress(2, 5);
  EXPECT_THAT(feed_.Take().messages, IsEmpty());
  EXPECT_THAT(After(3, 5), ElementsAre(SearchMetricsPart({.completed = 3, .total = 5}, {})));
}

TEST_F(ProgressFeedTest, NeverGoesBack) {
  progress_.OnProgress(4, 5);
  EXPECT_THAT(After(3, 5), IsEmpty());
  EXPECT_THAT(After(9, 10), ElementsAre(SearchMetricsPart({.completed = 9, .total = 10}, {})));
}

TEST_F(ProgressFeedTest, NeverSaysThatAllIsDone) {
  EXPECT_THAT(After(5, 5), ElementsAre(SearchMetricsPart({.completed = 4, .total = 5}, {})));
}

}  // namespace
}  // namespace clew::serve
