// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/search_diffs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "serve/streaming/message_packer.h"

using testing::ElementsAre;

namespace clew::serve {
namespace {

query::TraceSummary Trace(std::string_view hex) {
  query::TraceSummary trace;
  trace.trace_id = *model::TraceId::FromHex(hex);
  return trace;
}

TEST(SearchDiffs, TheFirstTraceGoesAtOnceWithTheProgress) {
  AnswerFeed feed;
  SearchDiffs diffs(feed);
  diffs.OnProgress(1, 3);
  diffs.OnTrace(Trace("1"));
  const std::string end = SearchMetricsPart({.completed = 1, .total = 3}, {});
  EXPECT_EQ(feed.Take().messages.back(), TracePart(Trace("1")) + end);
}

TEST(SearchDiffs, ProgressNeverSaysThatAllIsDone) {
  AnswerFeed feed;
  SearchDiffs diffs(feed);
  diffs.OnProgress(3, 3);
  diffs.OnTrace(Trace("1"));
  EXPECT_TRUE(
      feed.Take().messages.back().ends_with(SearchMetricsPart({.completed = 2, .total = 3}, {})));
}

TEST(SearchDiffs, KeepsEveryTraceForTheWholeAnswer) {
  AnswerFeed feed;
  SearchDiffs diffs(feed);
  diffs.OnTrace(Trace("2"));
  diffs.OnTrace(Trace("1"));
  EXPECT_THAT(diffs.TakeParts(), ElementsAre(TracePart(Trace("2")), TracePart(Trace("1"))));
}

TEST(SearchDiffs, ATraceThatIsTooLargeForAMessageIsLeftToTheEnd) {
  AnswerFeed feed;
  SearchDiffs diffs(feed);
  query::TraceSummary large = Trace("1");
  large.root_name = std::string(kMaxStreamMessageBytes, 'n');
  diffs.OnTrace(large);
  EXPECT_THAT(feed.Take().messages, ElementsAre(SearchMetricsPart({}, {})));
}

}  // namespace
}  // namespace clew::serve
