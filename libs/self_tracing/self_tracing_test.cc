// SPDX-License-Identifier: Apache-2.0
#include "self_tracing/self_tracing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/log.h"
#include "base/log_fields.h"
#include "base/temporary_folder.h"
#include "self_tracing/limits.h"
#include "store/trace_store.h"

namespace clew::self_tracing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The tracer of a real store. Nothing is stored before Run, and nothing by itself.
class SelfTracingTest : public testing::Test {
 protected:
  SelfTracingTest() {
    base::SetLogSilent();
    store_ = store::TraceStore::Open(base::Storage::Local(), base::Clock::System(),
                                     {.directory = folder_.path()})
                 .value();
    EXPECT_TRUE(store_->Replay([](const store::ReplayProgress&) {}).ok());
    ingestor_.emplace(*store_);
  }
  ~SelfTracingTest() override {
    tracing_.Close(milliseconds(0));
    store_->Close();
    loop_.Stop();
    if (thread_.joinable()) thread_.join();
  }

  void Run() {
    ingestor_->Open();
    thread_ = std::thread([this] { loop_.Run(); });
    tracing_.Open(*ingestor_, loop_);
  }
  void Make(int count, const model::OwnSpanStart& start = {.name = "work"}) {
    for (int i = 0; i < count; ++i) (void)tracing_.Begin(start);
  }
  uint64_t StoredSpans(std::string_view tenant) const {
    uint64_t rows = 0;
    for (const auto& memtable : store_->SourcesOf(tenant).memtables)
      rows += memtable->published_rows();
    return rows;
  }

  // Lines of the log that say so.
  static ptrdiff_t DropLines() {
    return std::ranges::count_if(base::RecentLogLines(), [](const std::string& line) {
      return line.find("dropped spans of the server itself") != std::string::npos;
    });
  }

  const base::TemporaryFolder folder_;
  std::unique_ptr<store::TraceStore> store_;
  std::optional<ingest::Ingestor> ingestor_;
  net::EventLoop loop_;
  std::thread thread_;
  SelfTracing tracing_{{.version = "1", .ingest_share = 0, .delay = std::chrono::hours(1)}};
};

TEST_F(SelfTracingTest, SpansAreThoseOfATenantOfTheirOwn) {
  Run();
  Make(3);
  tracing_.Close(seconds(20));
  EXPECT_EQ(StoredSpans(kSelfTenant), 3u);
  EXPECT_EQ(StoredSpans(ingest::kSingleTenant), 0u);
  EXPECT_EQ(tracing_.counters().stored, 3u);
  EXPECT_EQ(tracing_.counters().dropped, 0u);
  // Nobody sent them.
  EXPECT_EQ(ingestor_->counters().requests, 0u);
}

TEST_F(SelfTracingTest, WorkAboutThatTenantMakesNone) {
  Run();
  EXPECT_EQ(tracing_.Begin({.name = "work", .tenant = kSelfTenant}), nullptr);
  EXPECT_NE(tracing_.Begin({.name = "work", .tenant = "shop"}), nullptr);
}

TEST_F(SelfTracingTest, BeforeItIsOpenAndAfterItIsClosedThereAreNone) {
  EXPECT_EQ(tracing_.Begin({.name = "work"}), nullptr);
  Run();
  EXPECT_NE(tracing_.Begin({.name = "work"}), nullptr);
  tracing_.Close(seconds(20));
  EXPECT_EQ(tracing_.Begin({.name = "work"}), nullptr);
}

TEST_F(SelfTracingTest, AChildIsInTheTraceOfItsParent) {
  Run();
  const auto parent = tracing_.Begin({.name = "request"});
  const auto child = tracing_.Begin({.name = "query", .parent = parent->context()});
  EXPECT_EQ(child->context().trace_id, parent->context().trace_id);
  EXPECT_NE(child->context().span_id, parent->context().span_id);
  EXPECT_TRUE(child->context().is_sampled);
  EXPECT_NE(tracing_.Begin({.name = "another"})->context().trace_id, parent->context().trace_id);
}

TEST_F(SelfTracingTest, ACallerThatIsNotSampledHasNoSpansHere) {
  Run();
  model::SpanContext caller = tracing_.Begin({.name = "request"})->context();
  caller.is_sampled = false;
  const model::OwnSpanStart start{
      .name = "work", .kind = model::SpanKind::kServer, .parent = caller};
  EXPECT_EQ(tracing_.Begin(start), nullptr);
}

TEST_F(SelfTracingTest, OfBodiesThatComeInThereIsTheShareThatIsAskedFor) {
  Run();
  const model::OwnSpanStart body{.name = "ingest", .kind = model::SpanKind::kConsumer};
  EXPECT_EQ(tracing_.Begin(body), nullptr);
  SelfTracing all({.version = "1", .ingest_share = 1});
  all.Open(*ingestor_, loop_);
  EXPECT_NE(all.Begin(body), nullptr);
  all.Close(milliseconds(0));
}

TEST_F(SelfTracingTest, WhatIsRefusedIsDroppedAndCounted) {
  thread_ = std::thread([this] { loop_.Run(); });
  tracing_.Open(*ingestor_, loop_);  // which is not open itself
  Make(2);
  tracing_.Close(seconds(20));
  EXPECT_EQ(tracing_.counters().stored, 0u);
  EXPECT_EQ(tracing_.counters().dropped, 2u);
}

TEST_F(SelfTracingTest, OfDroppedSpansTheLogHasOneLineInAWhile) {
  const ptrdiff_t before = DropLines();
  tracing_.Open(*ingestor_, loop_);
  Make(static_cast<int>(kQueuedSpans + kBatchSpans));
  Make(100);
  EXPECT_EQ(DropLines(), before + 1);
  tracing_.Close(milliseconds(200));
  EXPECT_EQ(DropLines(), before + 1);
}

TEST_F(SelfTracingTest, OfSpansThatAreDroppedAtTheEndTheLogHasALineToo) {
  const ptrdiff_t before = DropLines();
  tracing_.Open(*ingestor_, loop_);
  Make(2);
  EXPECT_EQ(DropLines(), before);
  tracing_.Close(milliseconds(200));
  EXPECT_EQ(DropLines(), before + 1);
}

// The loop does not run: nothing that waits is ever answered.
TEST_F(SelfTracingTest, SpansThatFindTheQueueFullAreDroppedAtOnce) {
  tracing_.Open(*ingestor_, loop_);
  constexpr int kMore = 100;
  Make(static_cast<int>(kQueuedSpans + kBatchSpans) + kMore);
  EXPECT_GE(tracing_.counters().dropped, uint64_t{kMore});
  tracing_.Close(milliseconds(200));
  EXPECT_EQ(tracing_.counters().dropped, kQueuedSpans + kBatchSpans + kMore);
}

}  // namespace
}  // namespace clew::self_tracing
