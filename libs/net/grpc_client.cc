// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "base/compression.h"
#include "net/grpc.h"
#include "net/grpc_wire.h"
#include "net/http2_limits.h"

namespace clew::net {

namespace {

using base::Error;
using base::ErrorCode;
using Clock = std::chrono::steady_clock;

// A broken connection may be tried again; what the peer says wrongly may not.
GrpcStatus TransportStatus(const Error& error) {
  const bool lost = error.code == ErrorCode::kIo || error.code == ErrorCode::kCancelled;
  return {lost ? GrpcCode::kUnavailable : ToGrpcCode(error.code), error.message, {}};
}

RequestHead CallHead(std::string_view path, const Headers& metadata, bool gzip,
                     Clock::time_point deadline) {
  RequestHead head;
  head.method = "POST";
  head.target = path;
  head.headers.Add("content-type", "application/grpc");
  head.headers.Add("te", "trailers");
  head.headers.Add("user-agent", "grpc-c++-clew");
  head.headers.Add("grpc-accept-encoding", "identity,gzip");
  if (gzip) head.headers.Add("grpc-encoding", "gzip");
  if (deadline != Clock::time_point::max()) {
    head.headers.Add("grpc-timeout", FormatGrpcTimeout(deadline - Clock::now()));
  }
  for (const Header& field : metadata) head.headers.Add(field.name, field.value);
  return head;
}

base::Result<std::string> PlainMessage(GrpcMessageReader& reader, const ResponseHead& head) {
  TRY(reader.CheckComplete());
  std::string message = reader.TakeMessage();
  if (!reader.compressed()) return message;
  const std::string_view encoding = head.headers.Get("grpc-encoding").value_or("identity");
  if (encoding != "gzip") {
    return Error{ErrorCode::kUnsupported,
                 "reply is compressed in a way that was not offered: " + std::string(encoding)};
  }
  return base::Decompress(base::Codec::kGzip, message, kGrpcMaxReplyBytes);
}

Task<GrpcReply> ReadReply(ClientExchange& exchange) {
  base::Result<ResponseHead> head = co_await exchange.ReadHead();
  if (!head.ok()) co_return GrpcReply{TransportStatus(head.error()), {}};
  if (head.value().status != 200) {
    const std::optional<GrpcStatus> told = StatusFromFields(head.value().headers);
    co_return GrpcReply{
        told.value_or(GrpcStatus{GrpcCodeOfHttpStatus(head.value().status),
                                 "peer answered http status " + std::to_string(head.value().status),
                                 {}}),
        {}};
  }
  GrpcMessageReader reader(kGrpcMaxReplyBytes);
  while (true) {
    const base::Result<std::string_view> piece = co_await exchange.ReadBody();
    if (!piece.ok()) co_return GrpcReply{TransportStatus(piece.error()), {}};
    if (piece.value().empty()) break;
    const base::Status fed = reader.Feed(piece.value());
    if (!fed.ok()) co_return GrpcReply{TransportStatus(fed.error()), {}};
  }
  std::optional<GrpcStatus> status = StatusFromFields(exchange.response_trailers());
  if (!status) status = StatusFromFields(head.value().headers);
  if (!status) {
    co_return GrpcReply{{GrpcCode::kUnknown, "peer ended the call without a grpc-status", {}}, {}};
  }
  if (status->code != GrpcCode::kOk) co_return GrpcReply{std::move(*status), {}};
  base::Result<std::string> message = PlainMessage(reader, head.value());
  if (!message.ok()) {
    co_return GrpcReply{{GrpcCode::kInternal, std::move(message).error().message, {}}, {}};
  }
  co_return GrpcReply{std::move(*status), std::move(message).value()};
}

}  // namespace

Task<GrpcReply> GrpcCall(HttpClient& client, const Endpoint& endpoint,
                         const GrpcCallRequest& request, Clock::time_point deadline) {
  std::string framed;
  if (request.gzip) {
    const std::string compressed = base::GzipCompress(request.message);
    framed = GrpcPrefix(compressed.size(), true) + compressed;
  } else {
    framed = GrpcPrefix(request.message.size(), false);
    framed += request.message;
  }
  Endpoint http2_endpoint = endpoint;
  http2_endpoint.http2 = true;
  RequestHead head = CallHead(request.path, request.metadata, request.gzip, deadline);
  base::Result<std::unique_ptr<ClientExchange>> opened =
      co_await client.Open(http2_endpoint, std::move(head), true, deadline);
  if (!opened.ok()) co_return GrpcReply{TransportStatus(opened.error()), {}};
  ClientExchange& exchange = *opened.value();
  base::Status sent = co_await exchange.WriteBody(framed);
  if (sent.ok()) sent = co_await exchange.FinishBody();
  // A server may refuse before it has read everything: its answer counts, not our failure.
  co_return co_await ReadReply(exchange);
}

}  // namespace clew::net
