// SPDX-License-Identifier: Apache-2.0
#include "serve/queries.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "serve/traceparent.h"

namespace clew::serve {
namespace {

// What was asked, as far as it tells queries apart: "{id}?q={ }&limit=20".
std::string TextOf(const ApiRequest& request) {
  std::string text = request.path_argument;
  for (const auto& [name, value] : request.parameters) {
    if (!text.empty()) text += ' ';
    text.append(name).append("=").append(value);
    if (text.size() > kShownQueryBytes) break;
  }
  if (text.size() <= kShownQueryBytes) return text;
  text.resize(kShownQueryBytes);
  // Not in the middle of a character.
  while (!text.empty() && (static_cast<uint8_t>(text.back()) & 0xC0) == 0x80) text.pop_back();
  if (!text.empty() && static_cast<uint8_t>(text.back()) >= 0xC0) text.pop_back();
  return text + "…";
}

// Where the query is found among spans: its own, or that of who asked.
struct SpanIds {
  std::string trace_id, span_id;
};
SpanIds IdsOf(const model::OwnSpan* span, const ApiRequest& request) {
  if (span != nullptr) {
    const model::SpanContext context = span->context();
    return {context.trace_id.ToHex(), context.span_id.ToHex()};
  }
  const Traceparent caller = ParseTraceparent(request.traceparent).value_or(Traceparent{});
  return {std::string(caller.trace_id), std::string(caller.span_id)};
}

}  // namespace

size_t Queries::running() const {
  const base::MutexLock lock(mutex_);
  return running_;
}

int64_t Queries::Begin() {
  const base::MutexLock lock(mutex_);
  ++running_;
  return clock_.MonotonicNanos();
}

base::Status Queries::Explained(base::Status status, const ApiRequest& request) const {
  if (status.ok() || status.error().code != base::ErrorCode::kCancelled) return status;
  if (std::chrono::steady_clock::now() < request.deadline) return status;
  return TookTooLong(limits());
}

void Queries::End(int64_t began, std::string_view call, const ApiRequest& request,
                  const Ended& ended) {
  const std::chrono::nanoseconds took(clock_.MonotonicNanos() - began);
  const QueryRun& run = ended.run;
  const SpanIds ids = IdsOf(ended.span, request);
  QueryRecord record{.unix_nano = clock_.UnixNanos() - took.count(),
                     .tenant = std::string(TenantOf(request)),
                     .call = std::string(call),
                     .query = TextOf(request),
                     .trace_id = ids.trace_id,
                     .span_id = ids.span_id,
                     .took = took,
                     .counters = run.notes.counters(),
                     .memory_bytes = run.memory.charged_bytes(),
                     .results = run.results,
                     .status = ended.status.ok() ? run.status : HttpStatusOf(ended.status.error())};
  if (ended.span != nullptr) NoteQuery(*ended.span, record, ended.status);
  log_.Note(std::move(record));
  const base::MutexLock lock(mutex_);
  --running_;
}

}  // namespace clew::serve
