// SPDX-License-Identifier: Apache-2.0
#include "query/keep_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/memory_storage.h"
#include "base/test_effort.h"
#include "query/answers_fixture.h"
#include "query/layouts_fixture.h"
#include "query/random_traceql_fixture.h"
#include "query/random_traces_fixture.h"
#include "query/reference_fixture.h"
#include "query/test_spans.h"
#include "query/traceql_search.h"
#include "store/trace_store_fixture.h"
#include "traceql/parser.h"
#include "traceql/validate.h"
#include "wire/otlp_writer.h"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

namespace clew::query {
namespace {

constexpr int64_t kDay = int64_t{86'400} * 1'000'000'000;
constexpr int64_t kStart = 20'000 * kDay;

traceql::SpansetPipeline PipelineOf(const std::string& text) {
  traceql::Query query = std::move(traceql::Parse(text)).value();
  return std::move(std::get<traceql::SpansetPipeline>(query.root));
}

std::shared_ptr<const store::KeepRule> RuleOf(const std::map<std::string, int64_t>& ages_ns) {
  std::vector<KeepQuery> queries;
  queries.reserve(ages_ns.size());
  for (const auto& [text, age_ns] : ages_ns) queries.push_back({PipelineOf(text), age_ns});
  return MakeKeepRule(std::move(queries)).value();
}

// --- What is kept ---

class KeepRuleTest : public testing::Test {
 protected:
  std::shared_ptr<const store::Block> Block(const std::vector<TestSpan>& spans) {
    store::Memtable memtable;
    Fill(memtable, spans);
    return layouts_.Flush(memtable);
  }

  Layouts layouts_;
};

TEST_F(KeepRuleTest, ATraceIsKeptForTheLongestOfTheQueriesThatFindIt) {
  const auto block = Block({{.trace = 1, .error = true},
                            {.trace = 2, .end = 900},
                            {.trace = 3, .end = 900, .error = true},
                            {.trace = 4}});
  const auto rule = RuleOf({{"{ status = error }", 30 * kDay}, {"{ duration > 500ns }", 9 * kDay}});
  EXPECT_EQ(rule->longest_ns(), 30 * kDay);
  const auto selection = rule->Select({block}, {.memtables = {}, .blocks = {block}}, {}).value();
  EXPECT_THAT(selection.kept_ns, ElementsAre(Pair(9 * kDay, ElementsAre(TraceOf(2))),
                                             Pair(30 * kDay, ElementsAre(TraceOf(1), TraceOf(3)))));
}

TEST_F(KeepRuleTest, ATraceIsKeptForASpanThatLiesElsewhere) {
  const auto expired = Block({{.trace = 1}, {.trace = 2}, {.trace = 3}});
  const auto live = Block({{.trace = 2, .span = 2, .parent = 1, .error = true}});
  auto memory = std::make_shared<store::Memtable>();
  Fill(*memory, {{.trace = 3, .span = 2, .error = true}, {.trace = 9, .error = true}});
  const auto rule = RuleOf({{"{ status != error } && { status = error }", kDay}});
  const auto selection =
      rule->Select({expired}, {.memtables = {memory}, .blocks = {live, expired}}, {}).value();
  EXPECT_THAT(selection.kept_ns, ElementsAre(Pair(kDay, ElementsAre(TraceOf(2), TraceOf(3)))));
  EXPECT_THAT(rule->Select({expired}, {.memtables = {}, .blocks = {expired}}, {}).value().kept_ns,
              IsEmpty());
}

TEST_F(KeepRuleTest, WhatIsAboutAllTracesIsRefused) {
  std::vector<KeepQuery> queries;
  queries.push_back({PipelineOf("{ status = error } | limit(3)"), kDay});
  EXPECT_THAT(MakeKeepRule(std::move(queries)).error().message, HasSubstr("limit()"));
}

// Some of the blocks, and the traces that have spans in them.
struct Expiring {
  std::vector<std::shared_ptr<const store::Block>> blocks{};
  std::set<model::TraceId> traces{};
};
Expiring SomeOf(const store::Sources& sources, std::mt19937_64& random) {
  Expiring expiring;
  for (const auto& block : sources.blocks) {
    if (random() % 2 == 0) continue;
    expiring.blocks.push_back(block);
    const auto fragments = block->ReadFragments();
    for (const auto& fragment : fragments.value()) expiring.traces.insert(fragment.trace_id);
  }
  return expiring;
}

// Those that the query finds in all sources.
std::vector<model::TraceId> FoundOf(const std::set<model::TraceId>& traces, const std::string& text,
                                    const store::Sources& sources) {
  const auto pipeline = PipelineOf(text);
  const auto found = Search(sources, {.pipeline = pipeline, .limit = 1000}).value();
  std::set<model::TraceId> wanted;
  for (const TraceSummary& trace : found.traces) {
    if (traces.contains(trace.trace_id)) wanted.insert(trace.trace_id);
  }
  return {wanted.begin(), wanted.end()};
}

// Of the traces of some blocks a rule keeps those that a search over all sources finds.
TEST(KeepRule, KeepsWhatASearchFinds) {
  const char* const seed_text = std::getenv("CLEW_SEED");
  const uint64_t first = seed_text == nullptr ? 1 : std::strtoull(seed_text, nullptr, 10);
  uint64_t queries_run = 0, kept_something = 0;
  for (uint64_t seed = first; seed < first + base::TestRounds(60, 600); ++seed) {
    std::mt19937_64 random(seed);
    const auto traces = RandomTraces(seed, 1 + random() % 20);
    const auto parts = PartsOf(traces);
    Layouts layouts;
    const store::Sources sources = layouts.Compact(random, layouts.Lay(random, parts, 8, 80));
    const Expiring expiring = SomeOf(sources, random);
    RandomTraceql texts(seed);
    for (int i = 0; i < 30; ++i) {
      const std::string text = texts.Search();
      SCOPED_TRACE("seed " + std::to_string(seed) + " " + text);
      const auto query = traceql::Parse(text);
      if (!query.ok() || !traceql::Validate(query.value()).ok()) continue;
      std::vector<KeepQuery> queries;
      queries.push_back({PipelineOf(text), kDay});
      const auto rule = MakeKeepRule(std::move(queries));
      if (!rule.ok()) continue;
      const auto selection = rule.value()->Select(expiring.blocks, sources, {}).value();
      std::vector<model::TraceId> kept;
      if (!selection.kept_ns.empty()) kept = selection.kept_ns.at(kDay);
      ASSERT_EQ(kept, FoundOf(expiring.traces, text, sources));
      ++queries_run;
      kept_something += kept.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(kept_something * 10, queries_run * 3);
}

// --- A store that ages ---

std::string BodyOf(const std::vector<TestSpan>& spans) {
  wire::OtlpWriter writer;
  for (const TestSpan& span : spans) Announce(span, writer);
  return writer.Take();
}

// Traces 1 to 100, of which every tenth has an error; two spans of each, in two bodies.
void AppendTraces(store::TraceStore& store) {
  for (uint8_t span = 1; span <= 2; ++span) {
    std::vector<TestSpan> spans;
    for (uint8_t trace = 1; trace <= 100; ++trace) {
      spans.push_back({.trace = trace,
                       .span = span,
                       .parent = static_cast<uint8_t>(span - 1),
                       .tag = "value of " + std::to_string(trace * 17 + span),
                       .error = span == 2 && trace % 10 == 0});
    }
    ASSERT_TRUE(AppendTo(store, BodyOf(spans)).ok());
    ASSERT_TRUE(store.Flush().ok());
  }
}

std::string Found(const store::TraceStore& store, const std::string& text) {
  const auto pipeline = PipelineOf(text);
  return TextOf(
      Search(store.SourcesOf(store::kTestTenant), {.pipeline = pipeline, .limit = 1000}).value());
}

std::string TracesOf(const store::TraceStore& store) {
  std::string texts;
  for (uint8_t trace = 10; trace <= 100; trace = static_cast<uint8_t>(trace + 10)) {
    texts += TraceTextOf(store.SourcesOf(store::kTestTenant), TraceOf(trace));
  }
  return texts;
}

// Bytes of all files of blocks.
uint64_t BytesOfBlocks(base::MemoryStorage& storage) {
  uint64_t bytes = 0;
  for (const std::string& path : storage.Paths()) {
    if (!path.starts_with("data/blocks/") || path.ends_with('/')) continue;
    bytes += storage.Open(path, base::Storage::Mode::kRead).value()->Size().value();
  }
  return bytes;
}

// Opens the store anew each time that it is asked for.
class AgingStore {
 public:
  AgingStore() {
    base::SetLogSilent();
    options_.directory = "data";
    options_.idle_look = std::chrono::hours(1);
    options_.retention = {.max_age_ns = 7 * kDay,
                          .keep = RuleOf({{"{ status = error }", 30 * kDay}})};
  }

  std::unique_ptr<store::TraceStore> OnDay(int64_t day) {
    clock_.Advance(kStart + day * kDay - clock_.UnixNanos());
    auto store = std::move(OpenAndReplay(storage_, options_, clock_)).value();
    EXPECT_TRUE(store->Compact().ok());
    return store;
  }
  uint64_t block_bytes() { return BytesOfBlocks(storage_); }

 private:
  base::MemoryStorage storage_;
  base::SetClock clock_{kStart};
  store::TraceStoreOptions options_;
};

TEST(AgingStore, AfterEightDaysOnlyErrorTracesAreLeftAndAfterThirtyOneNothing) {
  AgingStore aging;
  AppendTraces(*aging.OnDay(0));
  std::string errors, traces;
  uint64_t bytes = 0;
  {
    const auto store = aging.OnDay(6);
    EXPECT_EQ(store->counters().spans, 200u);
    errors = Found(*store, "{ status = error }");
    traces = TracesOf(*store);
    bytes = aging.block_bytes();
  }
  for (const int64_t day : {8, 20, 29}) {
    const auto store = aging.OnDay(day);
    EXPECT_EQ(store->counters().spans, 20u) << "day " << day;
    EXPECT_EQ(Found(*store, "{ }"), Found(*store, "{ } && { status = error }"));
    EXPECT_EQ(Found(*store, "{ status = error }"), errors);
    EXPECT_EQ(TracesOf(*store), traces);
    EXPECT_LT(aging.block_bytes(), bytes);
  }
  EXPECT_EQ(aging.OnDay(31)->counters().spans, 0u);
  EXPECT_EQ(aging.block_bytes(), 0u);
}

}  // namespace
}  // namespace clew::query
