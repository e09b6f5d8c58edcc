// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "model/tracer.h"
#include "net/exchange.h"
#include "serve/assets.h"
#include "serve/byte_allowance.h"
#include "serve/limits.h"
#include "serve/query_limits.h"
#include "serve/router.h"
#include "serve/worker_pool.h"

namespace clew::serve {

// The query port: routes a request to its function, on the loop or on a worker,
// and serves the UI for every other path. Thread-safe; everything given must
// outlive it, and `workers` must be gone before the loops are.
class ApiHandler final : public net::Handler {
 public:
  // `tracer` makes spans of what workers do; null: nobody does.
  ApiHandler(const Router& router, WorkerPool& workers, const LiveQueryLimits& limits,
             std::span<const EmbeddedFile> files, model::Tracer* tracer = nullptr)
      : router_(router), workers_(workers), limits_(limits), files_(files), tracer_(tracer) {}
  net::Task<void> Handle(net::Exchange& exchange) override;
  // Whether the answer is a file of the UI, which has nobody's spans in it.
  bool AnswersWithAsset(const net::RequestHead& request) const;

 private:
  // These tell the status that was answered with.
  net::Task<int> Call(net::Exchange& exchange, Router::Match match,
                      std::optional<model::SpanContext> span);
  net::Task<int> Work(net::Exchange& exchange, const ApiFunction& function, ApiRequest request,
                      ByteAllowance::Share body_space);
  net::Task<int> SendInPieces(net::Exchange& exchange, ApiReply reply);
  net::Task<void> ReplyWithoutRoute(net::Exchange& exchange, Router::Match match);

  const Router& router_;
  WorkerPool& workers_;
  const LiveQueryLimits& limits_;
  std::span<const EmbeddedFile> files_;
  model::Tracer* const tracer_;
  ByteAllowance bodies_{kAllBodiesBytes};
};

}  // namespace clew::serve
