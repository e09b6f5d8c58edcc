// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "check/check_report.h"

namespace clew::check {
namespace {

class MetricsText {
 public:
  void Head(std::string_view name, std::string_view type, std::string_view help) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    text_.append(name).append(" ").append(type).append("\n");
  }
  void Sample(std::string_view name, const std::string& value) {
    text_.append(name).append(" ").append(value).append("\n");
  }
  void Counter(std::string_view name, std::string_view help, uint64_t value) {
    Head(name, "counter", help);
    Sample(name, std::to_string(value));
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string Real(double value) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%.15g", value);
  return {text, static_cast<size_t>(size)};
}

void AddFailures(const CheckCounts& counts, MetricsText& text) {
  constexpr std::string_view kName = "clew_check_failures_total";
  text.Head(kName, "counter", "Things that were not as they should be, by what it was.");
  for (size_t i = 0; i < kFailures; ++i) {
    text.Sample(std::string(kName) + "{reason=\"" + std::string(kFailureNames[i]) + "\"}",
                std::to_string(counts.failures[i]));
  }
}

void AddDelays(const VisibleDelays& delays, MetricsText& text) {
  const std::string name = "clew_check_visible_delay_seconds";
  text.Head(name, "histogram", "From the acknowledgement of a trace to the reading of all of it.");
  for (size_t i = 0; i < VisibleDelays::kBounds.size(); ++i) {
    text.Sample(name + "_bucket{le=\"" + Real(VisibleDelays::kBounds[i]) + "\"}",
                std::to_string(delays.CountUpTo(i)));
  }
  const std::string count = std::to_string(delays.exact().count());
  text.Sample(name + "_bucket{le=\"+Inf\"}", count);
  text.Sample(name + "_sum", Real(delays.total_seconds()));
  text.Sample(name + "_count", count);
}

}  // namespace

std::string FormatMetrics(const CheckReport& report) {
  const CheckCounts& counts = report.counts;
  MetricsText text;
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
  AddFailures(counts, text);
  text.Head("clew_check_unavailable_seconds_total", "counter", "Time without a server.");
  text.Sample("clew_check_unavailable_seconds_total", Real(report.unavailable_seconds));
  AddDelays(counts.delays, text);
  text.Head("clew_check_last_success_timestamp_seconds", "gauge",
            "When a trace was last written, read, found and counted without a failure.");
  text.Sample("clew_check_last_success_timestamp_seconds",
              Real(static_cast<double>(counts.last_success_unix_nano / 1'000'000) / 1e3));
  return text.Take();
}

}  // namespace clew::check
