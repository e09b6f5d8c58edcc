// SPDX-License-Identifier: Apache-2.0
// Values of tags among the spans that a filter selects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/test_effort.h"
#include "query/layouts_fixture.h"
#include "query/random_traces_fixture.h"
#include "query/reference_fixture.h"
#include "query/tags.h"
#include "query/test_spans.h"
#include "traceql/lenient.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::query {
namespace {

using Values = std::vector<TagValue>;

Values Narrowed(const store::Sources& sources, const Tag& tag, const std::string& filter) {
  return ListNarrowedTagValues(sources, NarrowedTag{tag, traceql::ParseLenient(filter).value()})
      .value();
}

traceql::FieldExpr Everything() {
  return {.node = traceql::Static(true)};
}

traceql::FieldExpr FilterOf(const std::string& text) {
  std::optional<traceql::FieldExpr> filter = traceql::ParseLenient(text);
  return filter ? *std::move(filter) : Everything();
}

class NarrowedTags : public testing::Test {
 protected:
  NarrowedTags() {
    Fill(memtable_, {{.trace = 1, .span = 1, .service = "web", .name = "GET", .tag = "red"},
                     {.trace = 1, .span = 2, .parent = 1, .service = "db", .tag = "blue"},
                     {.trace = 1, .span = 3, .parent = 1, .service = "db", .event = "retry"},
                     {.trace = 2, .span = 4, .service = "db", .name = "cron", .error = true}});
  }
  std::vector<std::string> Of(const Tag& tag, const std::string& filter) {
    std::vector<std::string> texts;
    for (TagValue& value : Narrowed(SourcesOf(memtable_), tag, filter)) {
      texts.push_back(value.type + " " + value.value);
    }
    return texts;
  }
  std::vector<std::string> CountsOf(const Tag& tag, const std::string& filter) {
    std::vector<std::string> texts;
    const auto counted = CountTagValues(SourcesOf(memtable_), {tag, FilterOf(filter)});
    for (const CountedValue& one : counted.value()) {
      texts.push_back(one.value.value + " " + std::to_string(one.spans));
    }
    return texts;
  }
  std::vector<std::string> NamesOf(const std::vector<TagScope>& scopes, const std::string& filter) {
    std::vector<std::string> texts;
    const auto counted = CountTagNames(SourcesOf(memtable_), scopes, FilterOf(filter));
    for (const CountedName& one : counted.value()) {
      texts.push_back(one.name + " " + std::to_string(one.spans));
    }
    return texts;
  }

 private:
  store::Memtable memtable_;
};

TEST_F(NarrowedTags, AreThoseOfTheSpansThatMatch) {
  const Tag number{TagScope::kSpan, "number"};
  EXPECT_THAT(Of(number, R"({ resource.service.name = "db" })"),
              ElementsAre("int 2", "int 3", "int 4"));
  EXPECT_THAT(Of(number, R"({ resource.service.name = "db" && span.tag = "blue" })"),
              ElementsAre("int 2"));
  EXPECT_THAT(Of(number, R"({ span.tag = "green" })"), IsEmpty());
  EXPECT_THAT(Of({TagScope::kAny, "service.name"}, "{ .number > 1 }"), ElementsAre("string db"));
  EXPECT_THAT(Of({TagScope::kEvent, "event.tag"}, "{ .number > 1 }"), ElementsAre("string retry"));
}

TEST_F(NarrowedTags, OfIntrinsicsAreKeywordsAndTexts) {
  EXPECT_THAT(Of({TagScope::kIntrinsic, "status"}, R"({ .service.name = "db" })"),
              ElementsAre("keyword error", "keyword unset"));
  EXPECT_THAT(Of({TagScope::kIntrinsic, "name"}, "{ status = error }"), ElementsAre("string cron"));
  EXPECT_THAT(Of({TagScope::kIntrinsic, "event:name"}, R"({ .service.name = "db" })"),
              ElementsAre("string retry"));
  EXPECT_THAT(Of({TagScope::kIntrinsic, "duration"}, R"({ .service.name = "db" })"), IsEmpty());
}

TEST_F(NarrowedTags, OfTheRootAreThoseOfTheirTraces) {
  const Tag root{TagScope::kIntrinsic, "rootName"};
  EXPECT_THAT(Of(root, R"({ span.tag = "blue" })"), ElementsAre("string GET"));
  EXPECT_THAT(Of({TagScope::kSpan, "tag"}, R"({ rootName = "GET" })"),
              ElementsAre("string blue", "string red"));
}

TEST_F(NarrowedTags, CountTheSpansThatHaveAValue) {
  EXPECT_THAT(CountsOf({TagScope::kResource, "service.name"}, "{ }"), ElementsAre("db 3", "web 1"));
  EXPECT_THAT(CountsOf({TagScope::kIntrinsic, "status"}, R"({ .service.name = "db" })"),
              ElementsAre("error 1", "unset 2"));
  EXPECT_THAT(CountsOf({TagScope::kEvent, "event.tag"}, "{ }"), ElementsAre("retry 1"));
  EXPECT_THAT(CountsOf({TagScope::kSpan, "tag"}, R"({ span.tag = "green" })"), IsEmpty());
}

TEST_F(NarrowedTags, CountTheSpansThatHaveAnAttribute) {
  const std::vector<TagScope> scopes = {TagScope::kResource, TagScope::kSpan, TagScope::kEvent};
  EXPECT_THAT(NamesOf(scopes, "{ }"),
              ElementsAre("service.name 4", "number 4", "tag 2", "event.tag 1"));
  EXPECT_THAT(NamesOf(scopes, "{ status = error }"), ElementsAre("service.name 1", "number 1"));
  EXPECT_THAT(NamesOf({TagScope::kLink}, "{ }"), IsEmpty());
}

// A span that has a value in both scopes counts once for it, and twice when they differ.
TEST(CountedTags, OfAnyScopeCountSpansAndNotAttributes) {
  store::Memtable memtable;
  for (uint8_t i = 1; i <= 3; ++i) {
    memtable.OnResource({});
    memtable.OnAttribute("k", model::ValueView::String("x"));
    memtable.OnScope({});
    memtable.OnSpan({.trace_id = TraceOf(1), .span_id = SpanOf(i), .parent_span_id = {}});
    if (i > 1) memtable.OnAttribute("k", model::ValueView::String(i == 2 ? "x" : "y"));
  }
  memtable.Publish(memtable.FinishBody());
  const auto counted = CountTagValues(SourcesOf(memtable), {{TagScope::kAny, "k"}, Everything()});
  ASSERT_EQ(counted.value().size(), 2u);
  EXPECT_EQ(counted.value()[0].spans, 3u);  // x
  EXPECT_EQ(counted.value()[1].spans, 1u);  // y
}

using Counts = std::map<TagValue, uint64_t>;

Counts CountsOf(const store::Sources& sources, const Tag& tag, traceql::FieldExpr filter) {
  Counts counts;
  const auto counted = CountTagValues(sources, NarrowedTag{tag, std::move(filter)});
  for (const CountedValue& one : counted.value()) {
    counts[one.value] = one.spans;
  }
  return counts;
}

// Wherever spans lie: those for which a filter holds and those for which it does not have all
// the values there are, and neither has others; nor are there other spans to count.
TEST(NarrowedTagsOfRandomTraces, AreAllValuesBetweenAFilterAndItsOpposite) {
  const std::vector<Tag> tags = {
      {TagScope::kAny, "a"},           {TagScope::kSpan, "http.code"},
      {TagScope::kResource, "b"},      {TagScope::kIntrinsic, "name"},
      {TagScope::kIntrinsic, "kind"},  {TagScope::kIntrinsic, "instrumentation:name"},
      {TagScope::kIntrinsic, "status"}};
  const std::vector<std::string> filters = {
      ".a = 1",       "span.b != 2",     "name = \"get\"",
      "status = ok",  "duration > 0s",   ".c =~ \"x.*\"",
      ".a + .b = 3",  "kind != server",  "rootName = \"put\"",
      "parent.a = 1", "span.a > span.b", "event:name = \"e\""};
  std::mt19937_64 random(1);
  for (uint64_t seed = 1; seed <= base::TestRounds(20, 500); ++seed) {
    Layouts layouts(20, {512, 3, 12});
    const std::vector<reference::Trace> traces = RandomTraces(seed, 15);
    const store::Sources sources = layouts.Lay(random, PartsOf(traces), 3, 60);
    for (const Tag& tag : tags) {
      const Values all = ListTagValues(sources, tag).value();
      EXPECT_EQ(ListNarrowedTagValues(sources, NarrowedTag{tag, Everything()}).value(), all);
      const Counts counts = CountsOf(sources, tag, Everything());
      for (const std::string& filter : filters) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ": " + tag.key + " of " + filter);
        const Values with = Narrowed(sources, tag, "{ " + filter + " }");
        const Values without = Narrowed(sources, tag, "{ !(" + filter + ") }");
        Values both;
        std::ranges::set_union(with, without, std::back_inserter(both));
        EXPECT_EQ(both, all);
        Counts sums = CountsOf(sources, tag, FilterOf("{ " + filter + " }"));
        for (const auto& [value, spans] :
             CountsOf(sources, tag, FilterOf("{ !(" + filter + ") }"))) {
          sums[value] += spans;
        }
        EXPECT_EQ(sums, counts);
      }
    }
  }
}

}  // namespace
}  // namespace clew::query
