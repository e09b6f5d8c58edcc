// SPDX-License-Identifier: Apache-2.0
#include "query/eval/mentioned_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "traceql/parser.h"

namespace clew::query {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> KeysOf(const std::string& text) {
  const auto parsed = traceql::Parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  std::vector<std::string_view> keys;
  if (const auto* pipeline = std::get_if<traceql::SpansetPipeline>(&parsed.value().root)) {
    keys = MentionedKeys(*pipeline);
  } else {
    const auto& metrics = std::get<traceql::MetricsExpr>(parsed.value().root);
    keys = MentionedKeys(std::get<traceql::MetricsQuery>(metrics.node));
  }
  return {keys.begin(), keys.end()};
}

TEST(MentionedKeys, AreThoseOfFiltersWhereverTheyStand) {
  EXPECT_THAT(
      KeysOf(
          R"({ .a = 1 && (span.b > 2 || parent.c = 3) } >> { event.d = "x" } && none({ link.e = 1 }))"),
      ElementsAre("a", "b", "c", "d", "e"));
}

TEST(MentionedKeys, AreThoseOfStages) {
  EXPECT_THAT(
      KeysOf("{ span.a = 1 } | by(span.b) | avg(span.c) > 1 | select(span.d) | sort(span.e)"),
      ElementsAre("a", "b", "c", "d", "e"));
}

TEST(MentionedKeys, AreThoseOfMetrics) {
  EXPECT_THAT(KeysOf("{ span.a = 1 } | sum_over_time(span.b) by (resource.c)"),
              ElementsAre("a", "b", "c"));
}

TEST(MentionedKeys, AreNoneOfIntrinsicsButOne) {
  EXPECT_THAT(KeysOf("{ name = `x` && rootName = `y` && duration > 1s }"), IsEmpty());
  EXPECT_THAT(KeysOf("{ rootServiceName = `x` }"), ElementsAre("service.name"));
}

}  // namespace
}  // namespace clew::query
