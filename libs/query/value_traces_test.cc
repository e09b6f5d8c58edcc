// SPDX-License-Identifier: Apache-2.0
// How many traces have a value, wherever their spans lie.
#include "query/value_traces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "base/test_effort.h"
#include "query/layouts_fixture.h"
#include "query/random_traces_fixture.h"
#include "query/reference_fixture.h"
#include "query/test_spans.h"
#include "query/traceql_search.h"
#include "traceql/parser.h"

using testing::ElementsAre;
using testing::IsEmpty;

namespace clew::query {
namespace {

constexpr int64_t kMillisecond = 1'000'000;

traceql::SpansetPipeline PipelineFrom(const std::string& text) {
  return std::get<traceql::SpansetPipeline>(traceql::Parse(text).value().root);
}

std::vector<std::string> Counted(const store::Sources& sources, const Tag& tag,
                                 const std::string& query, const TimeRange& range = {}) {
  std::vector<std::string> texts;
  const auto counted = CountTracesOfValues(sources, tag, PipelineFrom(query), {.range = range});
  for (const ValueTraces& one : counted.value()) {
    texts.push_back(one.value.value + " " + std::to_string(one.traces) + " " +
                    std::to_string(one.p95_seconds));
  }
  return texts;
}

const Tag kServiceTag{TagScope::kResource, "service.name"};
const Tag kStatusTag{TagScope::kIntrinsic, "status"};

const std::vector<TestSpan> kTwoTraces = {
    {.trace = 1, .span = 1, .start = 0, .end = 64 * kMillisecond, .service = "web", .name = "GET"},
    {.trace = 1,
     .span = 2,
     .parent = 1,
     .start = kMillisecond,
     .end = 2 * kMillisecond,
     .service = "db"},
    {.trace = 1,
     .span = 3,
     .parent = 1,
     .start = kMillisecond,
     .end = 2 * kMillisecond,
     .service = "db"},
    {.trace = 2, .span = 4, .start = 0, .end = 4 * kMillisecond, .service = "db", .error = true}};

TEST(ValueTraces, ATraceCountsOnceForAValueOfManySpans) {
  store::Memtable memtable;
  Fill(memtable, kTwoTraces);
  const store::Sources sources = SourcesOf(memtable);
  EXPECT_THAT(Counted(sources, kServiceTag, "{ }"), ElementsAre("db 2 0.064000", "web 1 0.064000"));
  EXPECT_THAT(Counted(sources, kStatusTag, R"({ resource.service.name = "db" })"),
              ElementsAre("error 1 0.004000", "unset 1 0.064000"));
  EXPECT_THAT(Counted(sources, {TagScope::kIntrinsic, "rootName"}, R"({ .service.name = "db" })"),
              ElementsAre("GET 1 0.064000", "op 1 0.004000"));
  EXPECT_THAT(Counted(sources, {TagScope::kSpan, "none"}, "{ }"), IsEmpty());
  EXPECT_THAT(Counted(sources, {TagScope::kIntrinsic, "duration"}, "{ }"), IsEmpty());
}

TEST(ValueTraces, AreThoseThatAWholePipelineLeaves) {
  store::Memtable memtable;
  Fill(memtable, kTwoTraces);
  const store::Sources sources = SourcesOf(memtable);
  EXPECT_THAT(Counted(sources, kServiceTag, "{ } | count() > 1"),
              ElementsAre("db 1 0.064000", "web 1 0.064000"));
  EXPECT_THAT(Counted(sources, kServiceTag, R"({ name = "GET" } >> { })"),
              ElementsAre("db 1 0.064000"));
}

TEST(ValueTraces, ATraceOfSeveralBlocksCountsOnceAndLastsAsLongAsAllOfIt) {
  Layouts layouts;
  store::Sources sources;
  for (const TestSpan& span : kTwoTraces) {
    const auto part = [&](model::SpanSink& sink) { Announce(span, sink); };
    sources.blocks.push_back(layouts.Flush(*Layouts::Fill({part})));
  }
  EXPECT_THAT(Counted(sources, kServiceTag, "{ }"), ElementsAre("db 2 0.064000", "web 1 0.064000"));
  EXPECT_THAT(Counted(sources, {TagScope::kIntrinsic, "rootName"}, R"({ .service.name = "db" })"),
              ElementsAre("GET 1 0.064000", "op 1 0.004000"));
}

// --- over random traces ---

uint64_t TracesFoundBy(const store::Sources& sources, const std::string& query,
                       const TimeRange& range) {
  const traceql::SpansetPipeline pipeline = PipelineFrom(query);
  return Search(sources, TraceqlRequest{.pipeline = pipeline,
                                        .range = range,
                                        .limit = std::numeric_limits<uint32_t>::max()})
      .value()
      .traces.size();
}

const uint64_t kRounds = base::TestRounds(20, 500);

// In every second round with a range.
template <typename Check>
void OverRandomTraces(Check check) {
  std::mt19937_64 random(1);
  for (uint64_t seed = 1; seed <= kRounds; ++seed) {
    Layouts layouts(20, {512, 3, 12});
    const std::vector<reference::Trace> traces = RandomTraces(seed, 15);
    const store::Sources sources = layouts.Lay(random, PartsOf(traces), 3, 70);
    TimeRange range;
    if (seed % 2 == 0) range.start_unix_nano = traces[0].spans[0].start_ns;
    for (const std::string filter :
         {"true", ".a = 1", "status != ok", "kind = server", "rootName = \"put\""}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ": " + filter);
      check(sources, filter, range);
    }
  }
}

struct AskedTag {
  Tag tag;
  std::string field;  // as TraceQL has it
};

std::string Narrower(const std::string& filter, const std::string& field,
                     const std::string& value) {
  return "{ (" + filter + ") && " + field + " = " + value + " }";
}

// Of attributes TraceQL takes 1 and 1.0 for one, so these are not asked.
TEST(ValueTracesOfRandomTraces, AreAsManyAsASearchForTheValueFinds) {
  const std::vector<AskedTag> tags = {
      {kServiceTag, "resource.service.name"},
      {{TagScope::kIntrinsic, "name"}, "name"},
      {kStatusTag, "status"},
      {{TagScope::kIntrinsic, "rootName"}, "rootName"},
      {{TagScope::kIntrinsic, "rootServiceName"}, "rootServiceName"}};
  uint64_t values = 0;
  OverRandomTraces([&](const store::Sources& sources, const std::string& filter,
                       const TimeRange& range) {
    for (const auto& [tag, field] : tags) {
      const auto counted =
          CountTracesOfValues(sources, tag, PipelineFrom("{ " + filter + " }"), {.range = range});
      for (const auto& [value, traces, p95_seconds] : counted.value()) {
        const std::string written =
            value.type == "string" ? "\"" + value.value + "\"" : value.value;
        const std::string search = Narrower(filter, field, written);
        EXPECT_EQ(traces, TracesFoundBy(sources, search, range)) << search;
        ++values;
      }
    }
  });
  EXPECT_GT(values, 20 * kRounds);
}

TEST(ValueTracesOfRandomTraces, AreTheSameTraceByTrace) {
  const std::vector<Tag> tags = {{TagScope::kSpan, "a"},
                                 {TagScope::kAny, "http.code"},
                                 {TagScope::kResource, "b"},
                                 {TagScope::kEvent, "a"},
                                 {TagScope::kIntrinsic, "event:name"},
                                 {TagScope::kIntrinsic, "kind"},
                                 {TagScope::kIntrinsic, "rootServiceName"},
                                 kServiceTag};
  OverRandomTraces(
      [&](const store::Sources& sources, const std::string& filter, const TimeRange& range) {
        for (const Tag& tag : tags) {
          EXPECT_EQ(Counted(sources, tag, "{ " + filter + " }", range),
                    Counted(sources, tag, "{ " + filter + " } | { true }", range))
              << tag.key;
        }
      });
}

}  // namespace
}  // namespace clew::query
