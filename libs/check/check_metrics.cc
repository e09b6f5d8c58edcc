// SPDX-License-Identifier: Apache-2.0
#include "base/metrics_text.h"
#include "check/check_report.h"

namespace clew::check {

std::string FormatMetrics(const CheckReport& report) {
  const CheckCounts& counts = report.counts;
  base::MetricsText text;
  text.Counter("clew_check_written_spans_total", "Spans sent, however often.",
               counts.written_spans);
  text.Counter("clew_check_acked_spans_total", "Spans that the server acknowledged.",
               counts.acked_spans);
  text.Counter("clew_check_lost_spans_total", "Acknowledged spans that were not there.",
               counts.lost_spans);
  text.Counter("clew_check_duplicated_spans_total", "Spans that were there in excess.",
               counts.duplicated_spans);
  text.Counter("clew_check_wrong_spans_total", "Spans that were not as they were written.",
               counts.wrong_spans);
  text.BeginCounter("clew_check_failures_total",
                    "Things that were not as they should be, by what it was.");
  for (size_t i = 0; i < kFailures; ++i) {
    text.Sample({{"reason", kFailureNames[i]}}, counts.failures[i]);
  }
  text.Counter("clew_check_unavailable_seconds_total", "Time without a server.",
               report.unavailable_seconds);
  text.BeginHistogram("clew_check_visible_delay_seconds",
                      "From the acknowledgement of a trace to the reading of all of it.");
  text.Sample({}, counts.delays.counts());
  const int64_t last_success_ms = counts.last_success_unix_nano / 1'000'000;
  text.Gauge("clew_check_last_success_timestamp_seconds",
             "When a trace was last written, read, found and counted without a failure.",
             static_cast<double>(last_success_ms) / 1e3);
  return text.Take();
}

}  // namespace clew::check
