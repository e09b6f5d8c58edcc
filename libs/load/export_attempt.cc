// SPDX-License-Identifier: Apache-2.0
#include "load/export_attempt.h"

#include <algorithm>
#include <utility>

#include "load/export_reply.h"
#include "net/grpc.h"

namespace clew::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kGrpcMethod =
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
constexpr std::string_view kHttpPath = "/v1/traces";

bool MayComeLater(net::GrpcCode code) {
  return code == net::GrpcCode::kUnavailable || code == net::GrpcCode::kResourceExhausted;
}
bool MayComeLater(int http_status) {
  return http_status == 429 || http_status == 502 || http_status == 503 || http_status == 504;
}

ExportAttempt Accepted(std::string_view response) {
  const base::Result<uint64_t> rejected = ReadRejectedSpans(response);
  if (!rejected.ok()) {
    return {.kind = ExportAttempt::Kind::kRefused, .reason = rejected.error().message};
  }
  return {.rejected_spans = rejected.value()};
}

net::Task<ExportAttempt> ExportGrpc(net::HttpClient& client, const ExportTarget& target,
                                    std::string_view body, steady_clock::time_point deadline) {
  const net::GrpcCallRequest request{
      .path = kGrpcMethod, .message = body, .metadata = target.headers};
  const net::GrpcReply reply = co_await net::GrpcCall(client, target.endpoint, request, deadline);
  if (reply.status.code == net::GrpcCode::kOk) co_return Accepted(reply.message);
  const ExportAttempt::Kind kind = MayComeLater(reply.status.code) ? ExportAttempt::Kind::kTryAgain
                                                                   : ExportAttempt::Kind::kRefused;
  co_return ExportAttempt{.kind = kind,
                          .reason = "grpc status " +
                                    std::to_string(static_cast<int>(reply.status.code)) + ": " +
                                    reply.status.message,
                          .wait = ReadRetryDelay(reply.status.details)};
}

net::Task<ExportAttempt> ExportHttp(net::HttpClient& client, const ExportTarget& target,
                                    std::string_view body, steady_clock::time_point deadline) {
  net::RequestHead head{
      .method = "POST",
      .target = std::string(kHttpPath),
      .authority = target.endpoint.host + ":" + std::to_string(target.endpoint.port)};
  head.headers = target.headers;
  head.headers.Add("Content-Type", "application/x-protobuf");
  const auto response = co_await client.Fetch(target.endpoint, std::move(head), body, deadline);
  if (!response.ok()) {
    co_return ExportAttempt{.kind = ExportAttempt::Kind::kTryAgain,
                            .reason = response.error().message};
  }
  const net::WholeResponse& answer = response.value();
  if (answer.head.status == 200) co_return Accepted(answer.body);
  const ExportAttempt::Kind kind = MayComeLater(answer.head.status) ? ExportAttempt::Kind::kTryAgain
                                                                    : ExportAttempt::Kind::kRefused;
  co_return ExportAttempt{
      .kind = kind,
      .reason = "http status " + std::to_string(answer.head.status),
      .wait = ReadRetryAfter(answer.head.headers.Get("Retry-After").value_or(""))};
}

}  // namespace

net::Task<ExportAttempt> Export(net::HttpClient& client, const ExportTarget& target,
                                std::string_view body, steady_clock::time_point deadline) {
  if (target.protocol == Protocol::kGrpc) return ExportGrpc(client, target, body, deadline);
  return ExportHttp(client, target, body, deadline);
}

milliseconds RetryPause::Next() {
  return std::exchange(next_, std::min(2 * next_, longest_));
}

}  // namespace clew::load
