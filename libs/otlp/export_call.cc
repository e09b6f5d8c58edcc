// SPDX-License-Identifier: Apache-2.0
#include "otlp/export_call.h"

#include <utility>

#include "base/compression.h"
#include "net/grpc.h"
#include "otlp/export_reply.h"

namespace clew::otlp {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

constexpr std::string_view kGrpcMethod =
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// Who is exhausted and names no time has a limit that the same request meets again.
bool MayComeLater(net::GrpcCode code, bool has_wait) {
  return code == net::GrpcCode::kUnavailable || code == net::GrpcCode::kDeadlineExceeded ||
         code == net::GrpcCode::kCancelled ||
         (code == net::GrpcCode::kResourceExhausted && has_wait);
}
bool MayComeLater(int http_status) {
  return http_status == 429 || http_status == 502 || http_status == 503 || http_status == 504;
}

ExportOutcome::Kind KindOf(bool later) {
  return later ? ExportOutcome::Kind::kTryAgain : ExportOutcome::Kind::kRefused;
}

ExportOutcome Accepted(std::string_view response) {
  const base::Result<uint64_t> rejected = ReadRejectedSpans(response);
  if (rejected.ok()) return {.rejected_spans = rejected.value()};
  return {.kind = ExportOutcome::Kind::kRefused, .reason = rejected.error().message};
}

net::Task<ExportOutcome> ExportOverGrpc(net::HttpClient& client, const Destination& destination,
                                        const ExportRequest& request, TimePoint deadline) {
  const net::GrpcCallRequest call{.path = kGrpcMethod,
                                  .message = request.body,
                                  .metadata = request.headers,
                                  .gzip = request.gzip};
  const net::GrpcReply reply = co_await net::GrpcCall(client, destination.endpoint, call, deadline);
  if (reply.status.code == net::GrpcCode::kOk) co_return Accepted(reply.message);
  ExportOutcome outcome;
  outcome.wait = ReadRetryDelay(reply.status.details);
  outcome.kind = KindOf(MayComeLater(reply.status.code, outcome.wait.has_value()));
  outcome.reason = "grpc status " + std::to_string(static_cast<int>(reply.status.code)) + ": " +
                   reply.status.message;
  co_return outcome;
}

net::Task<ExportOutcome> ExportOverHttp(net::HttpClient& client, const Destination& destination,
                                        const ExportRequest& request, TimePoint deadline) {
  net::RequestHead head;
  head.method = "POST";
  head.target = destination.path;
  head.headers = request.headers;
  head.headers.Set("Content-Type", "application/x-protobuf");
  if (request.gzip) head.headers.Set("Content-Encoding", "gzip");
  const std::string packed = request.gzip ? base::GzipCompress(request.body) : std::string();
  const auto response = co_await client.Fetch(destination.endpoint, std::move(head),
                                              request.gzip ? packed : request.body, deadline);
  ExportOutcome outcome;
  if (!response.ok()) {
    outcome.kind = ExportOutcome::Kind::kTryAgain;
    outcome.reason = response.error().message;
    co_return outcome;
  }
  const net::ResponseHead& answer = response.value().head;
  if (answer.status / 100 == 2) {
    // An answer of another kind is still one that says yes.
    const std::string_view media_type = answer.headers.Get("Content-Type").value_or("");
    if (!media_type.starts_with("application/x-protobuf")) co_return outcome;
    co_return Accepted(response.value().body);
  }
  outcome.kind = KindOf(MayComeLater(answer.status));
  outcome.reason = "http status " + std::to_string(answer.status);
  outcome.wait = ReadRetryAfter(answer.headers.Get("Retry-After").value_or(""));
  co_return outcome;
}

}  // namespace

net::Task<ExportOutcome> Export(net::HttpClient& client, const Destination& destination,
                                const ExportRequest& request, TimePoint deadline) {
  const auto protocol = destination.protocol == Protocol::kGrpc ? ExportOverGrpc : ExportOverHttp;
  return protocol(client, destination, request, deadline);
}

}  // namespace clew::otlp
