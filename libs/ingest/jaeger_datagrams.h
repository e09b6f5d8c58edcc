// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ingest/ingestor.h"
#include "net/datagram_server.h"

namespace clew::ingest {

// What Jaeger's clients send to an agent: calls of emitBatch, one in a datagram, in
// thrift's binary or compact protocol. Nobody is answered; what cannot be stored is noted
// like all that is refused. Thread-safe, like the ingestor it feeds.
class JaegerDatagrams final : public net::DatagramHandler {
 public:
  // `format` is kJaegerBinaryMessage or kJaegerCompactMessage.
  JaegerDatagrams(Ingestor& ingestor, wire::Format format) : ingestor_(ingestor), format_(format) {}

  net::Task<void> Handle(net::EventLoop& loop, std::string datagram) override;
  void OnDropped(uint64_t count) override;

 private:
  Ingestor& ingestor_;
  const wire::Format format_;
};

}  // namespace clew::ingest
