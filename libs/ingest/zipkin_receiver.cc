// SPDX-License-Identifier: Apache-2.0
#include "ingest/zipkin_receiver.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "ingest/media_type.h"
#include "ingest/receive.h"

namespace clew::ingest {
namespace {

// What may be sent where; the first of a path is also taken without a content type.
struct Accepted {
  std::string_view path, media_type;
  wire::Format format;
};
constexpr Accepted kAccepted[] = {
    {"/api/v2/spans", "application/json", wire::Format::kZipkinJson},
    {"/api/v2/spans", "application/x-protobuf", wire::Format::kZipkinProtobuf},
    {"/api/v1/spans", "application/json", wire::Format::kZipkinJsonV1},
    {"/api/v1/spans", "application/x-thrift", wire::Format::kZipkinThriftBinary},
};

bool IsKnown(std::string_view path) {
  return std::ranges::any_of(kAccepted, [&](const Accepted& one) { return one.path == path; });
}

std::optional<wire::Format> FormatOf(std::string_view path, std::string_view media_type) {
  for (const Accepted& one : kAccepted) {
    if (one.path != path) continue;
    if (media_type.empty() || net::EqualsIgnoringCase(media_type, one.media_type)) {
      return one.format;
    }
  }
  return std::nullopt;
}

base::Error UnknownMediaType(std::string_view path, std::string_view media_type) {
  std::string message = "415 unsupported media type '" + std::string(media_type) + "': send ";
  bool first = true;
  for (const Accepted& one : kAccepted) {
    if (one.path != path) continue;
    if (!std::exchange(first, false)) message += " or ";
    message += one.media_type;
  }
  return {base::ErrorCode::kUnsupported, std::move(message)};
}

base::Error RejectionOf(const IngestReply& reply) {
  return {base::ErrorCode::kInvalidArgument,
          DescribeRejection(reply) + "; " + std::to_string(reply.accepted_spans) + " stored"};
}

net::Task<net::GrpcReply> ReportOverGrpc(Ingestor& ingestor, net::Exchange& exchange,
                                         net::GrpcRequest request) {
  const IngestOutcome stored = co_await ReceiveMessage(ingestor, exchange, std::move(request),
                                                       wire::Format::kZipkinProtobuf);
  if (!stored.ok()) co_return GrpcFailure(stored.error());
  if (stored.value().rejected_spans > 0) co_return GrpcFailure(RejectionOf(stored.value()));
  co_return net::GrpcReply();  // A ReportResponse has no fields.
}

}  // namespace

void AddZipkinGrpc(net::GrpcHandler& grpc, Ingestor& ingestor) {
  NoteRefusedMessages(grpc, ingestor, Receiver::kZipkinGrpc);
  grpc.Add(std::string(kZipkinReport),
           [&ingestor](net::Exchange& exchange, net::GrpcRequest request) {
             return ReportOverGrpc(ingestor, exchange, std::move(request));
           });
}

net::Task<void> ZipkinReceiver::Handle(net::Exchange& exchange) {
  const std::string path(exchange.request().path());
  if (!IsKnown(path)) {
    co_await ReplyNotFound(exchange);
    co_return;
  }
  if (exchange.request().method != "POST") {
    co_await ReplyMethodNotAllowed(exchange);
    co_return;
  }
  const std::string_view media_type =
      MediaTypeOf(exchange.request().headers.Get("content-type").value_or(""));
  const std::optional<wire::Format> format = FormatOf(path, media_type);
  if (!format) {
    Refusal refusal = NoteUnsupported(ingestor_, exchange, Receiver::kZipkinHttp,
                                      UnknownMediaType(path, media_type));
    co_await ReplyPlainError(exchange, std::move(refusal));
    co_return;
  }
  const IngestOutcome stored = co_await ReceiveBody(ingestor_, exchange, *format);
  if (!stored.ok()) {
    co_await ReplyPlainError(exchange, stored.error());
  } else if (stored.value().rejected_spans > 0) {
    Refusal rejected = RejectionOf(stored.value());
    co_await ReplyPlainError(exchange, std::move(rejected));
  } else {
    net::ResponseHead head;
    head.status = 202;
    (void)co_await exchange.Reply(std::move(head), "");
  }
}

}  // namespace clew::ingest
