// SPDX-License-Identifier: Apache-2.0
#include "serve/metrics_parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http.h"

namespace clew::serve {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kHour = 3600 * kSecond;
constexpr int64_t kNow = 1'700'000'000 * kSecond;
constexpr const char* kRate = "q=%7B+%7D+%7C+rate()";

base::Result<MetricsParameters> Parse(const std::string& query, bool instant = false) {
  ApiRequest request;
  request.parameters = net::ParseQuery(query);
  return ParseMetricsParameters(request, instant, kNow);
}

query::MetricsOptions OptionsOf(const std::string& query) {
  return Parse(kRate + query).value().options;
}

std::string MetricsErrorOf(const std::string& query) {
  return Parse(query).error().message;
}

TEST(MetricsParameters, TheLastHourUnlessSaidOtherwise) {
  const query::MetricsOptions options = OptionsOf("");
  EXPECT_EQ(options.end_unix_nano, kNow);
  EXPECT_EQ(options.start_unix_nano, kNow - kHour);
  EXPECT_EQ(options.step_ns, 15 * kSecond);
  EXPECT_EQ(OptionsOf("&since=10m").start_unix_nano, kNow - 600 * kSecond);
  EXPECT_EQ(OptionsOf("&end=1000&since=10s").start_unix_nano, 990 * kSecond);
  EXPECT_EQ(OptionsOf("&start=100&end=200&since=1h").start_unix_nano, 100 * kSecond);
}

TEST(MetricsParameters, TimesComeInManyForms) {
  EXPECT_EQ(ParseUnixTime("1700000000").value(), kNow);
  EXPECT_EQ(ParseUnixTime("1700000000.25").value(), kNow + kSecond / 4);
  EXPECT_EQ(ParseUnixTime("1700000000000000007").value(), kNow + 7);
  EXPECT_EQ(ParseUnixTime("2023-11-14T22:13:20Z").value(), kNow);
  EXPECT_EQ(ParseUnixTime("2023-11-15T00:13:20.5+02:00").value(), kNow + kSecond / 2);
  for (const char* bad : {"", "x", "2023-13-14T22:13:20Z", "2023-11-14T22:13:20", "1e300"}) {
    EXPECT_FALSE(ParseUnixTime(bad).ok()) << bad;
  }
}

TEST(MetricsParameters, TimesThatNoAnswerCanHaveAreRefused) {
  for (const char* bad : {"-1", "9223372036854775807", "-9223372036854775808", "99999999999.5",
                          "2200-01-01T00:00:00Z", "1960-01-01T00:00:00Z"}) {
    EXPECT_FALSE(ParseUnixTime(bad).ok()) << bad;
  }
  EXPECT_EQ(OptionsOf("&end=1000&since=2000000h").start_unix_nano, 0);
  EXPECT_THAT(MetricsErrorOf(std::string(kRate) + "&step=9e9"), HasSubstr("step"));
}

TEST(MetricsParameters, ADefaultStepIsRound) {
  EXPECT_EQ(DefaultStep(30 * kSecond), kSecond / 10);
  EXPECT_EQ(DefaultStep(kSecond), kSecond / 20);
  EXPECT_EQ(DefaultStep(120 * kSecond), kSecond);
  EXPECT_EQ(DefaultStep(6 * kHour), 60 * kSecond);
  EXPECT_EQ(DefaultStep(168 * kHour), 2400 * kSecond);
}

TEST(MetricsParameters, StepsAreSecondsOrDurations) {
  EXPECT_EQ(OptionsOf("&step=0.5").step_ns, kSecond / 2);
  EXPECT_EQ(OptionsOf("&step=1m").step_ns, 60 * kSecond);
  EXPECT_EQ(OptionsOf("&exemplars=7").exemplars, 7u);
  EXPECT_EQ(OptionsOf("&exemplars=many").exemplars, 100u);
}

TEST(MetricsParameters, ExplainsWhatIsWrong) {
  EXPECT_THAT(MetricsErrorOf(""), StartsWith("the parameter q is missing"));
  EXPECT_THAT(MetricsErrorOf("q=%7B"), StartsWith("invalid TraceQL query: parse error"));
  EXPECT_EQ(MetricsErrorOf(std::string(kRate) + "&start=2&end=2"),
            "end must be greater than start");
  EXPECT_THAT(MetricsErrorOf(std::string(kRate) + "&start=never"),
              StartsWith("could not parse 'start' parameter: "));
  EXPECT_THAT(MetricsErrorOf(std::string(kRate) + "&since=5parsecs"),
              StartsWith("could not parse 'since' parameter: "));
  EXPECT_THAT(MetricsErrorOf(std::string(kRate) + "&step=0"), HasSubstr("greater than 0"));
  EXPECT_EQ(MetricsErrorOf(std::string(kRate) + "&step=1ms"),
            "step of 1ms is too small, minimum step for given range is 361ms");
}

}  // namespace
}  // namespace clew::serve
