// SPDX-License-Identifier: Apache-2.0
#include "serve/query_status.h"

#include <chrono>
#include <string_view>

#include "wire/json_writer.h"

namespace clew::serve {
namespace {

using std::chrono::nanoseconds;

double Millis(nanoseconds duration) {
  return static_cast<double>(duration.count()) / 1e6;
}

void AppendList(std::string_view title, const std::vector<QueryRecord>& records,
                std::string& text) {
  text.append(title).append("\n");
  if (records.empty()) text.append("  none\n");
  for (const QueryRecord& record : records) {
    text.append("  at=").append(std::to_string(record.unix_nano / 1'000'000'000)).append(" ");
    text.append(LineOf(record)).append("\n");
  }
}

void LeaveOutQueries(std::vector<QueryRecord>& records) {
  for (QueryRecord& record : records) record.query = "(left out)";
}

void WriteMillis(wire::JsonWriter& json, std::string_view key, nanoseconds duration) {
  json.Key(key);
  json.Number(Millis(duration));
}

void WriteRecord(wire::JsonWriter& json, const QueryRecord& record) {
  json.BeginObject();
  json.Key("startTimeUnixNano");
  json.NumberAsString(record.unix_nano);
  json.TextMember("tenant", record.tenant);
  json.TextMember("call", record.call);
  json.TextMember("query", record.query);
  WriteMillis(json, "ms", record.took);
  json.NumberMember("bytes", record.counters.bytes);
  json.NumberMember("blocks", record.counters.blocks);
  json.NumberMember("spans", record.counters.rows);
  json.NumberMember("traces", record.counters.traces);
  json.NumberMember("memoryBytes", record.memory_bytes);
  json.NumberMember("results", record.results);
  json.NumberMember("status", static_cast<uint64_t>(record.status));
  json.EndObject();
}

void WriteList(wire::JsonWriter& json, std::string_view key,
               const std::vector<QueryRecord>& records) {
  json.Key(key);
  json.BeginArray();
  for (const QueryRecord& record : records) WriteRecord(json, record);
  json.EndArray();
}

void WriteLimits(wire::JsonWriter& json, const QueryLimits& limits) {
  json.Key("limits");
  json.BeginObject();
  json.NumberMember("concurrency", limits.concurrency);
  json.NumberMember("threads", limits.threads);
  json.NumberMember("queue", limits.queue);
  WriteMillis(json, "queueWaitMs", limits.queue_wait);
  WriteMillis(json, "timeoutMs", limits.timeout);
  json.NumberMember("memoryBytes", limits.memory_bytes);
  WriteMillis(json, "slowMs", limits.slow);
  json.EndObject();
}

}  // namespace

std::string StatusText(const Queries& queries, const ApiRequest& request,
                       const Readiness& readiness, const std::string& version, ShowQueries show) {
  const QueryLimits limits = queries.limits();
  QueryLog::Remembered remembered = queries.log().remembered(request.tenant);
  if (show == ShowQueries::kNo) {
    LeaveOutQueries(remembered.slowest);
    LeaveOutQueries(remembered.last);
  }
  std::string text = "clew " + version + ", " + readiness.Describe() + "\n\n";
  text += "queries: " + std::to_string(remembered.queries) + " answered, " +
          std::to_string(remembered.slow_queries) + " of them slow, " +
          std::to_string(queries.running()) + " running\n";
  text += "limits: " + std::to_string(limits.concurrency) + " at the same time, on up to " +
          std::to_string(limits.threads) +
          (limits.threads == 1 ? " thread each, " : " threads each, ") +
          std::to_string(limits.queue) + " waiting for up to " + DurationText(limits.queue_wait) +
          ", " + DurationText(limits.timeout) + " and " +
          std::to_string(limits.memory_bytes >> 20) + " MiB for each; slow from " +
          DurationText(limits.slow) + " on\n\n";
  AppendList("slowest queries", remembered.slowest, text);
  text += "\n";
  AppendList("last slow queries", remembered.last, text);
  return text;
}

std::string QueriesJson(const Queries& queries, const ApiRequest& request) {
  const QueryLog::Remembered remembered = queries.log().remembered(request.tenant);
  wire::JsonWriter json;
  json.BeginObject();
  json.NumberMember("running", queries.running());
  WriteLimits(json, queries.limits());
  json.NumberMember("queries", remembered.queries);
  json.NumberMember("slowQueries", remembered.slow_queries);
  WriteList(json, "slowest", remembered.slowest);
  WriteList(json, "last", remembered.last);
  json.EndObject();
  return json.Take();
}

}  // namespace clew::serve
