// SPDX-License-Identifier: Apache-2.0
#include "ingest/receive.h"

#include <string>
#include <utility>

#include "ingest/http_status.h"
#include "wire/otlp_response.h"

namespace clew::ingest {
namespace {

IngestRequest RequestOf(const net::Exchange& exchange, wire::Format format, bool is_grpc) {
  IngestRequest request;
  request.tenant = TenantOf(exchange);
  request.format = format;
  request.receiver = ReceiverOf(format, is_grpc);
  return request;
}

Refusal Refuse(Ingestor& ingestor, const IngestRequest& request, base::Error error) {
  ingestor.refusals().Refuse({request.receiver, request.tenant, RefusedFor(error.code)},
                             error.message);
  return error;
}

}  // namespace

net::Task<IngestOutcome> ReceiveBody(Ingestor& ingestor, net::Exchange& exchange,
                                     wire::Format format) {
  IngestRequest request = RequestOf(exchange, format, false);
  const base::Result<wire::ContentEncoding> encoding =
      ParseContentEncoding(exchange.request().headers.Get("content-encoding").value_or(""));
  if (!encoding.ok()) co_return Refuse(ingestor, request, encoding.error());
  base::Result<std::string> body =
      co_await net::ReadWholeBody(exchange, ingestor.limits().body_bytes);
  if (!body.ok()) co_return Refuse(ingestor, request, body.error());
  request.encoding = encoding.value();
  request.body = std::move(body).value();
  co_return co_await ingestor.Ingest(exchange.loop(), std::move(request));
}

net::Task<IngestOutcome> ReceiveMessage(Ingestor& ingestor, net::Exchange& exchange,
                                        net::GrpcRequest request, wire::Format format) {
  IngestRequest body = RequestOf(exchange, format, true);
  const base::Result<wire::ContentEncoding> encoding = ParseContentEncoding(request.encoding);
  if (!encoding.ok()) co_return Refuse(ingestor, body, encoding.error());
  body.encoding = encoding.value();
  body.body = std::move(request.message);
  co_return co_await ingestor.Ingest(exchange.loop(), std::move(body));
}

void NoteRefusedMessages(net::GrpcHandler& grpc, Ingestor& ingestor, Receiver receiver) {
  grpc.set_on_refused([&ingestor, receiver](const net::Exchange& exchange, const base::Error& why) {
    const std::string tenant = TenantOf(exchange);
    ingestor.refusals().Refuse({receiver, tenant, RefusedFor(why.code)}, why.message);
  });
}

Refusal NoteUnsupported(Ingestor& ingestor, const net::Exchange& exchange, Receiver receiver,
                        base::Error why) {
  const std::string tenant = TenantOf(exchange);
  ingestor.refusals().Refuse({receiver, tenant, Refused::kUnsupported}, why.message);
  return why;
}

net::Task<void> ReplyNotFound(net::Exchange& exchange) {
  (void)co_await net::ReplyText(exchange, 404, kPlainText, "404 page not found\n");
}

net::Task<void> ReplyMethodNotAllowed(net::Exchange& exchange, std::string allowed) {
  const std::string body = "405 method not allowed: use " + allowed + "\n";
  net::ResponseHead head;
  head.status = 405;
  head.headers.Add("Allow", allowed);
  head.headers.Add("Content-Type", kPlainText);
  (void)co_await exchange.Reply(std::move(head), body);
}

net::Task<void> ReplyPlainError(net::Exchange& exchange, Refusal refusal) {
  const std::string body = refusal.error.message + "\n";
  net::ResponseHead head;
  head.status = HttpStatusOf(refusal.error.code);
  head.headers.Add("Content-Type", std::string(kPlainText));
  if (const std::optional<int> seconds = RetryAfterSeconds(refusal)) {
    head.headers.Add("Retry-After", std::to_string(*seconds));
  }
  (void)co_await exchange.Reply(std::move(head), body);
}

net::GrpcCode GrpcCodeOf(base::ErrorCode code) {
  if (code == base::ErrorCode::kUnsupported) return net::GrpcCode::kUnimplemented;
  if (code == base::ErrorCode::kIo) return net::GrpcCode::kUnavailable;
  if (code == base::ErrorCode::kTooLarge) return net::GrpcCode::kResourceExhausted;
  return net::ToGrpcCode(code);
}

net::GrpcReply GrpcFailure(const Refusal& refusal) {
  net::GrpcReply reply;
  reply.status.code = GrpcCodeOf(refusal.error.code);
  reply.status.message = refusal.error.message;
  reply.status.details = wire::EncodeRpcStatus(static_cast<int>(reply.status.code),
                                               refusal.error.message, RetryAfterSeconds(refusal));
  return reply;
}

}  // namespace clew::ingest
