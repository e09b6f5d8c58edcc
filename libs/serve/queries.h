// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"
#include "model/tracer.h"
#include "query/memory_budget.h"
#include "query/run_notes.h"
#include "query/scan_threads.h"
#include "serve/api.h"
#include "serve/damage_log.h"
#include "serve/query_limits.h"
#include "serve/query_log.h"
#include "serve/query_span.h"
#include "serve/readiness.h"
#include "serve/tenant.h"
#include "store/trace_store.h"

namespace clew::serve {

// One query while it runs: what it is given, and what it tells of its cost.
struct QueryRun {
  // `helping` outlives it; null: it has its own thread alone.
  QueryRun(store::Sources given, uint64_t memory_bytes, query::ScanThreads* helping = nullptr)
      : sources(std::move(given)), memory(memory_bytes), threads(helping) {}

  const store::Sources sources;
  query::RunNotes notes;
  query::MemoryBudget memory;
  query::ScanThreads* const threads;
  uint64_t results = 0;
  int status = 200;  // of a reply, as HTTP has it
};

// Runs queries within their limits, each over what is published when it begins, and keeps
// account of them. Thread-safe.
class Queries {
 public:
  // All outlive it. `tracer` makes spans of queries that belong to a span; null: nobody does.
  Queries(const store::TraceStore& store, const Readiness& readiness, const QueryLimits& limits,
          const base::Clock& clock = base::Clock::System(), model::Tracer* tracer = nullptr)
      : store_(store),
        readiness_(readiness),
        limits_(limits),
        clock_(clock),
        tracer_(tracer),
        log_(limits.slow),
        threads_(limits.threads - 1) {}

  // Calls `answer(run)`, a base::Status. `call` names what was asked, `request` how. Says why an
  // answer may lack something in `partial`. kUnavailable while the log is read; kDeadlineExceeded
  // once the request is late.
  template <typename Answer>
  base::Status Run(std::string_view call, const ApiRequest& request, std::string& partial,
                   Answer answer) {
    if (readiness_.is_replaying()) {
      return base::Error{base::ErrorCode::kUnavailable, readiness_.Describe()};
    }
    return RunOver(store_.SourcesOf(TenantOf(request)), call, request, partial, answer);
  }

  // The same over other sources than those that are stored, whatever state these are in.
  template <typename Answer>
  base::Status RunOver(store::Sources sources, std::string_view call, const ApiRequest& request,
                       std::string& partial, Answer answer) {
    const int64_t began = Begin();
    const std::unique_ptr<model::OwnSpan> span = BeginQuerySpan(tracer_, call, request);
    QueryRun run(std::move(sources), limits().memory_bytes, &threads_);
    base::Status status = Explained(answer(run), request);
    if (!run.notes.empty()) partial = damage_.Report(run.notes);
    End(began, call, request, {run, status, span.get()});
    return status;
  }

  // Of those that come now.
  QueryLimits limits() const { return limits_.Get(); }
  const LiveQueryLimits& live_limits() const { return limits_; }
  void SetLimits(const QueryLimits& limits) {
    limits_.Set(limits);
    log_.SetSlow(limits.slow);
  }
  const QueryLog& log() const { return log_; }
  model::Tracer* tracer() const { return tracer_; }
  size_t running() const;

 private:
  struct Ended {
    const QueryRun& run;
    const base::Status& status;
    model::OwnSpan* span;  // null: there is none
  };
  int64_t Begin();
  base::Status Explained(base::Status status, const ApiRequest& request) const;
  void End(int64_t began, std::string_view call, const ApiRequest& request, const Ended& ended);

  const store::TraceStore& store_;
  const Readiness& readiness_;
  LiveQueryLimits limits_;
  const base::Clock& clock_;
  model::Tracer* const tracer_;
  DamageLog damage_;
  QueryLog log_;
  query::ScanThreads threads_;
  mutable base::Mutex mutex_;
  size_t running_ GUARDED_BY(mutex_) = 0;
};

}  // namespace clew::serve
