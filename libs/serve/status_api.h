// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ingest/ingestor.h"
#include "serve/readiness.h"
#include "serve/router.h"
#include "store/trace_store.h"

namespace clew::serve {

// What the status endpoints tell about. All must outlive the router.
struct StatusSources {
  const Readiness& readiness;
  const ingest::Ingestor& ingestor;
  store::TraceStore& store;
  std::string version;
};

// Adds /api/echo, /ready, /metrics, /flush and /api/status/buildinfo.
void AddStatusApi(Router& router, const StatusSources& sources);

}  // namespace clew::serve
