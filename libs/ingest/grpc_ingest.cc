// SPDX-License-Identifier: Apache-2.0
#include "ingest/grpc_ingest.h"

#include <utility>

#include "wire/otlp_response.h"

namespace clew::ingest {

net::Task<base::Result<IngestReply>> IngestMessage(Ingestor& ingestor, net::Exchange& exchange,
                                                   net::GrpcRequest request, wire::Format format) {
  const base::Result<wire::ContentEncoding> encoding = ParseContentEncoding(request.encoding);
  if (!encoding.ok()) {
    ingestor.CountRefused();
    co_return encoding.error();
  }
  IngestRequest body;
  body.format = format;
  body.encoding = encoding.value();
  body.body = std::move(request.message);
  co_return co_await ingestor.Ingest(exchange.loop(), std::move(body));
}

net::GrpcReply GrpcFailure(const base::Error& error) {
  net::GrpcReply reply;
  reply.status.code = GrpcCodeOf(error.code);
  reply.status.message = error.message;
  reply.status.details = wire::EncodeRpcStatus(static_cast<int>(reply.status.code), error.message,
                                               RetryAfter(error.code));
  return reply;
}

net::GrpcCode GrpcCodeOf(base::ErrorCode code) {
  if (code == base::ErrorCode::kUnsupported) return net::GrpcCode::kUnimplemented;
  if (code == base::ErrorCode::kIo) return net::GrpcCode::kUnavailable;
  if (code == base::ErrorCode::kTooLarge) return net::GrpcCode::kResourceExhausted;
  return net::ToGrpcCode(code);
}

std::optional<int> RetryAfter(base::ErrorCode code) {
  if (code == base::ErrorCode::kExhausted) return kRetryAfterSeconds;
  return std::nullopt;
}

}  // namespace clew::ingest
