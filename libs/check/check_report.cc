// SPDX-License-Identifier: Apache-2.0
#include "check/check_report.h"

#include <cstdio>

#include "check/check_trace.h"
#include "wire/json_writer.h"

namespace clew::check {
namespace {

std::string Fixed(double value, int digits) {
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%.*f", digits, value);
  return {text, static_cast<size_t>(size)};
}

double Millis(int64_t ns) {
  return static_cast<double>(ns) / 1e6;
}

void Row(std::string& out, std::string_view name, const std::string& value) {
  constexpr size_t kWidth = 13;
  out.append(name).append(kWidth - name.size(), ' ').append(value).append("\n");
}

}  // namespace

std::string FormatReport(const CheckReport& report) {
  const CheckCounts& counts = report.counts;
  const load::LatencyHistogram& delay = counts.delays.exact();
  const auto spans = [](uint64_t count) { return std::to_string(count) + " spans"; };
  std::string out;
  Row(out, "run",
      RunName(report.seed) + ", " + std::to_string(counts.traces) + " traces in " +
          Fixed(report.seconds, 1) + " s");
  Row(out, "written",
      spans(counts.written_spans) + ", " + std::to_string(counts.retries) + " retries");
  Row(out, "acknowledged", spans(counts.acked_spans));
  Row(out, "lost", spans(counts.lost_spans));
  Row(out, "duplicated", spans(counts.duplicated_spans));
  Row(out, "wrong", spans(counts.wrong_spans));
  if (counts.in_doubt_spans > 0) Row(out, "in doubt", spans(counts.in_doubt_spans));
  if (delay.count() > 0) {
    Row(out, "visible",
        "p50 " + Fixed(Millis(delay.Percentile(0.5)), 1) + " ms, p99 " +
            Fixed(Millis(delay.Percentile(0.99)), 1) + " ms, most " +
            Fixed(Millis(delay.max_ns()), 1) + " ms after the acknowledgement");
  }
  Row(out, "unavailable", Fixed(report.unavailable_seconds, 1) + " s");
  for (size_t i = 0; i < kFailures; ++i) {
    if (counts.failures[i] == 0) continue;
    Row(out, "FAILED",
        std::string(kFailureNames[i]) + ", " + std::to_string(counts.failures[i]) +
            (counts.failures[i] == 1 ? " time" : " times"));
  }
  if (counts.acked_spans == 0) Row(out, "FAILED", "nothing was acknowledged");
  for (const std::string& problem : counts.problems) Row(out, "", problem);
  return out;
}

std::string FormatReportJson(const CheckReport& report) {
  const CheckCounts& counts = report.counts;
  wire::JsonWriter json;
  json.BeginObject();
  json.BoolMember("ok", counts.ok());
  json.TextMember("run", RunName(report.seed));
  json.RealMember("seconds", report.seconds);
  json.NumberMember("traces", counts.traces);
  json.NumberMember("writtenSpans", counts.written_spans);
  json.NumberMember("ackedSpans", counts.acked_spans);
  json.NumberMember("lostSpans", counts.lost_spans);
  json.NumberMember("duplicatedSpans", counts.duplicated_spans);
  json.NumberMember("wrongSpans", counts.wrong_spans);
  json.NumberMember("inDoubtSpans", counts.in_doubt_spans);
  json.NumberMember("retries", counts.retries);
  json.RealMember("unavailableSeconds", report.unavailable_seconds);
  json.Key("visibleDelayMs");
  json.BeginObject();
  const load::LatencyHistogram& delay = counts.delays.exact();
  json.NumberMember("count", delay.count());
  json.RealMember("p50", Millis(delay.Percentile(0.5)));
  json.RealMember("p99", Millis(delay.Percentile(0.99)));
  json.RealMember("max", Millis(delay.max_ns()));
  json.EndObject();
  json.Key("failures");
  json.BeginObject();
  for (size_t i = 0; i < kFailures; ++i) json.NumberMember(kFailureNames[i], counts.failures[i]);
  json.EndObject();
  json.Key("problems");
  json.BeginArray();
  for (const std::string& problem : counts.problems) json.String(problem);
  json.EndArray();
  json.EndObject();
  return json.Take() + "\n";
}

}  // namespace clew::check
