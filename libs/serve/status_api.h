// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ingest/forward/forwarder.h"
#include "ingest/ingestor.h"
#include "model/tracer.h"
#include "net/body_budget.h"
#include "net/port_counters.h"
#include "serve/queries.h"
#include "serve/readiness.h"
#include "serve/router.h"
#include "store/trace_store.h"

namespace clew::serve {

// What the status endpoints tell about. All must outlive the router.
struct StatusSources {
  const Readiness& readiness;
  const ingest::Ingestor& ingestor;
  store::TraceStore& store;
  const Queries& queries;
  const net::NamedPortCounters& connections;
  const net::BodyBudget* bodies = nullptr;  // null: not told about
  std::string version;
  std::string data_directory;
  const ingest::Forwarder* forwarder = nullptr;  // when there is one
  const model::Tracer* tracer = nullptr;         // likewise
};

// Adds /api/echo, /ready, /metrics, /status, /flush, /api/status/buildinfo and
// /api/clew/v1/queries, which has the slow queries of /status as JSON.
void AddStatusApi(Router& router, const StatusSources& sources);

}  // namespace clew::serve
