// SPDX-License-Identifier: Apache-2.0
#include "serve/trace_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

using testing::HasSubstr;

namespace clew::serve {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;
constexpr uint32_t kAll = query::TraceFilter::kAllLevels;

base::Result<std::optional<query::TraceFilter>> Parse(Parameters parameters) {
  return ParseTraceFilter(
      {.path_argument = "1", .parameters = std::move(parameters), .accept = ""});
}

std::string ErrorOf(Parameters parameters) {
  const auto filter = Parse(std::move(parameters));
  return filter.ok() ? "" : filter.error().message;
}

TEST(TraceParameters, WithoutAQueryNothingIsFiltered) {
  EXPECT_FALSE(Parse({}).value());
  EXPECT_FALSE(Parse({{"q", ""}, {"match_depth", "x"}}).value());
}

TEST(TraceParameters, AMatchAloneIsKeptUnlessMoreIsAsked) {
  const query::TraceFilter filter = *Parse({{"q", "{ }"}, {"ancestor_depth", "3"}}).value();
  EXPECT_EQ(filter.levels_below, 0u);
  EXPECT_EQ(filter.levels_above, 0u);
}

TEST(TraceParameters, TheHierarchyGoesUpToTheRootUnlessItIsCut) {
  const Parameters kept = {{"q", "{ }"}, {"keep_hierarchy", "true"}};
  EXPECT_EQ(Parse(kept).value()->levels_above, kAll);
  Parameters cut = kept;
  cut.emplace_back("ancestor_depth", "2");
  cut.emplace_back("match_depth", "-1");
  const query::TraceFilter filter = *Parse(cut).value();
  EXPECT_EQ(filter.levels_above, 2u);
  EXPECT_EQ(filter.levels_below, kAll);
}

TEST(TraceParameters, WhatIsNoFilterOfSpansIsRefused) {
  EXPECT_THAT(ErrorOf({{"q", "{ } | count() > 1"}}), HasSubstr("one filter of spans"));
  EXPECT_THAT(ErrorOf({{"q", "{ } && { }"}}), HasSubstr("one filter of spans"));
  EXPECT_THAT(ErrorOf({{"q", "{ } | rate()"}}), HasSubstr("metrics"));
  EXPECT_THAT(ErrorOf({{"q", "{ .a = 1 && !(traceDuration > 1s) }"}}), HasSubstr("traceDuration"));
  EXPECT_THAT(ErrorOf({{"q", "{"}}), HasSubstr("parse error at line 1"));
}

TEST(TraceParameters, NumbersAndTruthsAreRead) {
  EXPECT_EQ(ErrorOf({{"q", "{ }"}, {"keep_hierarchy", "yes"}}),
            "invalid keep_hierarchy: parsing \"yes\": invalid syntax");
  EXPECT_EQ(ErrorOf({{"q", "{ }"}, {"match_depth", "1x"}}),
            "invalid match_depth: parsing \"1x\": invalid syntax");
  EXPECT_EQ(ErrorOf({{"q", "{ }"}, {"match_depth", "-2"}}),
            "invalid match_depth: must be -1 for all levels, or how many");
}

}  // namespace
}  // namespace clew::serve
