// SPDX-License-Identifier: Apache-2.0
// The spans that a store makes of what it does by itself.
#include "store/upkeep_span.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/fault_storage.h"
#include "base/log.h"
#include "base/memory_storage.h"
#include "model/recording_tracer.h"
#include "store/trace_store_fixture.h"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace clew::store {
namespace {

using Span = model::RecordingTracer::Span;
constexpr std::string_view kOwn = model::RecordingTracer::kOwnTenant;

auto Named(const std::string& name) {
  return testing::Field(&Span::name, name);
}

// Nothing is merged or dropped before it is asked for.
class UpkeepSpanTest : public testing::Test {
 protected:
  std::unique_ptr<TraceStore> Open() { return OpenAndReplay(storage_, options_).value(); }
  void AppendAndFlush(TraceStore& store, uint8_t number, std::string_view tenant = kTestTenant) {
    EXPECT_TRUE(AppendTo(store, BodyOf(number), tenant).ok());
    EXPECT_TRUE(store.Flush().ok());
  }

  model::RecordingTracer tracer_;
  base::MemoryStorage storage_;
  TraceStoreOptions options_{.directory = "data",
                             .wal_segment_bytes = 1 << 20,
                             .compaction = {.fan_in = 2},
                             .idle_look = std::chrono::hours(1),
                             .tracer = &tracer_};
};

TEST_F(UpkeepSpanTest, AFlushSaysWhoseItIsAndHowMuch) {
  const auto store = Open();
  AppendAndFlush(*store, 1);
  ASSERT_THAT(tracer_.ended(), ElementsAre(Named("flush")));
  const Span flush = tracer_.ended()[0];
  EXPECT_EQ(flush.tenant, kTestTenant);
  EXPECT_FALSE(flush.parent);
  EXPECT_EQ(flush.numbers.at("clew.memtables"), 1u);
  EXPECT_EQ(flush.numbers.at("clew.spans"), 1u);
  EXPECT_EQ(flush.numbers.at("clew.written_blocks"), 1u);
  EXPECT_GT(flush.numbers.at("clew.written_bytes"), 0u);
}

TEST_F(UpkeepSpanTest, AFlushOfSeveralTenantsLeavesOutTheTracersOwn) {
  const auto store = Open();
  ASSERT_TRUE(AppendTo(*store, BodyOf(1), "a").ok());
  ASSERT_TRUE(AppendTo(*store, BodyOf(2), "b").ok());
  AppendAndFlush(*store, 3, kOwn);
  ASSERT_FALSE(tracer_.ended().empty());
  uint64_t tenants = 0, spans = 0;
  for (const Span& span : tracer_.ended()) {  // One or two, as the flusher comes to them.
    tenants += span.numbers.at("clew.tenants");
    spans += span.numbers.at("clew.spans");
  }
  EXPECT_EQ(tenants, 2u);
  EXPECT_EQ(spans, 2u);
}

TEST_F(UpkeepSpanTest, WhatIsDoneForTheTracersOwnTenantMakesNoSpan) {
  auto store = Open();
  for (uint8_t i = 1; i <= 3; ++i) AppendAndFlush(*store, i, kOwn);
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().merges, 1u);
  store->SetRetention({.max_bytes = 1});
  ASSERT_TRUE(store->Compact().ok());
  EXPECT_EQ(store->counters().blocks, 0u);
  EXPECT_THAT(tracer_.ended(), IsEmpty());
}

TEST_F(UpkeepSpanTest, ACompactionSaysWhatItMergedAndMade) {
  const auto store = Open();
  for (uint8_t i = 1; i <= 3; ++i) AppendAndFlush(*store, i);
  ASSERT_TRUE(store->Compact().ok());
  ASSERT_THAT(tracer_.ended(),
              ElementsAre(Named("flush"), Named("flush"), Named("flush"), Named("compaction")));
  const Span merge = tracer_.ended()[3];
  EXPECT_EQ(merge.tenant, kTestTenant);
  EXPECT_EQ(merge.numbers.at("clew.blocks"), 3u);
  EXPECT_EQ(merge.numbers.at("clew.spans"), 3u);
  EXPECT_EQ(merge.numbers.at("clew.written_blocks"), 1u);
}

TEST_F(UpkeepSpanTest, BlocksThatAreDroppedAreARetention) {
  const auto store = Open();
  AppendAndFlush(*store, 1);
  AppendAndFlush(*store, 2, kOwn);
  store->SetRetention({.max_bytes = 1});
  ASSERT_TRUE(store->Compact().ok());
  ASSERT_THAT(tracer_.ended(), ElementsAre(Named("flush"), Named("retention")));
  EXPECT_EQ(tracer_.ended()[1].numbers.at("clew.blocks"), 1u);
  EXPECT_EQ(store->counters().dropped_blocks, 2u);
}

TEST_F(UpkeepSpanTest, WhatFailsIsAnErrorThatSaysWhy) {
  base::SetLogSilent();
  base::FaultStorage faulty(storage_,
                            {.kind = base::FaultStorage::Call::kLink, .at = 1, .lasts = true});
  const auto store = OpenAndReplay(faulty, options_).value();
  ASSERT_TRUE(AppendTo(*store, BodyOf(1)).ok());
  EXPECT_FALSE(store->Flush().ok());
  ASSERT_THAT(tracer_.ended(), ElementsAre(Named("flush")));
  EXPECT_THAT(tracer_.ended()[0].error, HasSubstr("cannot link"));
}

}  // namespace
}  // namespace clew::store
