// SPDX-License-Identifier: Apache-2.0
#include "serve/streaming/answer_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>

#include "serve/streaming/message_packer.h"
#include "wire/protobuf_scan.h"

using testing::Each;
using testing::ElementsAre;
using testing::Le;
using testing::SizeIs;

namespace clew::serve {
namespace {

using std::string_literals::operator""s;
using wire::FieldCursor;

// What a field of a message holds, each time that it is there.
std::vector<std::string> BytesOf(std::string_view message, uint32_t field) {
  std::vector<std::string> found;
  FieldCursor cursor(message, message.data());
  while (cursor.Next()) {
    if (cursor.tag() == wire::Tag(field, wire::WireType::kBytes))
      found.emplace_back(cursor.bytes());
  }
  EXPECT_FALSE(cursor.failed());
  return found;
}

query::TraceSummary Trace(size_t spans, size_t name_bytes) {
  query::TraceSummary trace;
  trace.trace_id = *model::TraceId::FromHex("1f");
  trace.spansets.resize(1);
  trace.spansets[0].matched = static_cast<uint32_t>(spans);
  trace.spansets[0].spans.resize(spans);
  for (query::SpanAnswer& span : trace.spansets[0].spans) span.name = std::string(name_bytes, 'n');
  return trace;
}

size_t SpansIn(const std::string& part) {
  return BytesOf(BytesOf(BytesOf(part, 1).at(0), 7).at(0), 1).size();
}

TEST(AnswerParts, ATraceHasTheFactsOfItsJson) {
  query::TraceSummary trace;
  trace.trace_id = *model::TraceId::FromHex("1f");
  trace.start_unix_nano = 300;
  trace.duration_ns = 2'500'000;
  trace.services = {{.service = "s", .span_count = 2, .error_count = 1}};
  EXPECT_EQ(TracePart(trace),
            "\x0a\x32"
            "\x0a\x02"
            "1f"
            "\x12\x1c<root span not yet received>"
            "\x20\xac\x02"
            "\x28\x02"
            "\x42\x09"
            "\x0a\x01s"
            "\x12\x04\x08\x02\x10\x01"s);
}

TEST(AnswerParts, AttributesAreOtlpValuesAndTextsWhereOtlpHasNone) {
  query::Series series;
  series.labels = {{.key = "a", .values = {int64_t{-1}}},
                   {.key = "b", .values = {false}},
                   {.key = "c", .values = {traceql::SpanStatus::kError}},
                   {.key = "d", .values = {std::string("x"), std::string("")}, .is_array = true}};
  series.samples = {0.5};
  EXPECT_THAT(BytesOf(BytesOf(InstantPart(series), 1).at(0), 1),
              ElementsAre("\x0a\x01"
                          "a\x12\x0b\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,
                          "\x0a\x01"
                          "b\x12\x02\x10\x00"s,
                          "\x0a\x01"
                          "c\x12\x07\x0a\x05"
                          "error"s,
                          "\x0a\x01"
                          "d\x12\x0b\x2a\x09\x0a\x03\x0a\x01x\x0a\x02\x0a\x00"s));
}

TEST(AnswerParts, ASpansetGivesSpansUpUntilItsTraceFitsIntoAMessage) {
  EXPECT_EQ(SpansIn(TracePart(Trace(100, 1000))), 100);
  const std::string part = TracePart(Trace(100, 20'000));
  EXPECT_LE(part.size(), kMaxPartBytes);
  EXPECT_EQ(SpansIn(part), 25);
}

TEST(AnswerParts, ASeriesGivesItsExemplarsUpAndLeavesIntervalsWithoutASampleOut) {
  query::Series series;
  series.samples = {1.0, query::kNoSample};
  series.exemplars.resize(2);
  const std::vector<int64_t> times = {1'000'000, 2'000'000};
  const std::string whole = RangePart(times, series);
  EXPECT_THAT(BytesOf(BytesOf(whole, 1).at(0), 4), SizeIs(2));
  EXPECT_THAT(BytesOf(BytesOf(whole, 1).at(0), 2),
              ElementsAre("\x09\x00\x00\x00\x00\x00\x00\xf0\x3f\x10\x01"s));
  series.exemplars[0].labels = {{.key = std::string(kMaxPartBytes, 'k'), .values = {true}}};
  EXPECT_THAT(BytesOf(BytesOf(RangePart(times, series), 1).at(0), 4), SizeIs(0));
}

TEST(AnswerParts, AScopeWithTooManyNamesForAMessageComesInSeveral) {
  EXPECT_THAT(ScopeParts("span", {"a", "b"}), ElementsAre("\x0a\x0c\x0a\x04span\x12\x01"
                                                          "a\x12\x01"
                                                          "b"s));
  const std::vector<std::string> names(3000, std::string(1000, 'n'));
  const std::vector<std::string> parts = ScopeParts("span", names);
  EXPECT_THAT(parts, SizeIs(3));
  EXPECT_THAT(parts, Each(SizeIs(Le(kMaxPartBytes))));
}

TEST(AnswerParts, TheLargestMetricsFitAtTheEndOfAMessage) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  const JobProgress progress{.completed = kMost, .total = kMost};
  EXPECT_LE(SearchMetricsPart(progress, {.traces = kMost, .bytes = kMost}).size(),
            kMessageEndBytes);
  EXPECT_EQ(MetadataMetricsPart({.completed = 1, .total = 2}), "\x12\x04\x10\x02\x18\x01");
}

TEST(MessagePacker, SplitsBetweenPartsAndEndsEachMessage) {
  MessagePacker packer;
  const std::string half(kMaxPartBytes / 2, 'x');
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(packer.Add(half).ok());
  EXPECT_THAT(std::move(packer).Finish("more", "last"),
              ElementsAre(half + half + "more", half + "last"));
}

TEST(MessagePacker, AnAnswerWithoutPartsIsOneMessage) {
  EXPECT_THAT(MessagePacker().Finish("more", "last"), ElementsAre("last"));
}

TEST(MessagePacker, APartMayFillAMessageButNotOverflowIt) {
  MessagePacker packer;
  EXPECT_TRUE(packer.Add(std::string(kMaxPartBytes, 'x')).ok());
  const base::Status refused = packer.Add(std::string(kMaxPartBytes + 1, 'x'));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kTooLarge);
  EXPECT_THAT(std::move(packer).Finish("", std::string(kMessageEndBytes, 'e')),
              ElementsAre(SizeIs(kMaxStreamMessageBytes)));
}

}  // namespace
}  // namespace clew::serve
