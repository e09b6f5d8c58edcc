// SPDX-License-Identifier: Apache-2.0
#include "load/load_report.h"

#include <array>
#include <cstdarg>
#include <cstdio>

#include "wire/json_writer.h"

namespace clew::load {
namespace {

// Columns of the floor that people see; the others are one line together.
constexpr size_t kShownColumns = 16;

__attribute__((format(printf, 2, 3))) void Line(std::string& out, const char* format, ...) {
  std::array<char, 512> line{};
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line.data(), line.size(), format, arguments);
  va_end(arguments);
  out += line.data();
  out += '\n';
}

double Millis(int64_t ns) {
  return static_cast<double>(ns) / 1e6;
}

void FormatSent(const SentLoad& sent, std::string& out) {
  const SendCounts& counts = sent.counts;
  const auto spans = static_cast<double>(counts.spans);
  const auto bytes = static_cast<double>(counts.bytes);
  Line(out, "sent     %llu spans in %llu bodies, %.0f MB (%.0f bytes a span), in %.2f s",
       static_cast<unsigned long long>(counts.spans),
       static_cast<unsigned long long>(counts.bodies), bytes / 1e6, spans > 0 ? bytes / spans : 0,
       sent.seconds);
  Line(out, "rate     %.0f spans/s, %.1f MB/s", spans / sent.seconds, bytes / 1e6 / sent.seconds);
  if (counts.latency.count() > 0) {
    Line(out, "latency  p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, most %.2f ms",
         Millis(counts.latency.Percentile(0.5)), Millis(counts.latency.Percentile(0.9)),
         Millis(counts.latency.Percentile(0.99)), Millis(counts.latency.Percentile(0.999)),
         Millis(counts.latency.max_ns()));
  }
  if (counts.most_behind_ns > 0) {
    Line(out, "pace     at most %.2f ms behind", Millis(counts.most_behind_ns));
  }
  if (counts.duplicate_bodies > 0) {
    Line(out, "twice    %llu bodies", static_cast<unsigned long long>(counts.duplicate_bodies));
  }
  if (counts.retries > 0) {
    Line(out, "retries  %llu, %.1f s of waiting over all requests",
         static_cast<unsigned long long>(counts.retries),
         static_cast<double>(counts.waited_ns) / 1e9);
  }
  if (counts.rejected_spans + counts.failed_bodies > 0) {
    Line(out, "LOST     %llu spans rejected, %llu bodies of %llu spans failed: %s",
         static_cast<unsigned long long>(counts.rejected_spans),
         static_cast<unsigned long long>(counts.failed_bodies),
         static_cast<unsigned long long>(counts.failed_spans), counts.first_error.c_str());
  }
}

void FormatFloor(const EntropyFloor& floor, std::string& out) {
  Line(out, "floor    %.2f bytes a span, the entropy of its columns (from %llu spans):",
       floor.bytes_per_span, static_cast<unsigned long long>(floor.spans));
  double rest = 0;
  for (size_t i = 0; i < floor.columns.size(); ++i) {
    const ColumnFloor& column = floor.columns[i];
    if (i < kShownColumns) {
      Line(out, "           %6.3f  %s", column.bytes_per_span, column.column.c_str());
    } else {
      rest += column.bytes_per_span;
    }
  }
  if (floor.columns.size() > kShownColumns) {
    Line(out, "           %6.3f  %zu others", rest, floor.columns.size() - kShownColumns);
  }
}

void FormatVerdict(const Verdict& verdict, std::string& out) {
  Line(out, "verify   %llu traces, %llu spans: %llu missing, %llu extra, %llu changed, %llu unread",
       static_cast<unsigned long long>(verdict.traces),
       static_cast<unsigned long long>(verdict.spans),
       static_cast<unsigned long long>(verdict.missing_spans),
       static_cast<unsigned long long>(verdict.extra_spans),
       static_cast<unsigned long long>(verdict.changed_spans),
       static_cast<unsigned long long>(verdict.unread_traces));
  for (const std::string& difference : verdict.differences)
    out += "           " + difference + "\n";
}

void Field(wire::JsonWriter& json, std::string_view key, double value) {
  json.Key(key);
  json.Number(value);
}
void Field(wire::JsonWriter& json, std::string_view key, uint64_t value) {
  json.Key(key);
  json.Number(static_cast<int64_t>(value));
}

void WriteSent(const SentLoad& sent, wire::JsonWriter& json) {
  const SendCounts& counts = sent.counts;
  json.Key("sent");
  json.BeginObject();
  Field(json, "seconds", sent.seconds);
  Field(json, "spans", counts.spans);
  Field(json, "bodies", counts.bodies);
  Field(json, "bytes", counts.bytes);
  Field(json, "spansPerSecond", static_cast<double>(counts.spans) / sent.seconds);
  Field(json, "bytesPerSecond", static_cast<double>(counts.bytes) / sent.seconds);
  Field(json, "duplicateBodies", counts.duplicate_bodies);
  Field(json, "rejectedSpans", counts.rejected_spans);
  Field(json, "failedBodies", counts.failed_bodies);
  Field(json, "failedSpans", counts.failed_spans);
  Field(json, "retries", counts.retries);
  Field(json, "waitedSeconds", static_cast<double>(counts.waited_ns) / 1e9);
  Field(json, "mostBehindMs", Millis(counts.most_behind_ns));
  json.Key("firstError");
  json.String(counts.first_error);
  json.Key("latencyMs");
  json.BeginObject();
  Field(json, "p50", Millis(counts.latency.Percentile(0.5)));
  Field(json, "p90", Millis(counts.latency.Percentile(0.9)));
  Field(json, "p99", Millis(counts.latency.Percentile(0.99)));
  Field(json, "p999", Millis(counts.latency.Percentile(0.999)));
  Field(json, "max", Millis(counts.latency.max_ns()));
  json.EndObject();
  json.EndObject();
}

void WriteFloor(const EntropyFloor& floor, wire::JsonWriter& json) {
  json.Key("entropyFloor");
  json.BeginObject();
  Field(json, "spans", floor.spans);
  Field(json, "bytesPerSpan", floor.bytes_per_span);
  json.Key("columns");
  json.BeginArray();
  for (const ColumnFloor& column : floor.columns) {
    json.BeginObject();
    json.Key("column");
    json.String(column.column);
    Field(json, "bytesPerSpan", column.bytes_per_span);
    Field(json, "valuesPerSpan", column.values_per_span);
    Field(json, "distinct", column.distinct);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WriteVerdict(const Verdict& verdict, wire::JsonWriter& json) {
  json.Key("verify");
  json.BeginObject();
  json.Key("ok");
  json.Bool(verdict.ok());
  Field(json, "traces", verdict.traces);
  Field(json, "spans", verdict.spans);
  Field(json, "missingSpans", verdict.missing_spans);
  Field(json, "extraSpans", verdict.extra_spans);
  Field(json, "changedSpans", verdict.changed_spans);
  Field(json, "unreadTraces", verdict.unread_traces);
  json.Key("differences");
  json.BeginArray();
  for (const std::string& difference : verdict.differences) json.String(difference);
  json.EndArray();
  json.EndObject();
}

}  // namespace

std::string FormatReport(const LoadReport& report) {
  std::string out;
  Line(out, "load     %.*s, seed %llu, start %lld: %llu traces, %llu spans of %u instances, %.1f s",
       static_cast<int>(report.profile.size()), report.profile.data(),
       static_cast<unsigned long long>(report.seed), static_cast<long long>(report.start_ns),
       static_cast<unsigned long long>(report.size.traces),
       static_cast<unsigned long long>(report.size.spans), report.instances,
       report.simulated_seconds);
  if (report.sent) FormatSent(*report.sent, out);
  if (report.floor) FormatFloor(*report.floor, out);
  if (report.verdict) FormatVerdict(*report.verdict, out);
  return out;
}

std::string FormatReportJson(const LoadReport& report) {
  wire::JsonWriter json;
  json.BeginObject();
  json.Key("profile");
  json.String(report.profile);
  Field(json, "seed", report.seed);
  json.Key("startUnixNano");
  json.NumberAsString(report.start_ns);
  Field(json, "traces", report.size.traces);
  Field(json, "spans", report.size.spans);
  Field(json, "instances", uint64_t{report.instances});
  Field(json, "simulatedSeconds", report.simulated_seconds);
  if (report.sent) WriteSent(*report.sent, json);
  if (report.floor) WriteFloor(*report.floor, json);
  if (report.verdict) WriteVerdict(*report.verdict, json);
  json.EndObject();
  return json.Take();
}

}  // namespace clew::load
