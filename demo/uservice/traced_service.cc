// SPDX-License-Identifier: Apache-2.0

#include "uservice/traced_service.h"

#include <cstdio>

#include "opentelemetry/context/propagation/global_propagator.h"
#include "opentelemetry/trace/context.h"
#include "opentelemetry/trace/provider.h"
#include "uservice/header_carrier.h"
#include "uservice/page.h"
#include "uservice/request_log.h"

namespace clew::demo {

namespace trace = opentelemetry::trace;
using opentelemetry::context::propagation::GlobalTextMapPropagator;

namespace {

trace::StartSpanOptions ChildOf(const opentelemetry::context::Context& context,
                                trace::SpanKind kind) {
  trace::StartSpanOptions options;
  options.parent = context;
  options.kind = kind;
  return options;
}

std::string StatusText(int status) {
  return std::to_string(status) + " " + std::string(net::ReasonPhrase(status));
}

// W3C's answer to traceparent: which span served the request.
std::string TraceResponse(const trace::SpanContext& context) {
  std::string trace_id(32, '0');
  std::string span_id(16, '0');
  std::string flags(2, '0');
  context.trace_id().ToLowerBase16(std::span<char, 32>(trace_id));
  context.span_id().ToLowerBase16(std::span<char, 16>(span_id));
  context.trace_flags().ToLowerBase16(std::span<char, 2>(flags));
  return "00-" + trace_id + "-" + span_id + "-" + flags;
}

void RecordFailure(trace::Span& span, const base::Error& error) {
  const char* type = error.code == base::ErrorCode::kDeadlineExceeded ? "timeout" : "connection";
  span.AddEvent("exception", {{"exception.type", type}, {"exception.message", error.message}});
  span.SetAttribute("error.type", type);
  span.SetStatus(trace::StatusCode::kError, error.message);
}

}  // namespace

TracedService::TracedService(const std::string& name, const Options& options,
                             UpstreamCaller* upstream)
    : options_(options),
      upstream_(upstream),
      tracer_(trace::Provider::GetTracerProvider()->GetTracer(name)) {}

net::Task<void> TracedService::Handle(net::Exchange& exchange) {
  const SpanPointer incoming = StartIncoming(exchange);
  const Context context = trace::SetSpan(Context(), incoming);
  std::fputs(FormatRequest(exchange.request().headers).c_str(), stdout);
  std::fflush(stdout);

  bool succeeded = true;
  if (upstream_ != nullptr) {
    incoming->AddEvent("Request decoded!", {{"happened", true}});
    if (options_.status == DemoStatus::kError) {
      incoming->SetStatus(trace::StatusCode::kError, "no error");
    }
    succeeded = co_await CallRedis(exchange.loop(), context, incoming);
  } else {
    co_await CallDatabase(exchange.loop(), context);
  }

  net::ResponseHead head;
  head.status = succeeded ? 200 : 502;
  head.headers.Add("content-type", std::string(succeeded ? kPageType : "text/plain"));
  if (incoming->GetContext().IsValid()) {
    head.headers.Add("traceresponse", TraceResponse(incoming->GetContext()));
  }
  // A client that has gone away needs no answer.
  (void)co_await exchange.Reply(std::move(head), succeeded ? kPage : "Bad Gateway\n");
  incoming->End();
}

TracedService::SpanPointer TracedService::StartIncoming(net::Exchange& exchange) {
  net::Headers headers = exchange.request().headers;
  Context empty;
  const Context remote =
      GlobalTextMapPropagator::GetGlobalPropagator()->Extract(HeaderCarrier(headers), empty);
  return tracer_->StartSpan("handle_incoming_call", ChildOf(remote, trace::SpanKind::kServer));
}

net::Task<bool> TracedService::CallRedis(net::EventLoop& loop, Context context,
                                         SpanPointer incoming) {
  const bool sibling = options_.shape == SpanShape::kSibling;
  const SpanPointer redis = tracer_->StartSpan(
      "redis_call",
      ChildOf(context, sibling ? trace::SpanKind::kClient : trace::SpanKind::kInternal));
  redis->SetAttribute("test-attribute-1", "test-values-1");
  if (sibling) redis->SetAttribute("db.system.name", "redis");
  co_await CallMockDatabase(loop, options_.delay);
  if (sibling) redis->End();
  const bool succeeded =
      co_await CallUpstream(sibling ? context : trace::SetSpan(context, redis), incoming);
  redis->End();
  co_return succeeded;
}

net::Task<bool> TracedService::CallUpstream(Context context, SpanPointer incoming) {
  const SpanPointer span =
      tracer_->StartSpan("other_uservice_call", ChildOf(context, trace::SpanKind::kClient));
  net::Headers headers;
  HeaderCarrier carrier(headers);
  GlobalTextMapPropagator::GetGlobalPropagator()->Inject(carrier, trace::SetSpan(context, span));
  const auto response = co_await upstream_->Get(std::move(headers));
  if (!response.ok()) {
    RecordFailure(*span, response.error());
    incoming->SetAttribute("error.type", "502");
    incoming->SetStatus(trace::StatusCode::kError, "the service behind this one does not answer");
  } else {
    const net::ResponseHead& head = response.value().head;
    const std::string status = StatusText(head.status);
    span->AddEvent(
        "Got response!",
        {{"status", status}, {"traceresponse", head.headers.Get("traceresponse").value_or("")}});
  }
  span->End();
  co_return response.ok();
}

net::Task<void> TracedService::CallDatabase(net::EventLoop& loop, Context context) {
  const bool sibling = options_.shape == SpanShape::kSibling;
  const SpanPointer span = tracer_->StartSpan(
      "database_call",
      ChildOf(context, sibling ? trace::SpanKind::kClient : trace::SpanKind::kInternal));
  if (sibling) span->SetAttribute("db.system.name", "other_sql");
  co_await CallMockDatabase(loop, options_.delay);
  span->End();
}

}  // namespace clew::demo
