// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/exchange.h"
#include "uservice/options.h"
#include "uservice/upstream_call.h"

namespace clew::demo {

// uservice1 and uservice2: the work without any tracing. Headers of the
// incoming request are not passed on, so the trace ends here.
class PlainService final : public net::Handler {
 public:
  // `upstream` may be null and outlives the service.
  PlainService(const Options& options, UpstreamCaller* upstream)
      : options_(options), upstream_(upstream) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  const Options options_;
  UpstreamCaller* const upstream_;
};

}  // namespace clew::demo
