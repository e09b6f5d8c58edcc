// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/ids.h"
#include "model/span_sink.h"

namespace clew::edge {

// What the edge notes of one request: enough for its server span and, when it was
// forwarded, its client span. Texts are views of the request and its route.
struct TracedRequest {
  model::TraceId trace_id;
  model::SpanId parent_span_id;  // of the caller; none: this is the root
  model::SpanId entry_span_id;
  model::SpanId forward_span_id;  // none: no route, so nothing was forwarded
  int64_t entry_start_ns = 0;
  int64_t entry_end_ns = 0;
  int64_t forward_start_ns = 0;
  int64_t forward_end_ns = 0;
  uint8_t flags = 1;  // of the propagation header; bit 0: sampled
  int status = 0;
  int forward_status = 0;
  std::string_view method;
  std::string_view url;     // path and query
  std::string_view host;    // as sent
  std::string_view router;  // "uservice3@file"
  std::string_view service;
  std::string_view forward_name;  // "forward uservice3@file/uservice3@file"
};

// Announces its spans to `sink`, named and tagged as Traefik v2 does.
void WriteSpans(const TracedRequest& request, std::string_view entry_point, model::SpanSink& sink);

// "shop.example:8000" without its port: the port a demo happens to run on
// does not belong in a span's name.
std::string_view WithoutPort(std::string_view host);

}  // namespace clew::edge
