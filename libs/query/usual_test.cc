// SPDX-License-Identifier: Apache-2.0
#include "query/usual.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/test_effort.h"
#include "derive/usual_times_builder.h"
#include "query/layouts_fixture.h"
#include "query/random_traces_fixture.h"
#include "query/reference_fixture.h"
#include "query/test_spans.h"

namespace clew::query {
namespace {

using model::SpanKind;
using model::ValueView;

constexpr int64_t kSecond = 1'000'000'000;

// Added up from the traces as a query reads them.
derive::UsualTimes Read(const store::Sources& sources, const std::vector<model::TraceId>& ids) {
  std::vector<TraceSummary> traces;
  traces.reserve(ids.size());
  for (const model::TraceId& id : ids) traces.push_back({.trace_id = id});
  ledger::Names names;
  derive::UsualTimesBuilder builder;
  const base::Status read = VisitLedgers(
      {.sources = sources}, traces, names, [&](const VisitedTrace& trace) -> base::Status {
        builder.Add(trace.read.trace, trace.ledger, trace.read.start_unix_nano);
        return {};
      });
  EXPECT_TRUE(read.ok());
  derive::UsualTimes times;
  builder.MoveTo(times, names);
  return times;
}

derive::UsualTimes Told(const store::Block& block) {
  const auto times = block.ReadAllUsualTimes();
  EXPECT_TRUE(times.ok()) << times.error().message;
  return times.value().value_or(derive::UsualTimes());
}

TEST(UsualTimes, AreTheSameFromMemoryAndFromMergedBlocks) {
  for (uint64_t seed = 0; seed < base::TestRounds(150, 3'000); ++seed) {
    const std::vector<reference::Trace> traces = RandomTraces(seed, 1 + seed % 20);
    std::set<model::TraceId> distinct;
    for (const reference::Trace& trace : traces) distinct.insert(trace.trace_id);
    const std::vector<model::TraceId> ids(distinct.begin(), distinct.end());
    const std::vector<Layouts::Part> parts = PartsOf(traces);
    Layouts layouts(100'000);
    std::mt19937_64 random(seed);
    store::Sources split = layouts.Lay(random, parts, 4, 100);
    const auto merged = layouts.Merge(split.blocks);
    store::Sources blocks, memory;
    blocks.blocks.push_back(merged);
    memory.memtables.push_back(Layouts::Fill(parts));
    ASSERT_EQ(Told(*merged), Read(blocks, ids)) << seed;
    ASSERT_EQ(Told(*merged), Read(memory, ids)) << seed;
    ASSERT_EQ(Told(*merged), Read(split, ids)) << seed;
    // And merging a block once more changes nothing.
    ASSERT_EQ(Told(*layouts.Merge({merged})), Told(*merged)) << seed;
  }
}

class UsualTest : public testing::Test {
 protected:
  // A trace of 100 ms, of which pay takes `pay_ms`.
  void Add(uint32_t number, int64_t start, int64_t pay_ms = 20, const std::string& name = "GET") {
    const auto trace = [number] {
      model::TraceId id;
      id.bytes[0] = 1;
      id.bytes[14] = static_cast<uint8_t>(number >> 8);
      id.bytes[15] = static_cast<uint8_t>(number);
      return id;
    }();
    ids_.push_back(trace);
    const auto span = [trace, this](uint8_t id, uint8_t parent, const std::string& service,
                                    const std::string& operation, SpanKind kind, int64_t from,
                                    int64_t to) {
      parts_.push_back([=](model::SpanSink& sink) {
        sink.OnResource({});
        sink.OnAttribute("service.name", ValueView::String(service));
        sink.OnScope({});
        sink.OnSpan({.trace_id = trace,
                     .span_id = SpanOf(id),
                     .parent_span_id = SpanOf(parent),
                     .name = operation,
                     .kind = kind,
                     .start_unix_nano = from,
                     .end_unix_nano = to});
        if (kind == SpanKind::kClient) {
          sink.OnAttribute("net.peer.name", ValueView::String("10.0.0.1"));
          sink.OnAttribute("db.system", ValueView::String("redis"));
        }
      });
    };
    constexpr int64_t kMs = 1'000'000;
    const int64_t end = start + 80 * kMs + pay_ms * kMs;
    span(1, 0, "shop", name, SpanKind::kServer, start, end);
    span(2, 1, "pay", "Charge", SpanKind::kInternal, start + 10 * kMs, start + (10 + pay_ms) * kMs);
    span(3, 1, "shop", "HGET", SpanKind::kClient, end - 20 * kMs, end - 10 * kMs);
  }
  store::Sources Memory() {
    store::Sources sources;
    sources.memtables.push_back(Layouts::Fill(parts_));
    parts_.clear();
    return sources;
  }
  void AddBlock(store::Sources& sources) {
    sources.blocks.push_back(layouts_.Merge({layouts_.Flush(*Layouts::Fill(parts_))}));
    parts_.clear();
  }
  FoundUsual Find(const store::Sources& sources, uint32_t number, int64_t start,
                  bool correct_skew = false) {
    auto found = FindUsual({.sources = sources}, {.trace_id = ids_.at(number),
                                                  .service = "shop",
                                                  .name = "GET",
                                                  .start_unix_nano = start,
                                                  .options = {.correct_skew = correct_skew}});
    EXPECT_TRUE(found.ok());
    return std::move(found).value();
  }

  Layouts layouts_{100'000};
  std::vector<Layouts::Part> parts_;
  std::vector<model::TraceId> ids_;
};

TEST_F(UsualTest, OfFewTracesTheNewestBeforeItAreRead) {
  for (uint32_t i = 0; i < 30; ++i) Add(i, i * kSecond);
  Add(30, 29 * kSecond, 20, "PUT");
  const FoundUsual found = Find(Memory(), 20, 20 * kSecond);
  EXPECT_EQ(found.reference, UsualReference::kNewest);
  EXPECT_TRUE(found.in_time);
  EXPECT_EQ(found.times.traces(), 20U);  // those before it, and not itself
  EXPECT_EQ(found.times.last_start_unix_nano, 19 * kSecond);
}

TEST_F(UsualTest, NoMoreThanEnoughAreRead) {
  for (uint32_t i = 0; i < 260; ++i) Add(i, i * kSecond);
  const FoundUsual found = Find(Memory(), 259, 259 * kSecond);
  EXPECT_EQ(found.times.traces(), 200U);
  EXPECT_EQ(found.times.first_start_unix_nano, 59 * kSecond);
}

TEST_F(UsualTest, BlocksOfTheHourBeforeComeFirst) {
  store::Sources sources;
  for (uint32_t i = 0; i < 220; ++i) Add(i, i);
  AddBlock(sources);
  const int64_t later = 7200 * kSecond;
  for (uint32_t i = 220; i < 440; ++i) Add(i, later + i);
  AddBlock(sources);
  Add(440, later + 3000 * kSecond);
  AddBlock(sources);
  const FoundUsual hour = Find(sources, 440, later + 3000 * kSecond);
  EXPECT_EQ(hour.reference, UsualReference::kHour);
  EXPECT_EQ(hour.times.traces(), 220U);
  EXPECT_EQ(hour.times.first_start_unix_nano, later + 220);
  EXPECT_EQ(Find(sources, 440, later + 9000 * kSecond).reference, UsualReference::kDay);
  const FoundUsual all = Find(sources, 440, later + 90'000 * kSecond);
  EXPECT_EQ(all.reference, UsualReference::kAll);
  EXPECT_EQ(all.times.traces(), 221U);
}

TEST_F(UsualTest, ABlockWithLaterTracesOfTheOperationSaysNothing) {
  store::Sources sources;
  for (uint32_t i = 0; i < 300; ++i) Add(i, i * kSecond);
  AddBlock(sources);
  const FoundUsual found = Find(sources, 50, 50 * kSecond);
  EXPECT_EQ(found.reference, UsualReference::kNewest);
  EXPECT_EQ(found.times.traces(), 50U);
  EXPECT_EQ(Find(sources, 50, 300 * kSecond).times.traces(), 300U);
}

TEST_F(UsualTest, BlocksAndTracesSayTheSame) {
  for (uint32_t i = 0; i < 200; ++i) Add(i, i * kSecond, 10 + i % 17);
  const std::vector<Layouts::Part> parts = parts_;
  store::Sources blocks;
  AddBlock(blocks);
  parts_ = parts;
  ids_.emplace_back();
  const FoundUsual told = Find(blocks, 200, 200 * kSecond);
  EXPECT_EQ(told.reference, UsualReference::kHour);
  const FoundUsual read = Find(Memory(), 200, 200 * kSecond);
  EXPECT_EQ(read.reference, UsualReference::kNewest);
  EXPECT_EQ(told.times, read.times);
  const derive::TimedThing redis{.kind = static_cast<uint8_t>(ledger::Category::kCallee),
                                 .service = "shop",
                                 .operation = "HGET",
                                 .peer = "redis"};
  EXPECT_TRUE(told.times.things.contains(redis));
}

TEST_F(UsualTest, WhatNobodyWaitsForIsApartInBlocksToo) {
  const auto add = [this](uint8_t id, uint8_t parent, int64_t from, int64_t to, bool follows) {
    parts_.push_back([=](model::SpanSink& sink) {
      sink.OnResource({});
      sink.OnAttribute("service.name", ValueView::String("shop"));
      sink.OnScope({});
      sink.OnSpan({.trace_id = TraceOf(1),
                   .span_id = SpanOf(id),
                   .parent_span_id = SpanOf(parent),
                   .name = "op" + std::to_string(id),
                   .start_unix_nano = from,
                   .end_unix_nano = to});
      if (!follows) return;
      sink.OnLink({.trace_id = TraceOf(1), .span_id = SpanOf(parent)});
      sink.OnAttribute("opentracing.ref_type", ValueView::String("follows_from"));
    });
  };
  add(1, 0, 0, 1000, false);
  add(2, 1, 100, 900, true);
  add(3, 1, 200, 500, false);
  add(4, 77, 600, 700, false);  // its parent was not received
  store::Sources sources;
  AddBlock(sources);
  const derive::UsualTimes told = Told(*sources.blocks[0]);
  EXPECT_EQ(told, Read(sources, {TraceOf(1)}));
  const derive::OperationTimes* times = told.Find({.service = "shop", .name = "op1"});
  ASSERT_NE(times, nullptr);
  const derive::TimedThing follower{.service = "shop", .operation = "op2"};
  EXPECT_EQ(times->OfRow(follower).sum_nanos(), 0U);
  const derive::TimedThing child{.service = "shop", .operation = "op3"};
  EXPECT_EQ(times->OfRow(child).sum_nanos(), 300U);
}

TEST_F(UsualTest, WithClocksCorrectedTracesAreReadAnew) {
  store::Sources sources;
  for (uint32_t i = 0; i < 220; ++i) Add(i, i);
  AddBlock(sources);
  ids_.emplace_back();
  EXPECT_EQ(Find(sources, 220, kSecond, true).reference, UsualReference::kNewest);
}

TEST_F(UsualTest, NamesOfAnyBytesAreNoError) {
  Add(0, 0);
  const store::Sources sources = Memory();
  for (const std::string& name : {std::string("a\"b\\c`d\n"), std::string("\0\xff", 2)}) {
    const auto found =
        FindUsual({.sources = sources},
                  {.trace_id = ids_[0], .service = name, .name = name, .start_unix_nano = 9});
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found.value().times.traces(), 0U);
  }
}

}  // namespace
}  // namespace clew::query
