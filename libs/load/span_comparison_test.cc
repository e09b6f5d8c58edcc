// SPDX-License-Identifier: Apache-2.0
#include "load/span_comparison.h"

#include <gmock/gmock.h>

namespace clew::load {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SpanText Span(const char* id, std::string text) {
  return {model::SpanId::FromHex(id).value(), std::move(text)};
}

TEST(CompareSpans, TellsASpanThatIsThereAgainFromOneThatWasNotSent) {
  std::vector<std::string> lines;
  const SpanDifferences found =
      CompareSpans({Span("1", "a"), Span("2", "b")},
                   {Span("1", "a"), Span("1", "z"), Span("2", "b"), Span("3", "c")},
                   [&](std::string line) { lines.push_back(std::move(line)); });
  EXPECT_EQ(found.extra, 2u);
  EXPECT_EQ(found.twice, 1u);
  EXPECT_EQ(found.missing + found.changed, 0u);
  EXPECT_THAT(lines, ElementsAre("span 0000000000000001 is there again",
                                 "span 0000000000000003 was not sent"));
}

TEST(CompareSpans, SaysWhatIsMissingAndWhatDiffers) {
  std::vector<std::string> lines;
  const SpanDifferences found =
      CompareSpans({Span("1", "a"), Span("2", "x\nb\n")}, {Span("2", "x\nc\n")},
                   [&](std::string line) { lines.push_back(std::move(line)); });
  EXPECT_EQ(found.missing, 1u);
  EXPECT_EQ(found.changed, 1u);
  EXPECT_THAT(lines, ElementsAre("span 0000000000000001 is missing",
                                 HasSubstr("expected \"b\", read \"c\"")));
}

TEST(ReadTraceResponse, RefusesMalformedBytes) {
  EXPECT_FALSE(ReadTraceResponse("\x0a\x7f").ok());
  EXPECT_TRUE(ReadTraceResponse("").value().empty());
}

}  // namespace
}  // namespace clew::load
