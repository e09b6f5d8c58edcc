// SPDX-License-Identifier: Apache-2.0
#include "serve/request_span.h"

#include "ingest/ingestor.h"
#include "serve/traceparent.h"

namespace clew::serve {
namespace {

std::optional<model::SpanContext> CallerOf(const net::Exchange& exchange) {
  const std::string_view header =
      exchange.request().headers.Get("traceparent").value_or(std::string_view());
  const std::optional<Traceparent> caller = ParseTraceparent(header);
  if (!caller) return std::nullopt;
  // Its digits have been looked at.
  return model::SpanContext{.trace_id = *model::TraceId::FromHex(caller->trace_id),
                            .span_id = *model::SpanId::FromHex(caller->span_id),
                            .is_sampled = caller->is_sampled};
}

std::unique_ptr<model::OwnSpan> Begin(model::Tracer& tracer, const net::Exchange& exchange,
                                      std::string_view name) {
  const std::string tenant = ingest::TenantOf(exchange);
  return tracer.Begin({.name = name,
                       .tenant = tenant,
                       .kind = model::SpanKind::kServer,
                       .parent = CallerOf(exchange)});
}

// As the conventions have it, what the caller did wrong is no error of the server.
bool IsServersFault(net::GrpcCode code) {
  using net::GrpcCode;
  return code == GrpcCode::kUnknown || code == GrpcCode::kDeadlineExceeded ||
         code == GrpcCode::kUnimplemented || code == GrpcCode::kInternal ||
         code == GrpcCode::kUnavailable;
}

}  // namespace

std::unique_ptr<model::OwnSpan> BeginRequestSpan(model::Tracer* tracer,
                                                 const net::Exchange& exchange,
                                                 std::string_view route) {
  if (tracer == nullptr) return nullptr;
  const std::string& method = exchange.request().method;
  auto span = Begin(*tracer, exchange, method + " " + std::string(route));
  if (span == nullptr) return nullptr;
  span->SetText("http.request.method", method);
  span->SetText("http.route", route);
  return span;
}

void NoteHttpStatus(model::OwnSpan& span, int status) {
  span.SetNumber("http.response.status_code", static_cast<uint64_t>(status));
  if (status >= 500) span.Fail("");
}

std::unique_ptr<model::OwnSpan> BeginGrpcSpan(model::Tracer* tracer, const net::Exchange& exchange,
                                              std::string_view service, std::string_view method) {
  if (tracer == nullptr) return nullptr;
  const std::string path = GrpcPath(service, method);
  auto span = Begin(*tracer, exchange, std::string_view(path).substr(1));
  if (span == nullptr) return nullptr;
  span->SetText("rpc.system", "grpc");
  span->SetText("rpc.service", service);
  span->SetText("rpc.method", method);
  span->SetText("http.request.method", exchange.request().method);
  span->SetText("http.route", path);
  return span;
}

// Whatever the call ends with, HTTP says 200.
void NoteGrpcStatus(model::OwnSpan& span, const net::GrpcStatus& status) {
  span.SetNumber("http.response.status_code", 200);
  span.SetNumber("rpc.grpc.status_code", static_cast<uint64_t>(status.code));
  if (IsServersFault(status.code)) span.Fail(status.message);
}

std::string GrpcPath(std::string_view service, std::string_view method) {
  return "/" + std::string(service) + "/" + std::string(method);
}

}  // namespace clew::serve
