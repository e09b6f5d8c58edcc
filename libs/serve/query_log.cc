// SPDX-License-Identifier: Apache-2.0
#include "serve/query_log.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/log.h"
#include "serve/limits.h"

namespace clew::serve {
namespace {

// On one line, in quotes.
std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return quoted + '"';
}

std::string MillisText(std::chrono::nanoseconds took) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", static_cast<double>(took.count()) / 1e6);
  return text;
}

}  // namespace

std::string LineOf(const QueryRecord& record) {
  std::string line = "tenant=" + record.tenant + " call=" + record.call +
                     " query=" + Quoted(record.query) + " ms=" + MillisText(record.took);
  const auto add = [&](const char* name, uint64_t number) {
    line.append(" ").append(name).append("=").append(std::to_string(number));
  };
  add("bytes", record.counters.bytes);
  add("blocks", record.counters.blocks);
  add("spans", record.counters.rows);
  add("traces", record.counters.traces);
  add("memory_bytes", record.memory_bytes);
  add("results", record.results);
  add("status", static_cast<uint64_t>(record.status));
  return line;
}

void QueryLog::Note(QueryRecord record) {
  const bool is_slow = record.took >= slow_;
  if (is_slow) {
    base::LogInfo("slow query " + LineOf(record));
  } else if (base::LogsDebug()) {
    base::LogDebug("query " + LineOf(record));
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
