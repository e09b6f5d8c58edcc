// SPDX-License-Identifier: Apache-2.0
#include "base/metrics_text.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace clew::base {
namespace {

TEST(MetricsText, WritesHelpTypeAndSamples) {
  MetricsText text;
  text.Counter("a_total", "What a is.", uint64_t{7});
  text.BeginGauge("b", "What b is.");
  text.Sample({{"x", "1"}, {"y", "2"}}, 0.5);
  text.Sample({{"x", "2"}, {"y", "2"}}, uint64_t{18446744073709551615u});
  EXPECT_EQ(text.Take(),
            "# HELP a_total What a is.\n# TYPE a_total counter\na_total 7\n"
            "# HELP b What b is.\n# TYPE b gauge\nb{x=\"1\",y=\"2\"} 0.5\n"
            "b{x=\"2\",y=\"2\"} 18446744073709551615\n");
}

TEST(MetricsText, EscapesWhatWouldEndAValueOrALine) {
  MetricsText text;
  text.BeginGauge("a", "one\ntwo \\ \"three\"");
  text.Sample({{"x", "q\" b\\ n\n"}}, uint64_t{1});
  EXPECT_EQ(text.Take(),
            "# HELP a one\\ntwo \\\\ \"three\"\n# TYPE a gauge\na{x=\"q\\\" b\\\\ n\\n\"} 1\n");
}

TEST(MetricsText, BucketsOfAHistogramAddUp) {
  DurationHistogram histogram;
  histogram.Add(std::chrono::milliseconds(1));
  histogram.Add(std::chrono::milliseconds(30));
  histogram.Add(std::chrono::minutes(2));
  MetricsText text;
  text.BeginHistogram("a_seconds", "How long.");
  text.Sample({{"call", "x"}}, histogram.counts());
  const std::string written = text.Take();
  for (const char* line :
       {"a_seconds_bucket{call=\"x\",le=\"0.001\"} 1\n",
        "a_seconds_bucket{call=\"x\",le=\"0.025\"} 1\n",
        "a_seconds_bucket{call=\"x\",le=\"0.05\"} 2\n",
        "a_seconds_bucket{call=\"x\",le=\"60\"} 2\n",
        "a_seconds_bucket{call=\"x\",le=\"+Inf\"} 3\n", "a_seconds_sum{call=\"x\"} 120.031\n",
        "a_seconds_count{call=\"x\"} 3\n"}) {
    EXPECT_NE(written.find(line), std::string::npos) << line << written;
  }
}

}  // namespace
}  // namespace clew::base
