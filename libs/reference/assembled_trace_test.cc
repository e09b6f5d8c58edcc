// SPDX-License-Identifier: Apache-2.0
#include "reference/assembled_trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::reference {
namespace {

using testing::ElementsAre;

Span Make(const std::string& name, int64_t start_ns, int64_t end_ns) {
  return {.start_ns = start_ns, .end_ns = end_ns, .name = name};
}

TEST(AssembledTrace, CountsEqualSpansEach) {
  const Trace trace{.spans = {Make("a", 1, 2), Make("a", 1, 2)}};
  EXPECT_EQ(Assemble(trace, {})->asked_for.size(), 2u);
  EXPECT_EQ(Assemble(trace, {})->services.at("").span_count, 2u);
}

TEST(AssembledTrace, HasTheHorizonAtBothEnds) {
  const Trace trace{.spans = {Make("a", 9, 9), Make("b", 10, 10), Make("c", 20, 20),
                              Make("d", 40, 40), Make("e", 41, 41)}};
  const auto assembled = Assemble(trace, {.from_ns = 20, .to_ns = 30, .horizon_ns = 10});
  ASSERT_TRUE(assembled);
  EXPECT_EQ(assembled->spans.size(), 3u);
  EXPECT_THAT(assembled->asked_for, ElementsAre(1));
  EXPECT_EQ(assembled->start_ns, 10);
  EXPECT_EQ(assembled->duration_ns, 30);
}

TEST(AssembledTrace, StaysWithinTheNumbersThereAre) {
  const Trace trace{.spans = {Make("a", INT64_MIN, 0), Make("b", INT64_MAX - 1, INT64_MAX)}};
  EXPECT_EQ(Assemble(trace, {})->duration_ns, INT64_MAX);
  EXPECT_EQ(Assemble(trace, {.from_ns = INT64_MAX - 1})->spans.size(), 1u);
}

TEST(AssembledTrace, ASpanMayEndBeforeItStarts) {
  EXPECT_EQ(Assemble({.spans = {Make("a", 5, 1)}}, {})->duration_ns, 0);
}

TEST(AssembledTrace, OfSeveralRootsTheFirstByNameIsTheRoot) {
  const Trace trace{.spans = {Make("b", 1, 1), Make("a", 1, 1)}};
  EXPECT_EQ(Assemble(trace, {})->root->name, "a");
}

TEST(AssembledTrace, IsNoneWithoutASpanInTheRange) {
  const Trace trace{.spans = {Make("a", 5, 6)}};
  EXPECT_FALSE(Assemble(trace, {.from_ns = 6}));
  EXPECT_FALSE(Assemble(trace, {.to_ns = 5}));
}

}  // namespace
}  // namespace clew::reference
