// SPDX-License-Identifier: Apache-2.0
// What Zipkin's version 1 becomes, as the OpenTelemetry Collector does it.
//
// An annotation that says what one side did (cs and cr: client, sr and ss: server, ms: producer,
// mr: consumer) gives the kind, the first of them counts, and its endpoint is the resource:
// service.name, ipv4 or ipv6, port. Other annotations are events. Where no such endpoint names a
// service, that of a binary annotation does, or of another annotation, then the local component
// (lc), else it is "unknown-service". What is missing of the times is that of the first and last
// annotation; a span without any starts at zero and says so.
//
// Binary annotations are attributes of their own types; lc is `component`. The other side of a
// call (sa, ca, ma) is peer.service, net.peer.ip and net.peer.port. The status is that of the
// first of these which is there: census.status_code (0 is fine), otel.status_code, error,
// http.status_code (100 to 399 is fine).
#include "wire/zipkin_v1_translator.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "wire/jaeger_status.h"
#include "wire/micros_json.h"
#include "wire/zipkin_groups.h"
#include "wire/zipkin_translator.h"

namespace clew::wire {
namespace {

using model::RejectReason;
using model::SpanKind;
using model::StatusCode;
using model::ValueView;

constexpr std::string_view kUnknownService = "unknown-service";
constexpr std::string_view kLocalComponent = "lc";
constexpr std::string_view kCensusCodeKey = "census.status_code";
constexpr std::string_view kCensusDescriptionKey = "census.status_description";

SpanKind KindOf(std::string_view annotation) {
  if (annotation == "cs" || annotation == "cr") return SpanKind::kClient;
  if (annotation == "sr" || annotation == "ss") return SpanKind::kServer;
  if (annotation == "ms") return SpanKind::kProducer;
  if (annotation == "mr") return SpanKind::kConsumer;
  return SpanKind::kUnspecified;
}

bool IsOfKind(const ZipkinV1Annotation& annotation) {
  return KindOf(annotation.value) != SpanKind::kUnspecified;
}

// The address of who was called, or of who called.
bool IsAddress(const ZipkinBinaryAnnotation& annotation) {
  return annotation.key == "sa" || annotation.key == "ca" || annotation.key == "ma";
}

std::string_view TextOf(const ZipkinBinaryAnnotation* annotation) {
  if (annotation == nullptr || annotation->value.type != ValueView::Type::kString) return {};
  return annotation->value.text;
}

bool IsTrue(const ValueView& value) {
  return value.type == ValueView::Type::kBool
             ? value.boolean
             : value.type == ValueView::Type::kString && value.text == "true";
}

SpanKind KindOf(const ZipkinV1Span& span) {
  const auto first = std::ranges::find_if(span.annotations, IsOfKind);
  return first == span.annotations.end() ? SpanKind::kUnspecified : KindOf(first->value);
}

// Whose span it is: the first endpoint that names a service. nullptr when none does.
const ZipkinEndpoint* LocalEndpointOf(const ZipkinV1Span& span) {
  const ZipkinEndpoint* of_event = nullptr;
  for (const ZipkinV1Annotation& one : span.annotations) {
    if (one.endpoint.service.empty()) continue;
    if (IsOfKind(one)) return &one.endpoint;
    if (of_event == nullptr) of_event = &one.endpoint;
  }
  for (const ZipkinBinaryAnnotation& one : span.binary_annotations) {
    if (!one.endpoint.service.empty() && !IsAddress(one)) return &one.endpoint;
  }
  return of_event;
}

ZipkinEndpoint ResourceOf(const ZipkinV1Span& span) {
  if (const ZipkinEndpoint* const local = LocalEndpointOf(span)) return *local;
  const std::string_view component = TextOf(span.Find(kLocalComponent));
  return {.service = component.empty() ? kUnknownService : component};
}

// Of the status, with the annotations that it is made of.
struct FoundStatus {
  StatusCode code = StatusCode::kUnset;
  std::string_view message{};
};

FoundStatus StatusOf(const ZipkinV1Span& span) {
  if (const ZipkinBinaryAnnotation* const census = span.Find(kCensusCodeKey)) {
    const bool fine = census->value.type == ValueView::Type::kInt ? census->value.integer == 0
                                                                  : TextOf(census) == "0";
    return {fine ? StatusCode::kUnset : StatusCode::kError,
            TextOf(span.Find(kCensusDescriptionKey))};
  }
  if (const ZipkinBinaryAnnotation* const code = span.Find(kStatusCodeKey)) {
    return {ZipkinStatusOf(TextOf(code)), TextOf(span.Find(kStatusDescriptionKey))};
  }
  if (const ZipkinBinaryAnnotation* const error = span.Find(kErrorKey)) {
    const bool fine = error->value.type == ValueView::Type::kBool && !error->value.boolean;
    return {fine ? StatusCode::kUnset : StatusCode::kError,
            TextOf(span.Find(kStatusDescriptionKey))};
  }
  if (const ZipkinBinaryAnnotation* const http = span.Find(kHttpStatusCodeKey)) {
    const auto code = StatusOfHttpCode(http->value, SpanKind::kUnspecified);
    if (code == StatusCode::kError) {
      return {*code, TextOf(span.Find(kHttpStatusMessageKey))};
    }
  }
  return {};
}

// An annotation that has become something else than an attribute.
bool IsUsed(const ZipkinBinaryAnnotation& one) {
  if (one.key == kErrorKey) return IsTrue(one.value);
  if (IsAddress(one)) return IsTrue(one.value);
  return one.key == kStatusCodeKey || one.key == kStatusDescriptionKey ||
         one.key == kCensusCodeKey || one.key == kCensusDescriptionKey;
}

struct Times {
  std::optional<int64_t> start, end;
};

// Unset where something does not fit.
Times TimesOf(const ZipkinV1Span& span) {
  Times times{.start = span.start, .end = AddNanos(span.start, span.duration)};
  int64_t first = 0;
  int64_t last = 0;
  for (const ZipkinV1Annotation& one : span.annotations) {
    if (!one.nanos) return {};
    if (*one.nanos != 0 && (first == 0 || *one.nanos < first)) first = *one.nanos;
    last = std::max(last, *one.nanos);
  }
  if (times.start == 0) times = {.start = first, .end = AddNanos(first, span.duration)};
  if (span.duration == 0 && times.end) times.end = std::max(*times.end, last);
  return times;
}

}  // namespace

std::string ZipkinV1Translator::GroupKeyOf(const ZipkinV1Span& span) {
  const ZipkinEndpoint resource = ResourceOf(span);
  ZipkinGroupKey key;
  key.Add(resource.service);
  key.Add(resource.ip);
  key.Add(std::to_string(resource.port));
  return key.Take();
}

void ZipkinV1Translator::AnnounceGroup(const ZipkinV1Span& span) {
  const ZipkinEndpoint resource = ResourceOf(span);
  sink_.OnResource({});
  sink_.OnAttribute("service.name", ValueView::String(resource.service));
  if (!resource.ip.empty()) {
    const bool is_v6 = resource.ip.find(':') != std::string::npos;
    sink_.OnAttribute(is_v6 ? "ipv6" : "ipv4", ValueView::String(resource.ip));
  }
  if (resource.port != 0) {
    sink_.OnAttribute("port", ValueView::String(std::to_string(resource.port)));
  }
  sink_.OnScope({});
}

void ZipkinV1Translator::AnnounceSpan(const ZipkinV1Span& span) {
  const Times times = TimesOf(span);
  if (!times.start || !times.end) return sink_.OnRejectedSpan(RejectReason::kTimeOutOfRange);
  const FoundStatus status = StatusOf(span);
  model::SpanView view;
  view.trace_id = span.trace_id;
  view.span_id = span.span_id;
  if (span.parent_span_id != span.span_id) view.parent_span_id = span.parent_span_id;
  view.name = span.name;
  view.kind = KindOf(span);
  view.start_unix_nano = *times.start;
  view.end_unix_nano = *times.end;
  view.status_code = status.code;
  view.status_message = status.message;
  AnnounceChecked(span, view);
}

void ZipkinV1Translator::AnnounceChecked(const ZipkinV1Span& span, const model::SpanView& view) {
  sink_.OnSpan(view);
  for (const ZipkinBinaryAnnotation& one : span.binary_annotations) {
    if (IsUsed(one)) continue;
    sink_.OnAttribute(one.key == kLocalComponent ? "component" : one.key, one.value);
  }
  if (view.start_unix_nano == 0) sink_.OnAttribute(kZipkinAbsentStart, ValueView::Bool(true));
  const auto remote = std::ranges::find_if(
      span.binary_annotations,
      [](const ZipkinBinaryAnnotation& one) { return IsAddress(one) && IsTrue(one.value); });
  if (remote != span.binary_annotations.end()) AnnounceZipkinRemote(remote->endpoint, sink_);
  for (const ZipkinV1Annotation& one : span.annotations) {
    if (!IsOfKind(one)) sink_.OnEvent({.time_unix_nano = *one.nanos, .name = one.value});
  }
}

}  // namespace clew::wire
