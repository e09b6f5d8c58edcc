// SPDX-License-Identifier: Apache-2.0
// A store while it lives: bodies come, some of them twice and some for traces of long
// ago, memtables become blocks and blocks are merged. After every step it must answer to
// the byte what one memtable answers that got each body once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/memory_storage.h"
#include "base/test_effort.h"
#include "query/answers_fixture.h"
#include "query/search.h"
#include "store/random_spans_fixture.h"
#include "store/trace_store_fixture.h"
#include "wire/body.h"
#include "wire/otlp_writer.h"

namespace clew::query {
namespace {

using Random = std::mt19937_64;

constexpr uint8_t kTraces = 14;  // more ids than the generator has

std::vector<model::TraceId> AllTraces() {
  std::vector<model::TraceId> ids;
  for (uint8_t number = 1; number < kTraces; ++number) {
    model::TraceId id;
    id.bytes.back() = number;
    if (number % 2 == 0) id.bytes.front() = 0x80;
    ids.push_back(id);
  }
  return ids;
}

std::string AnswersOf(const store::Sources& sources) {
  std::string answers = SumsOf(sources, AllTraces()) + "\n";
  for (const model::TraceId& id : AllTraces()) answers += TraceTextOf(sources, id);
  for (const char* tag : {"", "http.method", "service.name", "key1", "error"}) {
    SearchRequest request;
    request.limit = 1000;
    if (*tag != 0) request.tags.push_back({tag, ""});
    answers += TextOf(Search(sources, request).value());
  }
  return answers + TagsOf(sources, {});
}

// Shows only where the two part.
void ExpectEqual(const std::string& answers, const std::string& expected, const char* when) {
  const auto part = std::ranges::mismatch(answers, expected);
  if (part.in1 == answers.end() && part.in2 == expected.end()) return;
  const auto at = static_cast<size_t>(part.in1 - answers.begin());
  const size_t from = at < 100 ? 0 : at - 100;
  FAIL() << when << " at " << at << "\n  answers  …" << answers.substr(from, 300)
         << "\n  expected …" << expected.substr(from, 300);
}

class Life {
 public:
  explicit Life(uint64_t seed) : random_(seed) {
    options_.directory = "data";
    options_.wal_segment_bytes = 1 << 20;
    options_.compaction = {.fan_in = 2, .max_fan_in = 2};
    options_.idle_look = std::chrono::hours(1);
    store_ = std::move(store::OpenAndReplay(storage_, options_)).value();
  }

  void SendNew() {
    wire::OtlpWriter writer;
    store::WriteRandomSpans(random_, 1 + random_() % 8, writer);
    bodies_.push_back(writer.Take());
    const std::string& body = bodies_.back();
    // What the wire rejects is in neither.
    ASSERT_TRUE(wire::Validate(wire::Format::kOtlpProtobuf, body).ok());
    ASSERT_TRUE(wire::Scan(wire::Format::kOtlpProtobuf, wire::kDecoderVersion, body, *once_).ok());
    once_->Publish(once_->FinishBody());
    const auto appended = store::AppendTo(*store_, body);
    ASSERT_TRUE(appended.ok()) << appended.error().message;
    ASSERT_FALSE(appended.value().duplicate);
  }
  void SendAgain() {
    const auto appended = store::AppendTo(*store_, bodies_[random_() % bodies_.size()]);
    ASSERT_TRUE(appended.ok() && appended.value().duplicate);
  }
  void Seal() { ASSERT_TRUE(store_->Flush().ok()); }
  void Merge() { ASSERT_TRUE(store_->Compact().ok()); }
  void Restart() {
    store_.reset();
    store_ = std::move(store::OpenAndReplay(storage_, options_)).value();
  }

  void ExpectSameAnswers(const char* when) {
    const std::string expected =
        AnswersOf({.memtables = {std::shared_ptr<const store::Memtable>(once_)}, .blocks = {}});
    ExpectEqual(AnswersOf(store_->SourcesOf(store::kTestTenant)), expected, when);
    ASSERT_EQ(store_->counters().spans, once_->published_rows()) << when;
  }

  uint64_t merges() const { return store_->counters().merges; }

 private:
  Random random_;
  base::MemoryStorage storage_;
  store::TraceStoreOptions options_;
  std::unique_ptr<store::TraceStore> store_;
  std::shared_ptr<store::Memtable> once_ = std::make_shared<store::Memtable>();
  std::vector<std::string> bodies_;
};

void Live(uint64_t seed) {
  Life life(seed);
  for (int round = 0; round < 6 && !testing::Test::HasFailure(); ++round) {
    for (int body = 0; body < 3; ++body) life.SendNew();
    life.SendAgain();
    life.ExpectSameAnswers("before the seal");
    life.Seal();
    life.SendAgain();
    life.ExpectSameAnswers("after the seal");
    life.SendNew();  // for traces that lie in blocks
    life.Merge();
    life.SendAgain();
    life.ExpectSameAnswers("after the merge");
    if (round == 3) life.Restart();
    life.ExpectSameAnswers("after all of it");
  }
  EXPECT_GE(life.merges(), 1u);
}

TEST(LayoutSteps, ChangeNoAnswer) {
  const char* const chosen = getenv("CLEW_SEED");
  const uint64_t first = chosen == nullptr ? 0 : strtoull(chosen, nullptr, 10);
  const uint64_t seeds = chosen != nullptr ? 1 : base::TestRounds(2, 60);
  for (uint64_t seed = first; seed < first + seeds && !HasFailure(); ++seed) {
    SCOPED_TRACE("CLEW_SEED=" + std::to_string(seed));
    Live(seed);
  }
}

}  // namespace
}  // namespace clew::query
