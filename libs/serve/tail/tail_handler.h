// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "net/exchange.h"
#include "serve/query_limits.h"
#include "serve/readiness.h"
#include "serve/tail/tail_hub.h"
#include "serve/worker_pool.h"
#include "traceql/ast.h"

namespace clew::serve {

// Answers GET /api/clew/v1/tail?q={…} with a stream of server-sent events: what matches, as it
// arrives (see tail_events.h). Every other request is for `next`. A client that reads slowly
// holds up nothing: what finds no room in its queue is skipped, and it is told. Thread-safe;
// all that is given outlives it.
class TailHandler final : public net::Handler {
 public:
  struct Parts {
    TailHub& hub;
    WorkerPool& workers;
    const Readiness& readiness;
    const LiveQueryLimits& limits;
    net::Handler& next;
  };
  explicit TailHandler(const Parts& parts) : parts_(parts) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  using Pipeline = std::shared_ptr<const traceql::SpansetPipeline>;

  net::Task<void> Tail(net::Exchange& exchange);
  net::Task<void> Stream(net::Exchange& exchange, Pipeline pipeline,
                         std::shared_ptr<TailQueue> queue);
  net::Task<std::string> Events(net::Exchange& exchange, Pipeline pipeline, TailQueue::Taken taken);

  const Parts parts_;
};

}  // namespace clew::serve
