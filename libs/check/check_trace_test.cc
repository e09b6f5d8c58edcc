// SPDX-License-Identifier: Apache-2.0
#include "check/check_trace.h"

#include <gmock/gmock.h>

#include <set>

namespace clew::check {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr CheckTrace kTrace{.seed = 0xabc, .number = 7, .start_ns = 1'700'000'000'000'000'000};

TEST(CheckTrace, FollowsFromItsThreeNumbersAlone) {
  EXPECT_EQ(MakeBodies(kTrace)[0].bytes, MakeBodies(kTrace)[0].bytes);
  CheckTrace other = kTrace;
  other.number = 8;
  EXPECT_NE(MakeBodies(other)[0].bytes, MakeBodies(kTrace)[0].bytes);
  EXPECT_NE(TraceIdOf(other), TraceIdOf(kTrace));
  other = kTrace;
  other.seed = 0xabd;
  EXPECT_NE(TraceIdOf(other), TraceIdOf(kTrace));
}

TEST(CheckTrace, ComesInTwoBodiesOfDifferentSpans) {
  size_t least = SIZE_MAX;
  size_t most = 0;
  for (uint64_t number = 0; number < 200; ++number) {
    const auto bodies = MakeBodies({.seed = 3, .number = number, .start_ns = kTrace.start_ns});
    std::set<model::SpanId> ids;
    for (const CheckBody& body : bodies) {
      EXPECT_GE(body.spans.size(), 2u);
      for (const load::SpanText& span : body.spans) ids.insert(span.id);
    }
    EXPECT_EQ(ids.size(), bodies[0].spans.size() + bodies[1].spans.size());
    least = std::min(least, ids.size());
    most = std::max(most, ids.size());
  }
  EXPECT_EQ(least, 4u);
  EXPECT_EQ(most, 12u);
}

TEST(CheckTrace, EverySpanNamesItsRunAndItsNumber) {
  for (const CheckBody& body : MakeBodies(kTrace)) {
    for (const load::SpanText& span : body.spans) {
      EXPECT_THAT(span.text, AllOf(HasSubstr("clew.check.run"), HasSubstr("0000000000000abc"),
                                   HasSubstr("clew.check.number"), HasSubstr("clew-check")));
    }
  }
}

}  // namespace
}  // namespace clew::check
