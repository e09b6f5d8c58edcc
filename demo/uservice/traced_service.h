// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "net/exchange.h"
#include "opentelemetry/context/context.h"
#include "opentelemetry/trace/tracer.h"
#include "uservice/options.h"
#include "uservice/upstream_call.h"

namespace clew::demo {

// uservice3 and uservice4: the same work, each step in a span. The context is
// handed from coroutine to coroutine as a value.
class TracedService final : public net::Handler {
 public:
  // `upstream` may be null and outlives the service.
  TracedService(const std::string& name, const Options& options, UpstreamCaller* upstream);
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  using Context = opentelemetry::context::Context;
  using SpanPointer = std::shared_ptr<opentelemetry::trace::Span>;

  SpanPointer StartIncoming(net::Exchange& exchange);
  // redis_call, then other_uservice_call; false when that failed.
  net::Task<bool> CallRedis(net::EventLoop& loop, Context context, SpanPointer incoming);
  net::Task<bool> CallUpstream(Context context, SpanPointer incoming);
  net::Task<void> CallDatabase(net::EventLoop& loop, Context context);

  const Options options_;
  UpstreamCaller* const upstream_;
  const std::shared_ptr<opentelemetry::trace::Tracer> tracer_;
};

}  // namespace clew::demo
