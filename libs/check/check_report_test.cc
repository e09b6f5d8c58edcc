// SPDX-License-Identifier: Apache-2.0
#include "check/check_report.h"

#include <gmock/gmock.h>

namespace clew::check {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

CheckCounts SomeCounts() {
  CheckCounts counts{.traces = 2, .written_spans = 12, .acked_spans = 12};
  counts.delays.Record(2'000'000);
  counts.delays.Record(30'000'000'000);
  counts.last_success_unix_nano = 1'700'000'000'500'000'000;
  return counts;
}

TEST(CheckCounts, NothingAcknowledgedIsNoSuccess) {
  EXPECT_TRUE(SomeCounts().ok());
  EXPECT_FALSE(CheckCounts().ok());
  CheckCounts lost = SomeCounts();
  lost.failures[static_cast<size_t>(Failure::kLost)] = 1;
  EXPECT_FALSE(lost.ok());
}

TEST(FormatReport, SaysWhatIsWrong) {
  CheckCounts counts = SomeCounts();
  EXPECT_THAT(FormatReport({.seed = 0xabc, .counts = counts}),
              AllOf(HasSubstr("0000000000000abc"), HasSubstr("acknowledged 12 spans"),
                    HasSubstr("most 30000.0 ms"), Not(HasSubstr("FAILED"))));
  counts.lost_spans = 5;
  counts.failures[static_cast<size_t>(Failure::kLost)] = 1;
  counts.problems.emplace_back("trace 12: span 34 is missing");
  EXPECT_THAT(FormatReport({.counts = counts}),
              AllOf(HasSubstr("lost         5 spans"), HasSubstr("FAILED       lost, 1 time"),
                    HasSubstr("span 34 is missing")));
}

TEST(FormatReport, NothingAcknowledgedIsSaid) {
  const CheckCounts counts;
  EXPECT_THAT(FormatReport({.counts = counts}), HasSubstr("nothing was acknowledged"));
  EXPECT_THAT(FormatReportJson({.counts = counts}), HasSubstr(R"("ok":false)"));
}

TEST(FormatMetrics, HasTheHistogramAndTheReasons) {
  const CheckCounts counts = SomeCounts();
  EXPECT_THAT(FormatMetrics({.unavailable_seconds = 1.5, .counts = counts}),
              AllOf(HasSubstr("\nclew_check_acked_spans_total 12\n"),
                    HasSubstr("\nclew_check_failures_total{reason=\"lost\"} 0\n"),
                    HasSubstr("_bucket{le=\"0.001\"} 0\n"), HasSubstr("_bucket{le=\"10\"} 1\n"),
                    HasSubstr("_bucket{le=\"+Inf\"} 2\n"), HasSubstr("_sum 30.002\n"),
                    HasSubstr("\nclew_check_unavailable_seconds_total 1.5\n"),
                    HasSubstr("timestamp_seconds 1700000000.5\n")));
}

}  // namespace
}  // namespace clew::check
