// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/call_paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ledger/random_trace_fixture.h"

namespace clew::ledger {
namespace {

using testing::ElementsAre;

constexpr uint64_t kMillisecond = 1'000'000;

class CallPathsTest : public testing::Test {
 protected:
  Span Of(const char* operation, uint32_t parent, uint64_t start_ms, uint64_t end_ms) {
    Span span{
        .start_ns = start_ms * kMillisecond, .end_ns = end_ms * kMillisecond, .parent = parent};
    span.service = names_.CodeOf("shop");
    span.operation = names_.CodeOf(operation);
    return span;
  }
  void Add(std::vector<Span> spans) {
    Trace trace;
    trace.spans = std::move(spans);
    paths_.Add(trace, BuildLedger(trace));
  }
  // "depth operation: own/all ms of spans"
  std::vector<std::string> Drawn() const {
    std::vector<std::string> drawn;
    for (const uint32_t number : paths_.LeftHeavy()) {
      const CallPaths::Node& node = paths_.nodes()[number];
      size_t depth = 0;
      for (uint32_t up = node.parent; up != kNone; up = paths_.nodes()[up].parent) ++depth;
      drawn.push_back(std::string(depth, ' ') + names_.text(node.operation.name) + ": " +
                      std::to_string(node.own_nanos() / kMillisecond) + "/" +
                      std::to_string(node.nanos / kMillisecond) + " of " +
                      std::to_string(node.spans));
    }
    return drawn;
  }

  Names names_;
  CallPaths paths_;
};

TEST_F(CallPathsTest, MergesSpansThatAreCalledTheSameWay) {
  Add({Of("GET", kNone, 0, 10), Of("read", 0, 1, 3), Of("read", 0, 4, 8)});
  Add({Of("GET", kNone, 0, 20), Of("read", 0, 5, 6)});
  EXPECT_THAT(Drawn(), ElementsAre("GET: 23/30 of 2", " read: 7/7 of 3"));
  EXPECT_EQ(paths_.nodes()[1].own.count(), 2u);  // traces
}

TEST_F(CallPathsTest, TellsTheSameOperationApartByWhoCallsIt) {
  Add({Of("GET", kNone, 0, 10), Of("read", 0, 0, 2), Of("write", 0, 2, 10), Of("read", 2, 3, 9)});
  EXPECT_THAT(Drawn(), ElementsAre("GET: 0/10 of 0", " write: 2/8 of 1", "  read: 6/6 of 1",
                                   " read: 2/2 of 1"));
}

TEST_F(CallPathsTest, TheHeaviestCallComesFirst) {
  Add({Of("GET", kNone, 0, 10), Of("a", 0, 0, 1), Of("b", 0, 1, 4), Of("c", 0, 4, 10)});
  Add({Of("PUT", kNone, 0, 50)});
  EXPECT_THAT(Drawn(), ElementsAre("PUT: 50/50 of 1", "GET: 0/10 of 0", " c: 6/6 of 1",
                                   " b: 3/3 of 1", " a: 1/1 of 1"));
}

TEST_F(CallPathsTest, WhatIsTooMuchCountsAsItsCallers) {
  std::vector<Span> spans = {Of("GET", kNone, 0, 2 * CallPaths::kMaxNodes)};
  for (uint32_t i = 0; i < CallPaths::kMaxNodes + 5; ++i) {
    spans.push_back(Of(("call " + std::to_string(i)).c_str(), 0, i, i + 1));
  }
  Add(std::move(spans));
  EXPECT_EQ(paths_.nodes().size(), CallPaths::kMaxNodes);
  EXPECT_EQ(paths_.nodes()[0].nanos, 2 * CallPaths::kMaxNodes * kMillisecond);
  EXPECT_EQ(paths_.nodes()[0].own_nanos(), (CallPaths::kMaxNodes + 1) * kMillisecond);
}

// Of traces of every shape.
TEST(CallPaths, OwnTimesAddUpToThoseOfTheRoots) {
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    CallPaths paths;
    uint64_t roots = 0, own = 0;
    for (uint32_t i = 0; i < 3; ++i) {
      const Trace trace = RandomTrace(3 * seed + i);
      const TraceLedger ledger = BuildLedger(trace);
      if (ledger.accounts.empty()) continue;
      paths.Add(trace, ledger);
      roots += ledger.accounts.front().nanos();
    }
    for (const CallPaths::Node& node : paths.nodes()) own += node.own_nanos();
    ASSERT_EQ(own, roots) << "seed " << seed;
    ASSERT_EQ(paths.LeftHeavy().size(), paths.nodes().size()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace clew::ledger
