// SPDX-License-Identifier: Apache-2.0
#include "serve/traceparent.h"

#include <gtest/gtest.h>

#include <string>

namespace clew::serve {
namespace {

const std::string kOwnTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string kSpan = "00f067aa0ba902b7";

TEST(Traceparent, TellsTraceAndSpan) {
  const std::string header = "00-" + kOwnTrace + "-" + kSpan + "-01";
  const auto parsed = ParseTraceparent(header);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->trace_id, kOwnTrace);
  EXPECT_EQ(parsed->span_id, kSpan);
}

TEST(Traceparent, TheLastBitOfTheFlagsIsSampled) {
  const std::string begin = "00-" + kOwnTrace + "-" + kSpan + "-";
  EXPECT_TRUE(ParseTraceparent(begin + "01")->is_sampled);
  EXPECT_TRUE(ParseTraceparent(begin + "0b")->is_sampled);
  EXPECT_FALSE(ParseTraceparent(begin + "00")->is_sampled);
  EXPECT_FALSE(ParseTraceparent(begin + "1e")->is_sampled);
}

TEST(Traceparent, ANewerVersionMayHaveMore) {
  EXPECT_TRUE(ParseTraceparent("01-" + kOwnTrace + "-" + kSpan + "-01-more"));
  EXPECT_TRUE(ParseTraceparent("01-" + kOwnTrace + "-" + kSpan + "-01"));
  EXPECT_FALSE(ParseTraceparent("00-" + kOwnTrace + "-" + kSpan + "-01-more"));
  EXPECT_FALSE(ParseTraceparent("01-" + kOwnTrace + "-" + kSpan + "-01more"));
}

TEST(Traceparent, RefusesWhatIsNone) {
  const std::string zeros(32, '0');
  const std::string wrong[] = {"",
                               "00-" + kOwnTrace + "-" + kSpan,
                               "ff-" + kOwnTrace + "-" + kSpan + "-01",
                               "00-" + zeros + "-" + kSpan + "-01",
                               "00-" + kOwnTrace + "-" + zeros.substr(16) + "-01",
                               "00-" + kOwnTrace + "_" + kSpan + "-01",
                               "00-" + kOwnTrace + "-" + kSpan + "-0g",
                               "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + kSpan + "-01"};
  for (const std::string& text : wrong) EXPECT_FALSE(ParseTraceparent(text)) << text;
}

}  // namespace
}  // namespace clew::serve
