// SPDX-License-Identifier: Apache-2.0
#include "ingest/otlp_receiver.h"

#include <optional>
#include <string>
#include <utility>

#include "ingest/http_status.h"
#include "ingest/media_type.h"
#include "ingest/receive.h"
#include "wire/otlp_response.h"

namespace clew::ingest {
namespace {

constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::string_view kJson = "application/json";

// A request is answered in what it came in.
std::string_view MediaTypeOf(wire::Format format) {
  return format == wire::Format::kOtlpJson ? kJson : kProtobuf;
}

std::string EncodeStatus(const Refusal& refusal, wire::Format format) {
  const auto encode =
      format == wire::Format::kOtlpJson ? wire::RpcStatusJson : wire::EncodeRpcStatus;
  const base::Error& error = refusal.error;
  return encode(static_cast<int>(GrpcCodeOf(error.code)), error.message,
                RetryAfterSeconds(refusal));
}

std::string EncodeSuccess(const IngestReply& reply, wire::Format format) {
  const auto encode = format == wire::Format::kOtlpJson ? wire::ExportTraceResponseJson
                                                        : wire::EncodeExportTraceResponse;
  return encode(reply.rejected_spans, reply.rejected_spans == 0 ? "" : DescribeRejection(reply));
}

net::Task<net::GrpcReply> ExportOverGrpc(Ingestor& ingestor, net::Exchange& exchange,
                                         net::GrpcRequest request) {
  const IngestOutcome stored =
      co_await ReceiveMessage(ingestor, exchange, std::move(request), wire::Format::kOtlpProtobuf);
  if (!stored.ok()) co_return GrpcFailure(stored.error());
  net::GrpcReply reply;
  reply.message = EncodeSuccess(stored.value(), wire::Format::kOtlpProtobuf);
  co_return reply;
}

net::Task<void> ReplyError(net::Exchange& exchange, Refusal refusal, wire::Format format) {
  const std::string body = EncodeStatus(refusal, format);
  net::ResponseHead head;
  head.status = HttpStatusOf(refusal.error.code);
  head.headers.Add("Content-Type", std::string(MediaTypeOf(format)));
  if (const std::optional<int> seconds = RetryAfterSeconds(refusal)) {
    head.headers.Add("Retry-After", std::to_string(*seconds));
  }
  (void)co_await exchange.Reply(std::move(head), body);
}

std::optional<wire::Format> FormatOf(std::string_view media_type) {
  if (net::EqualsIgnoringCase(media_type, kProtobuf)) return wire::Format::kOtlpProtobuf;
  if (net::EqualsIgnoringCase(media_type, kJson)) return wire::Format::kOtlpJson;
  return std::nullopt;
}

}  // namespace

void AddOtlpGrpc(net::GrpcHandler& grpc, Ingestor& ingestor) {
  NoteRefusedMessages(grpc, ingestor, Receiver::kOtlpGrpc);
  grpc.Add(std::string(kOtlpTraceExport),
           [&ingestor](net::Exchange& exchange, net::GrpcRequest request) {
             return ExportOverGrpc(ingestor, exchange, std::move(request));
           });
}

net::Task<void> OtlpHttpReceiver::Handle(net::Exchange& exchange) {
  if (exchange.request().path() != "/v1/traces") {
    co_await ReplyNotFound(exchange);
    co_return;
  }
  if (exchange.request().method != "POST") {
    co_await ReplyMethodNotAllowed(exchange);
    co_return;
  }
  const std::string_view media_type =
      MediaTypeOf(exchange.request().headers.Get("content-type").value_or(""));
  const std::optional<wire::Format> format = FormatOf(media_type);
  if (!format) {
    base::Error unknown{base::ErrorCode::kUnsupported,
                        "415 unsupported media type '" + std::string(media_type) +
                            "': send application/x-protobuf or application/json"};
    Refusal refusal = NoteUnsupported(ingestor_, exchange, Receiver::kOtlpHttp, std::move(unknown));
    co_await ReplyPlainError(exchange, std::move(refusal));
    co_return;
  }
  co_await Export(exchange, *format);
}

net::Task<void> OtlpHttpReceiver::Export(net::Exchange& exchange, wire::Format format) {
  const IngestOutcome stored = co_await ReceiveBody(ingestor_, exchange, format);
  if (!stored.ok()) {
    co_await ReplyError(exchange, stored.error(), format);
    co_return;
  }
  const std::string encoded = EncodeSuccess(stored.value(), format);
  (void)co_await net::ReplyText(exchange, 200, MediaTypeOf(format), encoded);
}

}  // namespace clew::ingest
