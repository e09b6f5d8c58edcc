// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/span_sink.h"
#include "store/memtable.h"
#include "store/sources.h"

namespace clew::query {

// For tests: a span in few words.
struct TestSpan {
  uint8_t trace = 1;
  uint8_t span = 1;
  uint8_t parent = 0;
  int64_t start = 100;
  int64_t end = 200;
  std::string service = "shop";
  std::string name = "op";
  std::string tag{};
  bool error = false;
  model::SpanKind kind = model::SpanKind::kUnspecified;
  std::string scope{};  // name of the instrumentation scope, and value of its attribute
  std::string event{};  // likewise of an event
  std::string link{};   // value of a link's attribute
};

inline model::TraceId TraceOf(uint8_t number) {
  model::TraceId id;
  id.bytes[15] = number;
  return id;
}

inline model::SpanId SpanOf(uint8_t number) {
  model::SpanId id;
  id.bytes[7] = number;
  return id;
}

inline void Announce(const TestSpan& span, model::SpanSink& sink) {
  using model::ValueView;
  sink.OnResource({});
  sink.OnAttribute("service.name", ValueView::String(span.service));
  sink.OnScope({.name = span.scope, .version = "1"});
  if (!span.scope.empty()) sink.OnAttribute("scope.tag", ValueView::String(span.scope));
  sink.OnSpan({.trace_id = TraceOf(span.trace),
               .span_id = SpanOf(span.span),
               .parent_span_id = SpanOf(span.parent),
               .name = span.name,
               .kind = span.kind,
               .start_unix_nano = span.start,
               .end_unix_nano = span.end,
               .status_code = span.error ? model::StatusCode::kError : model::StatusCode::kUnset});
  if (!span.tag.empty()) sink.OnAttribute("tag", ValueView::String(span.tag));
  sink.OnAttribute("number", ValueView::Int(span.span));
  if (!span.event.empty()) {
    sink.OnEvent({.time_unix_nano = span.start, .name = span.event});
    sink.OnAttribute("event.tag", ValueView::String(span.event));
  }
  if (!span.link.empty()) {
    sink.OnLink({.trace_id = TraceOf(9), .span_id = SpanOf(9)});
    sink.OnAttribute("link.tag", ValueView::String(span.link));
  }
}

// Adds the spans as one body and publishes them.
inline void Fill(store::Memtable& memtable, const std::vector<TestSpan>& spans) {
  for (const TestSpan& span : spans) Announce(span, memtable);
  memtable.Publish(memtable.FinishBody());
}

// The memtable alone, which outlives it.
inline store::Sources SourcesOf(const store::Memtable& memtable) {
  store::Sources sources;
  sources.memtables.push_back({std::shared_ptr<const void>(), &memtable});
  return sources;
}

}  // namespace clew::query
