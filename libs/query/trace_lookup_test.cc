// SPDX-License-Identifier: Apache-2.0
#include "query/trace_lookup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stop_token>
#include <string>
#include <vector>

#include "query/test_spans.h"
#include "wire/span_transcript.h"

using testing::ElementsAre;

namespace clew::query {
namespace {

// Notes the name of each span.
class SpanNames final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override {}
  void OnScope(const model::ScopeView&) override {}
  void OnSpan(const model::SpanView& span) override { names.emplace_back(span.name); }
  void OnEvent(const model::EventView&) override {}
  void OnLink(const model::LinkView&) override {}
  void OnAttribute(std::string_view, const model::ValueView&) override {}
  void OnRejectedSpan(model::RejectReason) override {}

  std::vector<std::string> names;
};

std::vector<std::string> NamesOf(const std::vector<TestSpan>& spans) {
  store::Memtable memtable;
  Fill(memtable, spans);
  SpanNames sink;
  EXPECT_TRUE(WriteTrace(SourcesOf(memtable), TraceOf(1), sink).ok());
  return sink.names;
}

WrittenTrace Written(const std::vector<TestSpan>& spans) {
  store::Memtable memtable;
  for (const TestSpan& span : spans) Fill(memtable, {span});  // each in a request of its own
  wire::SpanTranscript transcript;
  return WriteTrace(SourcesOf(memtable), TraceOf(1), transcript).value();
}

TEST(TraceLookup, FindsATraceAndOnlyIt) {
  store::Memtable memtable;
  Fill(memtable, {{.trace = 1}, {.trace = 2}});
  wire::SpanTranscript transcript;
  EXPECT_EQ(WriteTrace(SourcesOf(memtable), TraceOf(1), transcript).value().span_count, 1u);
  EXPECT_THAT(transcript.text(), testing::HasSubstr(TraceOf(1).ToHex()));
  EXPECT_THAT(transcript.text(), testing::Not(testing::HasSubstr(TraceOf(2).ToHex())));
  EXPECT_EQ(WriteTrace(SourcesOf(memtable), TraceOf(3), transcript).value().span_count, 0u);
}

TEST(TraceLookup, WritesSpansByStartThenId) {
  EXPECT_THAT(NamesOf({{.span = 3, .start = 20, .name = "c"},
                       {.span = 2, .start = 20, .name = "b"},
                       {.span = 9, .start = 10, .name = "a"}}),
              ElementsAre("a", "b", "c"));
}

TEST(TraceLookup, FoldsEqualSpans) {
  const TestSpan span{.tag = "a", .scope = "http", .event = "e", .link = "l"};
  const WrittenTrace written = Written({span, {.span = 2}, span, span});
  EXPECT_EQ(written.span_count, 2u);
  EXPECT_EQ(written.folded_count, 2u);
}

TEST(TraceLookup, KeepsSpansThatShareAnIdButDiffer) {
  const TestSpan span{.tag = "a", .scope = "http", .event = "e", .link = "l"};
  std::vector<TestSpan> spans(9, span);
  spans[1].service = "other";
  spans[2].scope = "other";
  spans[3].name = "other";
  spans[4].tag = "other";
  spans[5].event = "other";
  spans[6].link = "other";
  spans[7].kind = model::SpanKind::kClient;
  spans[8].end = 201;
  EXPECT_EQ(Written(spans).span_count, 9u);
  EXPECT_EQ(Written(spans).folded_count, 0u);
}

TEST(TraceLookup, SpansThatShareStartAndIdComeInAnOrderOfTheirOwn) {
  const TestSpan one{.name = "one"};
  const TestSpan two{.name = "two"};
  EXPECT_EQ(NamesOf({one, two, one}), NamesOf({two, two, one}));
}

TEST(TraceLookup, EndsWhenItIsCancelled) {
  store::Memtable memtable;
  Fill(memtable, {{.trace = 1}});
  std::stop_source nobody_waits;
  nobody_waits.request_stop();
  SpanNames sink;
  EXPECT_EQ(
      WriteTrace(SourcesOf(memtable), TraceOf(1), sink, nobody_waits.get_token()).error().code,
      base::ErrorCode::kCancelled);
  EXPECT_TRUE(sink.names.empty());
}

TEST(TraceLookup, FindsSpansByTheirIdsAlone) {
  store::Memtable one, other;
  Fill(one, {{.span = 1, .name = "a"}, {.span = 2, .name = "b"}, {.trace = 2, .span = 2}});
  Fill(other, {{.span = 2, .start = 300, .name = "twin"}, {.span = 3, .name = "c"}});
  store::Sources sources = SourcesOf(one);
  const std::vector<model::SpanId> ids = {SpanOf(2), SpanOf(3), SpanOf(9)};
  EXPECT_EQ(FindSpans(sources, TraceOf(1), ids).value().rows.size(), 1u);
  sources.memtables.push_back(SourcesOf(other).memtables.front());
  const FoundTrace found = FindSpans(sources, TraceOf(1), ids).value();
  std::vector<std::string_view> names;
  names.reserve(found.rows.size());
  for (const uint32_t row : found.rows) {
    names.push_back(found.memtable->dictionary()[found.memtable->row(row).name]);
  }
  EXPECT_THAT(names, ElementsAre("b", "c", "twin"));
  EXPECT_EQ(FindSpans(sources, TraceOf(7), ids).value().memtable, nullptr);
  EXPECT_NE(FindSpans(sources, TraceOf(1), {}).value().memtable, nullptr);
}

}  // namespace
}  // namespace clew::query
