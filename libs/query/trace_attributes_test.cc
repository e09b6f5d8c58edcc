// SPDX-License-Identifier: Apache-2.0
#include "query/trace_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "query/test_spans.h"
#include "query/trace_reader.h"
#include "store/memtable.h"
#include "traceql/parser.h"

namespace clew::query {
namespace {

using model::ValueView;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

class TraceAttributesTest : public testing::Test {
 protected:
  // Adds a trace as it is read from the memtable.
  base::Status Read(uint8_t trace, uint64_t nanos = 100) {
    const store::Sources sources = SourcesOf(memtable_);
    const TimeRange all;
    Regexes regexes;
    TraceReader traces(sources, all, regexes, {}, nullptr);
    std::optional<TraceReader::Trace> found = std::move(traces.Read(TraceOf(trace))).value();
    Cancellation cancellation({});
    return reader_.Read(found->view, found->fields, nanos, cancellation, set_);
  }
  std::vector<std::string> Texts(size_t trace) const {
    std::vector<std::string> texts;
    for (const ledger::Attribute& attribute : set_.traces[trace].attributes) {
      texts.push_back(texts_.text(attribute.key) + " " + texts_.text(attribute.value));
    }
    return texts;
  }
  std::vector<std::string> Names(const std::vector<uint32_t>& codes) const {
    std::vector<std::string> names;
    names.reserve(codes.size());
    for (const uint32_t code : codes) names.push_back(texts_.text(code));
    return names;
  }
  std::vector<std::string> Selecting(const std::string& query) {
    const auto parsed = traceql::Parse(query);
    return Names(SelectingKeys(std::get<traceql::SpansetPipeline>(parsed.value().root), texts_));
  }

  store::Memtable memtable_;
  ledger::Names texts_;
  MemoryBudget memory_{uint64_t{2} << 20};
  TraceAttributeReader reader_{texts_, &memory_};
  SetAttributes set_;
};

TEST_F(TraceAttributesTest, HasEachValueOfSpansAndResourcesOnce) {
  Fill(memtable_, {{.span = 1, .name = "GET", .tag = "a"},
                   {.span = 2, .parent = 1, .name = "GET", .tag = "a", .error = true},
                   {.span = 3, .parent = 1, .service = "pay", .name = "charge"}});
  ASSERT_TRUE(Read(1, 123).ok());
  ASSERT_EQ(set_.traces.size(), 1U);
  EXPECT_EQ(set_.traces[0].nanos, 123U);
  EXPECT_THAT(Texts(0), UnorderedElementsAre(
                            "name \"GET", "name \"charge", "status unset", "status error",
                            "span.tag \"a", "span.number 1", "span.number 2", "span.number 3",
                            "resource.service.name \"shop", "resource.service.name \"pay"));
}

TEST_F(TraceAttributesTest, ANumberIsNotItsText) {
  Announce({}, memtable_);
  memtable_.OnAttribute("code", ValueView::String("504"));
  Announce({.span = 2, .parent = 1}, memtable_);
  memtable_.OnAttribute("code", ValueView::Int(504));
  memtable_.Publish(memtable_.FinishBody());
  ASSERT_TRUE(Read(1).ok());
  EXPECT_THAT(Texts(0), Contains("span.code \"504"));
  EXPECT_THAT(Texts(0), Contains("span.code 504"));
}

TEST_F(TraceAttributesTest, LongTextsAreNotRead) {
  Announce({}, memtable_);
  memtable_.OnAttribute("short",
                        ValueView::String(std::string(TraceAttributeReader::kMostText, 'x')));
  memtable_.OnAttribute("long",
                        ValueView::String(std::string(TraceAttributeReader::kMostText + 1, 'x')));
  memtable_.Publish(memtable_.FinishBody());
  ASSERT_TRUE(Read(1).ok());
  std::vector<uint32_t> keys;
  for (const ledger::Attribute& attribute : set_.traces[0].attributes)
    keys.push_back(attribute.key);
  EXPECT_THAT(Names(keys), Contains("span.short"));
  EXPECT_THAT(Names(keys), Not(Contains("span.long")));
}

TEST_F(TraceAttributesTest, AKeyWithTooManyValuesIsReadNoFurther) {
  for (uint8_t trace = 1; trace <= 2; ++trace) {
    for (size_t i = 0; i < TraceAttributeReader::kMostValues; ++i) {
      Announce({.trace = trace, .start = 100 + static_cast<int64_t>(i), .tag = "same"}, memtable_);
      memtable_.OnAttribute("id", ValueView::String(std::to_string(trace) + std::to_string(i)));
    }
  }
  memtable_.Publish(memtable_.FinishBody());
  ASSERT_TRUE(Read(1).ok());
  EXPECT_THAT(reader_.KeysOfTooMany(), IsEmpty());
  ASSERT_TRUE(Read(2).ok());
  EXPECT_THAT(Names(reader_.KeysOfTooMany()), ElementsAre("span.id"));
  EXPECT_THAT(Texts(1), Contains("span.tag \"same"));
  EXPECT_LT(set_.traces[1].attributes.size(), 10U);
}

TEST_F(TraceAttributesTest, WhatIsOverTheBudgetIsAnError) {
  for (int i = 0; i < 3000; ++i) {
    Announce({.start = 100 + i}, memtable_);
    memtable_.OnAttribute("id", ValueView::String(std::string(900, 'x') + std::to_string(i)));
  }
  memtable_.Publish(memtable_.FinishBody());
  EXPECT_EQ(Read(1).error().code, base::ErrorCode::kExhausted);
}

TEST_F(TraceAttributesTest, PastItsBoundTracesAreCountedOnly) {
  Fill(memtable_, {{.span = 1}});
  set_.bytes = SetAttributes::kMostBytes;
  ASSERT_TRUE(Read(1).ok());
  EXPECT_THAT(set_.traces, IsEmpty());
  EXPECT_EQ(set_.unread, 1U);
}

TEST_F(TraceAttributesTest, KnowsTheKeysThatAQuerySelectsBy) {
  EXPECT_THAT(Selecting("{ span.a = 1 && resource.b = 2 } | select(span.c) | by(span.d)"),
              UnorderedElementsAre("span.a", "resource.b"));
  EXPECT_THAT(Selecting("{ .a = 1 } && none({ status = error && name = \"x\" })"),
              UnorderedElementsAre("span.a", "resource.a", "status", "name"));
  EXPECT_THAT(Selecting("{ } | max(span.size) > 3"), UnorderedElementsAre("span.size"));
  EXPECT_THAT(Selecting("{ }"), IsEmpty());
}

}  // namespace
}  // namespace clew::query
