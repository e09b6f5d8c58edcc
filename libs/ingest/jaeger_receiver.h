// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ingest/ingestor.h"
#include "net/exchange.h"

namespace clew::ingest {

// Jaeger's HTTP collector endpoint: POST /api/traces with one bare thrift Batch in
// the binary protocol; 202 with no body when it is stored. A query such as
// ?format=jaeger.thrift is ignored. Thread-safe, like the ingestor it feeds.
class JaegerReceiver final : public net::Handler {
 public:
  explicit JaegerReceiver(Ingestor& ingestor) : ingestor_(ingestor) {}
  net::Task<void> Handle(net::Exchange& exchange) override;

 private:
  Ingestor& ingestor_;
};

}  // namespace clew::ingest
