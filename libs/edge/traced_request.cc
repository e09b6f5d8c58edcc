// SPDX-License-Identifier: Apache-2.0
#include "edge/traced_request.h"

#include <string>

namespace clew::edge {
namespace {

using model::ValueView;

// An answer of 500 and above is the fault of what lies behind the edge.
model::StatusCode StatusOf(int http_status) {
  return http_status >= 500 ? model::StatusCode::kError : model::StatusCode::kUnset;
}

void WriteHttpTags(const TracedRequest& request, int status, model::SpanSink& sink) {
  sink.OnAttribute("http.method", ValueView::String(request.method));
  sink.OnAttribute("http.url", ValueView::String(request.url));
  sink.OnAttribute("http.host", ValueView::String(request.host));
  sink.OnAttribute("http.status_code", ValueView::Int(status));
}

void WriteEntrySpan(const TracedRequest& request, std::string_view entry_point,
                    model::SpanSink& sink) {
  const std::string name =
      "EntryPoint " + std::string(entry_point) + " " + std::string(WithoutPort(request.host));
  sink.OnSpan({.trace_id = request.trace_id,
               .span_id = request.entry_span_id,
               .parent_span_id = request.parent_span_id,
               .name = name,
               .kind = model::SpanKind::kServer,
               .start_unix_nano = request.entry_start_ns,
               .end_unix_nano = request.entry_end_ns,
               .status_code = StatusOf(request.status)});
  sink.OnAttribute("component", ValueView::String("traefik"));
  WriteHttpTags(request, request.status, sink);
  if (!request.parent_span_id.IsValid()) {
    sink.OnAttribute("sampler.type", ValueView::String("const"));
    sink.OnAttribute("sampler.param", ValueView::Bool(true));
  }
}

void WriteForwardSpan(const TracedRequest& request, model::SpanSink& sink) {
  sink.OnSpan({.trace_id = request.trace_id,
               .span_id = request.forward_span_id,
               .parent_span_id = request.entry_span_id,
               .name = request.forward_name,
               .kind = model::SpanKind::kClient,
               .start_unix_nano = request.forward_start_ns,
               .end_unix_nano = request.forward_end_ns,
               .status_code = StatusOf(request.forward_status)});
  sink.OnAttribute("traefik.service.name", ValueView::String(request.service));
  sink.OnAttribute("traefik.router.name", ValueView::String(request.router));
  WriteHttpTags(request, request.forward_status, sink);
}

}  // namespace

std::string_view WithoutPort(std::string_view host) {
  const size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos)
    return host;
  return host.substr(0, colon);
}

void WriteSpans(const TracedRequest& request, std::string_view entry_point, model::SpanSink& sink) {
  WriteEntrySpan(request, entry_point, sink);
  if (request.forward_span_id.IsValid()) WriteForwardSpan(request, sink);
}

}  // namespace clew::edge
