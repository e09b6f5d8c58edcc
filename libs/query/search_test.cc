// SPDX-License-Identifier: Apache-2.0
#include "query/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

#include "query/tags.h"
#include "query/trace_lookup.h"
#include "wire/span_transcript.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::query {
namespace {

using model::ValueView;

struct TestSpan {
  uint8_t trace = 1;
  uint8_t span = 1;
  uint8_t parent = 0;
  int64_t start = 100;
  int64_t end = 200;
  std::string service = "shop";
  std::string name = "op";
  std::string tag = "";
  bool error = false;
};

model::TraceId TraceOf(uint8_t number) {
  model::TraceId id;
  id.bytes[15] = number;
  return id;
}

model::SpanId SpanOf(uint8_t number) {
  model::SpanId id;
  id.bytes[7] = number;
  return id;
}

void Fill(store::Memtable& memtable, const std::vector<TestSpan>& spans) {
  for (const TestSpan& span : spans) {
    memtable.OnResource({});
    memtable.OnAttribute("service.name", ValueView::String(span.service));
    memtable.OnScope({});
    memtable.OnSpan(
        {.trace_id = TraceOf(span.trace),
         .span_id = SpanOf(span.span),
         .parent_span_id = SpanOf(span.parent),
         .name = span.name,
         .start_unix_nano = span.start,
         .end_unix_nano = span.end,
         .status_code = span.error ? model::StatusCode::kError : model::StatusCode::kUnset});
    if (!span.tag.empty()) memtable.OnAttribute("tag", ValueView::String(span.tag));
    memtable.OnAttribute("number", ValueView::Int(span.span));
  }
  memtable.Publish(memtable.FinishBody());
}

std::vector<int> Found(const std::vector<TestSpan>& spans, const SearchRequest& request) {
  store::Memtable memtable;
  Fill(memtable, spans);
  std::vector<int> traces;
  for (const TraceSummary& trace : Search(memtable, request).traces) {
    traces.push_back(trace.trace_id.bytes[15]);
  }
  return traces;
}

SearchRequest Tags(std::vector<TagPredicate> tags) {
  SearchRequest request;
  request.tags = std::move(tags);
  return request;
}

TEST(Search, NewestFirstAndCutAtTheLimit) {
  SearchRequest request;
  request.limit = 2;
  EXPECT_THAT(
      Found({{.trace = 1, .start = 10}, {.trace = 2, .start = 30}, {.trace = 3, .start = 20}},
            request),
      ElementsAre(2, 3));
}

TEST(Search, AllTagsMustHoldOnOneSpan) {
  const std::vector<TestSpan> spans = {{.trace = 1, .span = 1, .name = "pay", .tag = "blue"},
                                       {.trace = 2, .span = 1, .name = "pay", .tag = "red"},
                                       {.trace = 2, .span = 2, .name = "ship", .tag = "blue"}};
  EXPECT_THAT(Found(spans, Tags({{"name", "pay"}, {"tag", "blue"}})), ElementsAre(1));
}

TEST(Search, ValuesMatchAsPartsWithoutRegardToCase) {
  EXPECT_THAT(Found({{.tag = "DarkBlue"}}, Tags({{"tag", "blue"}})), ElementsAre(1));
  EXPECT_THAT(Found({{.tag = "red"}}, Tags({{"tag", "blue"}})), IsEmpty());
  EXPECT_THAT(Found({{.span = 42}}, Tags({{"number", "42"}})), ElementsAre(1));
  EXPECT_THAT(Found({{.service = "shop"}}, Tags({{"service.name", "SHOP"}})), ElementsAre(1));
}

TEST(Search, ErrorAndStatusAreTheSpansOwn) {
  const std::vector<TestSpan> spans = {{.trace = 1}, {.trace = 2, .error = true}};
  EXPECT_THAT(Found(spans, Tags({{"error", "true"}})), ElementsAre(2));
  EXPECT_THAT(Found(spans, Tags({{"status.code", "Unset"}})), ElementsAre(1));
}

TEST(Search, DurationsAreThoseOfTheTrace) {
  const std::vector<TestSpan> spans = {
      {.trace = 1, .span = 1, .start = 0, .end = 10},
      {.trace = 1, .span = 2, .parent = 1, .start = 90, .end = 100},
      {.trace = 2, .start = 0, .end = 99}};
  SearchRequest request;
  request.min_duration_ns = 100;
  EXPECT_THAT(Found(spans, request), ElementsAre(1));
  request.min_duration_ns.reset();
  request.max_duration_ns = 99;
  EXPECT_THAT(Found(spans, request), ElementsAre(2));
}

TEST(Search, ARangeIsHalfOpenOnTheStart) {
  const std::vector<TestSpan> spans = {{.trace = 1, .start = 10}, {.trace = 2, .start = 20}};
  SearchRequest request;
  request.start_unix_nano = 10;
  request.end_unix_nano = 20;
  EXPECT_THAT(Found(spans, request), ElementsAre(1));
}

TEST(Search, SumsUpATrace) {
  store::Memtable memtable;
  Fill(memtable,
       {{.span = 2, .parent = 1, .start = 110, .end = 300, .service = "db", .error = true},
        {.span = 1, .start = 100, .end = 200, .name = "root"}});
  const TraceSummary trace = Search(memtable, {}).traces.at(0);
  EXPECT_EQ(trace.root_service, "shop");
  EXPECT_EQ(trace.root_name, "root");
  EXPECT_EQ(trace.duration_ns, 200);
  ASSERT_EQ(trace.services.size(), 2u);
  EXPECT_EQ(trace.services[0].service, "db");
  EXPECT_EQ(trace.services[0].error_count, 1u);
}

TEST(Search, ATraceWithoutItsRootSaysSo) {
  store::Memtable memtable;
  Fill(memtable, {{.span = 2, .parent = 1}});
  EXPECT_FALSE(Search(memtable, {}).traces.at(0).root_found);
}

TEST(Search, TheRootDoesNotDependOnTheOrderOfArrival) {
  const TestSpan one{.span = 1, .name = "one"};
  const TestSpan two{.span = 2, .name = "two"};
  for (const auto& spans : {std::vector{one, two}, std::vector{two, one}}) {
    store::Memtable memtable;
    Fill(memtable, spans);
    EXPECT_EQ(Search(memtable, {}).traces.at(0).root_name, "one");
  }
}

// Rows and resources of a trace keep coming while it is searched for.
TEST(Search, RunsBesideTheWriter) {
  store::Memtable memtable;
  Fill(memtable, {{.span = 1}});
  std::thread writer([&] {
    for (int i = 0; i < 3000; ++i) {
      Fill(memtable, {{.span = 2, .parent = 1, .service = "s" + std::to_string(i)}});
    }
  });
  while (memtable.published_rows() < 3001) {
    const SearchResult result = Search(memtable, {});
    ASSERT_EQ(result.traces.size(), 1u);
    ASSERT_EQ(result.traces[0].root_name, "op");
  }
  writer.join();
}

// The naive way: every trace, every span, no index and no dictionary.
std::vector<int> NaiveSearch(const std::vector<TestSpan>& spans, const std::string& service,
                             const std::string& tag) {
  std::vector<std::pair<int64_t, int>> found;
  for (int trace = 0; trace < 256; ++trace) {
    int64_t start = INT64_MAX;
    bool matches = false;
    for (const TestSpan& span : spans) {
      if (span.trace != trace) continue;
      start = std::min(start, span.start);
      matches |= span.service.find(service) != std::string::npos && !span.tag.empty() &&
                 span.tag.find(tag) != std::string::npos;
    }
    if (matches) found.emplace_back(start, trace);
  }
  std::ranges::sort(found, std::ranges::greater());
  if (found.size() > 20) found.resize(20);
  std::vector<int> traces;
  for (const auto& [start, trace] : found) traces.push_back(trace);
  return traces;
}

TEST(Search, AgreesWithTheNaiveEvaluator) {
  std::mt19937 random(7);
  const auto pick = [&](uint32_t count) { return static_cast<uint8_t>(random() % count); };
  for (int round = 0; round < 100; ++round) {
    std::vector<TestSpan> spans;
    for (int i = 0; i < 120; ++i) {
      TestSpan span{.trace = pick(40), .span = pick(250), .start = pick(100)};
      span.trace = static_cast<uint8_t>(span.trace + 1);
      span.service = "s" + std::to_string(pick(3));
      if (pick(3) != 0) span.tag = "t" + std::to_string(pick(12));
      spans.push_back(span);
    }
    const std::string service = "s" + std::to_string(pick(3));
    const std::string tag = "t" + std::to_string(pick(12));
    ASSERT_EQ(Found(spans, Tags({{"service.name", service}, {"tag", tag}})),
              NaiveSearch(spans, service, tag))
        << "round " << round;
  }
}

TEST(TraceLookup, FindsATraceAndOnlyIt) {
  store::Memtable memtable;
  Fill(memtable, {{.trace = 1}, {.trace = 2}});
  wire::SpanTranscript transcript;
  EXPECT_TRUE(WriteTrace(memtable, TraceOf(1), transcript));
  EXPECT_THAT(transcript.text(), testing::HasSubstr(TraceOf(1).ToHex()));
  EXPECT_THAT(transcript.text(), testing::Not(testing::HasSubstr(TraceOf(2).ToHex())));
  EXPECT_FALSE(WriteTrace(memtable, TraceOf(3), transcript));
}

TEST(Tags, NamesAndValuesAreTypedAndSorted) {
  store::Memtable memtable;
  Fill(memtable, {{.span = 2, .tag = "b"}, {.span = 1, .tag = "a"}});
  EXPECT_THAT(ListTagNames(memtable).span, ElementsAre("number", "tag"));
  EXPECT_THAT(ListTagNames(memtable).resource, ElementsAre("service.name"));
  EXPECT_THAT(ListTagValues(memtable, TagScope::kSpan, "number"),
              ElementsAre(TagValue{"int", "1"}, TagValue{"int", "2"}));
  EXPECT_THAT(ListTagValues(memtable, TagScope::kResource, "tag"), IsEmpty());
  EXPECT_THAT(ListIntrinsicValues(memtable, "status"), ElementsAre(TagValue{"keyword", "unset"}));
}

TEST(Tags, WhatIsNotPublishedIsNotListed) {
  store::Memtable memtable;
  Fill(memtable, {{.tag = "a"}});
  memtable.OnResource({});
  memtable.OnScope({});
  memtable.OnSpan({.trace_id = TraceOf(9), .span_id = SpanOf(9), .parent_span_id = {}});
  memtable.OnAttribute("tag", ValueView::String("secret"));
  memtable.FinishBody();
  EXPECT_THAT(ListTagValues(memtable, TagScope::kAny, "tag"), ElementsAre(TagValue{"string", "a"}));
}

}  // namespace
}  // namespace clew::query
