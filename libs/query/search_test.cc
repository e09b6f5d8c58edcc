// SPDX-License-Identifier: Apache-2.0
#include "query/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stop_token>
#include <thread>

#include "query/test_spans.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::query {
namespace {

std::vector<int> Found(const std::vector<TestSpan>& spans, const SearchRequest& request) {
  store::Memtable memtable;
  Fill(memtable, spans);
  const SearchResult result = Search(SourcesOf(memtable), request).value();
  std::vector<int> traces(result.traces.size());
  std::ranges::transform(result.traces, traces.begin(),
                         [](const TraceSummary& trace) { return trace.trace_id.bytes[15]; });
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

class Heard final : public SearchListener {
 public:
  void OnTrace(const TraceSummary& trace) override { traces.push_back(trace.trace_id.bytes[15]); }
  void OnProgress(size_t searched, size_t sources) override { progress = {searched, sources}; }

  std::vector<int> traces;
  std::pair<size_t, size_t> progress;
};

TEST(Search, ItsListenerHearsOfTracesInTheOrderOfTheAnswer) {
  Heard heard;
  SearchRequest request;
  request.listener = &heard;
  store::Memtable early;
  Fill(early, {{.trace = 1, .start = 10}, {.trace = 2, .start = 5}});
  store::Memtable late;
  Fill(late, {{.trace = 2, .start = 40}, {.trace = 3, .start = 20}, {.trace = 4, .start = 1}});
  store::Sources sources = SourcesOf(early);
  sources.memtables.push_back(SourcesOf(late).memtables.front());
  EXPECT_EQ(Search(sources, request).value().traces.size(), 4);
  // Trace 2 begins before 1 and 3, though a span of it is the newest.
  EXPECT_THAT(heard.traces, ElementsAre(3, 1, 2, 4));
  EXPECT_EQ(heard.progress, std::make_pair(size_t{2}, size_t{2}));
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

TEST(Search, KindIsTheSpansOwn) {
  const std::vector<TestSpan> spans = {{.trace = 1, .kind = model::SpanKind::kServer},
                                       {.trace = 2, .kind = model::SpanKind::kClient},
                                       {.trace = 3}};
  EXPECT_THAT(Found(spans, Tags({{"kind", "Server"}})), ElementsAre(1));
  EXPECT_THAT(Found(spans, Tags({{"kind", "unspecified"}})), ElementsAre(3));
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
  request.range.start_unix_nano = 10;
  request.range.end_unix_nano = 20;
  EXPECT_THAT(Found(spans, request), ElementsAre(1));
}

TEST(Search, SumsUpATrace) {
  store::Memtable memtable;
  Fill(memtable,
       {{.span = 2, .parent = 1, .start = 110, .end = 300, .service = "db", .error = true},
        {.span = 1, .start = 100, .end = 200, .name = "root"}});
  const TraceSummary trace = Search(SourcesOf(memtable), {}).value().traces.at(0);
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
  EXPECT_FALSE(Search(SourcesOf(memtable), {}).value().traces.at(0).root_found);
}

TEST(Search, TheRootDoesNotDependOnTheOrderOfArrival) {
  const TestSpan one{.span = 1, .name = "one"};
  const TestSpan two{.span = 2, .name = "two"};
  for (const auto& spans : {std::vector{one, two}, std::vector{two, one}}) {
    store::Memtable memtable;
    Fill(memtable, spans);
    EXPECT_EQ(Search(SourcesOf(memtable), {}).value().traces.at(0).root_name, "one");
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
    const SearchResult result = Search(SourcesOf(memtable), {}).value();
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
  std::vector<int> traces(found.size());
  std::ranges::transform(found, traces.begin(), &std::pair<int64_t, int>::second);
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

TEST(Search, EndsWhenItIsCancelled) {
  store::Memtable memtable;
  Fill(memtable, {{.trace = 1}});
  std::stop_source nobody_waits;
  nobody_waits.request_stop();
  EXPECT_EQ(
      Search(SourcesOf(memtable), Tags({{"tag", "a"}}), nobody_waits.get_token()).error().code,
      base::ErrorCode::kCancelled);
}

}  // namespace
}  // namespace clew::query
