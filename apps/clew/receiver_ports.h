// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "access/access.h"
#include "access/guard.h"
#include "ingest/ingestor.h"
#include "ingest/jaeger_datagrams.h"
#include "ingest/jaeger_receiver.h"
#include "ingest/otlp_receiver.h"
#include "ingest/sampling_receiver.h"
#include "ingest/zipkin_receiver.h"
#include "listeners.h"
#include "net/grpc.h"

namespace clew {

// Who answers on the ports that spans come by: a receiver for each protocol, each behind a guard
// that knows whose spans they are and counts what it keeps out.
class ReceiverPorts {
 public:
  // All outlive it, and the loops do.
  ReceiverPorts(ingest::Ingestor& ingestor, access::Access& access,
                const std::shared_ptr<ingest::SamplingFile>& strategies, uint64_t body_limit_bytes);

  // The handlers of all ports, with who answers queries and what counts connections.
  PortHandlers With(net::Handler& api, net::NamedPortCounters& connections);

 private:
  net::GrpcHandler otlp_grpc_;
  ingest::OtlpHttpReceiver otlp_http_;
  net::GrpcHandler jaeger_grpc_;
  ingest::JaegerReceiver jaeger_;
  ingest::SamplingReceiver jaeger_or_sampling_;
  ingest::SamplingReceiver sampling_;
  ingest::JaegerDatagrams jaeger_compact_, jaeger_binary_;
  net::GrpcHandler zipkin_grpc_;
  ingest::ZipkinReceiver zipkin_http_;
  net::GrpcOrHttp zipkin_;

  access::Guard guarded_otlp_grpc_, guarded_otlp_http_;
  access::Guard guarded_jaeger_, guarded_jaeger_grpc_;
  access::Guard guarded_zipkin_;
};

}  // namespace clew
