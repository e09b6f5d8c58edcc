// SPDX-License-Identifier: Apache-2.0
#include "serve/query_log.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/log_fields.h"
#include "serve/limits.h"

namespace clew::serve {
namespace {

// The fields of a line; their texts are the record's.
std::vector<base::LogField> FieldsOf(const QueryRecord& record) {
  std::vector<base::LogField> fields = {
      {.name = "tenant", .value = record.tenant},
      {.name = "call", .value = record.call},
      {.name = "query", .value = record.query, .is_content = true},
      {.name = "ms", .value = static_cast<double>(record.took.count()) / 1e6},
      {.name = "bytes", .value = record.counters.bytes},
      {.name = "blocks", .value = record.counters.blocks},
      {.name = "spans", .value = record.counters.rows},
      {.name = "traces", .value = record.counters.traces},
      {.name = "memory_bytes", .value = record.memory_bytes},
      {.name = "results", .value = record.results},
      {.name = "status", .value = static_cast<uint64_t>(record.status)}};
  if (!record.trace_id.empty()) {
    fields.push_back({.name = "trace_id", .value = record.trace_id});
    fields.push_back({.name = "span_id", .value = record.span_id});
  }
  return fields;
}

}  // namespace

std::string LineOf(const QueryRecord& record) {
  return base::FieldsText(FieldsOf(record));
}

void QueryLog::Note(QueryRecord record) {
  const bool is_slow = record.took >= slow();
  if (is_slow) {
    base::Log(base::LogLevel::kInfo, "slow query", FieldsOf(record));
  } else if (base::LogsDebug()) {
    base::Log(base::LogLevel::kDebug, "query", FieldsOf(record));
  }
  const base::MutexLock lock(mutex_);
  Count(record);
  ++remembered_.queries;
  if (record.status >= 500) ++remembered_.failed_queries;
  if (is_slow) Remember(std::move(record));
}

void QueryLog::Count(const QueryRecord& record) {
  Call& call = calls_[record.call];
  call.durations.Add(record.took);
  counters_ += record.counters;
  if (record.status >= 500) {
    ++call.ended.failed;
  } else if (record.status == 499) {
    ++call.ended.cancelled;
  } else {
    ++(record.status >= 400 ? call.ended.refused : call.ended.answered);
  }
}

QueryLog::Totals QueryLog::totals() const {
  Totals totals;
  const base::MutexLock lock(mutex_);
  totals.counters = counters_;
  for (const auto& [name, call] : calls_) {
    OfCall& of = totals.calls[name];
    of = call.ended;
    of.durations = call.durations.counts();
  }
  return totals;
}

void QueryLog::Remember(QueryRecord record) {
  ++remembered_.slow_queries;
  std::vector<QueryRecord>& slowest = remembered_.slowest;
  const auto place = std::ranges::find_if(
      slowest, [&](const QueryRecord& other) { return other.took < record.took; });
  slowest.insert(place, record);
  if (slowest.size() > kRememberedQueries) slowest.pop_back();
  std::vector<QueryRecord>& last = remembered_.last;
  last.insert(last.begin(), std::move(record));
  if (last.size() > kRememberedQueries) last.pop_back();
}

QueryLog::Remembered QueryLog::remembered(std::string_view tenant) const {
  Remembered all;
  {
    const base::MutexLock lock(mutex_);
    all = remembered_;
  }
  if (tenant.empty()) return all;
  const auto of_another = [&](const QueryRecord& record) { return record.tenant != tenant; };
  std::erase_if(all.slowest, of_another);
  std::erase_if(all.last, of_another);
  return all;
}

}  // namespace clew::serve
