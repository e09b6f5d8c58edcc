// SPDX-License-Identifier: Apache-2.0
#include "receiver_ports.h"

#include "ingest/ingest_counters.h"
#include "ingest/jaeger_grpc.h"

namespace clew {
namespace {

using ingest::Receiver;

// Notes what a guard keeps out of a receiver, of HTTP or gRPC.
access::Guard::RefusedCallback Noting(ingest::Ingestor& ingestor, Receiver http, Receiver grpc) {
  return [&ingestor, http, grpc](const net::Exchange& exchange, const access::Refusal& why) {
    const bool is_grpc = net::GrpcHandler::IsGrpc(exchange.request());
    ingestor.refusals().Refuse({is_grpc ? grpc : http, {}, ingest::RefusedFor(why.status)},
                               why.message);
  };
}

}  // namespace

ReceiverPorts::ReceiverPorts(ingest::Ingestor& ingestor, access::Access& access,
                             const std::shared_ptr<ingest::SamplingFile>& strategies,
                             uint64_t body_limit_bytes)
    : otlp_grpc_(body_limit_bytes),
      otlp_http_(ingestor),
      jaeger_grpc_(body_limit_bytes),
      jaeger_(ingestor),
      jaeger_or_sampling_(strategies, &jaeger_),
      sampling_(strategies),
      jaeger_compact_(ingestor, wire::Format::kJaegerCompactMessage),
      jaeger_binary_(ingestor, wire::Format::kJaegerBinaryMessage),
      zipkin_grpc_(body_limit_bytes),
      zipkin_http_(ingestor),
      zipkin_(zipkin_grpc_, zipkin_http_),
      guarded_otlp_grpc_(access, otlp_grpc_,
                         Noting(ingestor, Receiver::kOtlpGrpc, Receiver::kOtlpGrpc)),
      guarded_otlp_http_(access, otlp_http_,
                         Noting(ingestor, Receiver::kOtlpHttp, Receiver::kOtlpHttp)),
      guarded_jaeger_(access, jaeger_or_sampling_,
                      Noting(ingestor, Receiver::kJaegerThrift, Receiver::kJaegerThrift)),
      guarded_jaeger_grpc_(access, jaeger_grpc_,
                           Noting(ingestor, Receiver::kJaegerGrpc, Receiver::kJaegerGrpc)),
      guarded_zipkin_(access, zipkin_,
                      Noting(ingestor, Receiver::kZipkinHttp, Receiver::kZipkinGrpc)) {
  ingest::AddOtlpGrpc(otlp_grpc_, ingestor);
  ingest::AddJaegerGrpc(jaeger_grpc_, ingestor);
  ingest::AddSamplingGrpc(jaeger_grpc_, strategies);
  ingest::AddZipkinGrpc(zipkin_grpc_, ingestor);
}

PortHandlers ReceiverPorts::With(net::Handler& api, net::NamedPortCounters& connections) {
  return {.api = api,
          .otlp_grpc = guarded_otlp_grpc_,
          .otlp_http = guarded_otlp_http_,
          .jaeger_thrift = guarded_jaeger_,
          .jaeger_grpc = guarded_jaeger_grpc_,
          .jaeger_sampling = sampling_,
          .jaeger_compact = jaeger_compact_,
          .jaeger_binary = jaeger_binary_,
          .zipkin = guarded_zipkin_,
          .connections = connections};
}

}  // namespace clew
