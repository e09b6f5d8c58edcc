// SPDX-License-Identifier: Apache-2.0
#include "serve/tail/tail_events.h"

#include <memory>
#include <string_view>
#include <utility>

#include "ingest/limits.h"
#include "query/memory_budget.h"
#include "query/traceql_search.h"
#include "serve/limits.h"
#include "serve/tempo_search.h"
#include "store/memtable.h"
#include "wire/body.h"

namespace clew::serve {
namespace {

constexpr uint32_t kSpansPerSpanSet = 3;

std::string Event(std::string_view name, std::string_view data) {
  std::string event = "event: ";
  return event.append(name).append("\ndata: ").append(data).append("\n\n");
}

// Bodies were validated before they were stored.
base::Result<store::Sources> SourcesOf(const TailQueue::Taken& taken) {
  const auto memtable = std::make_shared<store::Memtable>();
  uint32_t rows = 0;
  for (const std::shared_ptr<const TailBody>& body : taken.bodies) {
    const std::string plain = TRY(ingest::PlainBody(body->request, ingest::kInflatedLimitBytes));
    TRY(wire::Scan(body->request.format, wire::kDecoderVersion, plain, *memtable));
    rows = memtable->FinishBody();
  }
  memtable->Publish(rows);
  store::Sources sources;
  sources.memtables.push_back(memtable);
  return sources;
}

std::string SkippedEvent(uint64_t spans, size_t traces) {
  return Event("skipped", "{\"spans\":" + std::to_string(spans) +
                              ",\"traces\":" + std::to_string(traces) + "}");
}

}  // namespace

std::string SkippedSpansEvent(uint64_t spans) {
  return SkippedEvent(spans, 0);
}

base::Result<std::string> TailEvents(const traceql::SpansetPipeline& pipeline,
                                     const TailQueue::Taken& taken, uint64_t memory_bytes) {
  std::string events;
  size_t skipped_traces = 0;
  if (!taken.bodies.empty()) {
    const store::Sources sources = TRY(SourcesOf(taken));
    query::MemoryBudget memory(memory_bytes);
    const query::TraceqlRequest request{.pipeline = pipeline,
                                        .limit = kMaxResultLimit,
                                        .spans_per_spanset = kSpansPerSpanSet,
                                        .memory = &memory};
    query::SearchResult result = TRY(query::Search(sources, request));
    if (result.traces.size() > kMaxTailTraces) {
      skipped_traces = result.traces.size() - kMaxTailTraces;
      result.traces.resize(kMaxTailTraces);
    }
    if (!result.traces.empty()) events += Event("traces", SearchJson(result));
  }
  if (taken.skipped_spans > 0 || skipped_traces > 0) {
    events += SkippedEvent(taken.skipped_spans, skipped_traces);
  }
  return events;
}

}  // namespace clew::serve
