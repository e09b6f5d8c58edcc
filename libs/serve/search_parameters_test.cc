// SPDX-License-Identifier: Apache-2.0
#include "serve/search_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "net/http.h"

namespace clew::serve {
namespace {

using testing::ElementsAre;
using testing::Pair;

base::Result<SearchParameters> SearchOf(std::string_view query) {
  ApiRequest request;
  request.parameters = net::ParseQuery(query);
  return ParseSearchParameters(request);
}

std::string SearchErrorOf(std::string_view query) {
  return SearchOf(query).error().message;
}

TEST(SearchParameters, ReadsAllOfThem) {
  const SearchParameters search =
      SearchOf(
          "tags=os.type%3D%22linux%22%20name%3Dx&minDuration=10ms&maxDuration=1s&limit=7&"
          "start=100&end=200&spss=3")
          .value();
  EXPECT_THAT(search.tags, ElementsAre(Pair("os.type", "linux"), Pair("name", "x")));
  EXPECT_EQ(search.min_duration_ns, 10'000'000);
  EXPECT_EQ(search.max_duration_ns, 1'000'000'000);
  EXPECT_EQ(search.limit, 7u);
  EXPECT_EQ(search.range.start_unix_nano, 100'000'000'000);
  EXPECT_EQ(search.range.end_unix_nano, 200'000'000'000);
}

TEST(SearchParameters, AskedNothingIsEverythingUpToTwenty) {
  const SearchParameters search = SearchOf("tags=&start=").value();
  EXPECT_TRUE(search.tags.empty());
  EXPECT_FALSE(search.range.start_unix_nano || search.range.end_unix_nano);
  EXPECT_EQ(search.limit, 20u);
}

TEST(SearchParameters, UnknownOnesAreTagsUnlessANewerFormIsUsed) {
  EXPECT_THAT(SearchOf("service.name=a&limit=5").value().tags,
              ElementsAre(Pair("service.name", "a")));
  EXPECT_TRUE(SearchOf("service.name=a&start=1&end=2").value().tags.empty());
}

TEST(SearchParameters, ExplainsWhatIsWrong) {
  EXPECT_THAT(SearchErrorOf("q=%7B+%7D+%7D"),
              testing::StartsWith("invalid TraceQL query: parse error at line 1, col 5: "));
  EXPECT_THAT(SearchErrorOf("q=%7B+status+%7D"),
              testing::StartsWith("invalid TraceQL query: span filter"));
  EXPECT_THAT(SearchErrorOf("q=%7B+%7D+%7C+rate()"),
              testing::HasSubstr("/api/metrics/query_range"));
  EXPECT_EQ(SearchErrorOf("q=%7B%7D&tags=a"),
            "invalid request: can't specify tags and q in the same query");
  EXPECT_EQ(SearchErrorOf("tags=a=1+a=2"), "invalid tags: tag a has been set twice");
  EXPECT_EQ(SearchErrorOf("tags=%3D1"), "invalid tags: unexpected '=' at pos 1");
  EXPECT_EQ(SearchErrorOf("minDuration=5"),
            "invalid minDuration: time: missing unit in duration \"5\"");
  EXPECT_EQ(SearchErrorOf("minDuration=2s&maxDuration=1s"),
            "invalid maxDuration: must be greater than minDuration");
}

TEST(SearchParameters, RangesMayBeOpenOrOfNoLength) {
  EXPECT_EQ(SearchOf("start=5").value().range.start_unix_nano, 5'000'000'000);
  EXPECT_FALSE(SearchOf("start=5").value().range.end_unix_nano);
  EXPECT_FALSE(SearchOf("end=5").value().range.start_unix_nano);
  EXPECT_EQ(SearchOf("end=5").value().range.end_unix_nano, 5'000'000'000);
  EXPECT_EQ(SearchOf("start=5&end=5").value().range.start_unix_nano, 5'000'000'000);
  EXPECT_EQ(SearchOf("start=5&end=5").value().range.end_unix_nano, 6'000'000'000);
}

TEST(SearchParameters, SinceGoesBeforeARange) {
  const int64_t before = base::Clock::System().UnixNanos();
  const query::TimeRange range = SearchOf("since=1h&start=5&end=6").value().range;
  EXPECT_GE(range.start_unix_nano.value() + 3'600'000'000'000, before);
  EXPECT_LE(range.start_unix_nano.value() + 3'600'000'000'000, base::Clock::System().UnixNanos());
  EXPECT_FALSE(range.end_unix_nano);
  EXPECT_TRUE(SearchOf("since=1h").value().tags.empty());
  EXPECT_EQ(SearchErrorOf("since=5"), "invalid since: time: missing unit in duration \"5\"");
  EXPECT_EQ(SearchErrorOf("since=-5s"), "invalid since: must be a positive duration");
}

TEST(SearchParameters, ExplainsWhatIsOutOfItsLimits) {
  EXPECT_EQ(SearchErrorOf("limit=0"), "invalid limit: must be a positive number");
  EXPECT_EQ(SearchErrorOf("limit=-1"), "invalid limit: must be a positive number");
  EXPECT_EQ(SearchErrorOf("limit=x"), "invalid limit: parsing \"x\": invalid syntax");
  EXPECT_EQ(SearchErrorOf("limit=262145"), "limit 262145 exceeds max limit 262144");
  EXPECT_EQ(SearchErrorOf("spss=101"), "spans per span set exceeds 100. received 101");
  EXPECT_EQ(SearchErrorOf("start=6&end=5"),
            "http parameter start must be before end. received start=6 end=5");
  EXPECT_EQ(SearchErrorOf("start=99999999999&end=1"),
            "invalid start: parsing \"99999999999\": value out of range");
}

}  // namespace
}  // namespace clew::serve
