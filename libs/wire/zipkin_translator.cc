// SPDX-License-Identifier: Apache-2.0
// What Zipkin's version 2 becomes, as the OpenTelemetry Collector does it.
//
// What tags become:
//  - those whose keys OpenTelemetry has for resources move to the resource; spans that
//    agree in all of these, in their service and in their scope share one
//  - otel.library.name and .version (or otel.scope.*) are the scope
//  - otlp.service.name.source is the key that the service's name goes by
//  - span.kind=internal is the kind where there is none
//  - otel.status_code and otel.status_description are the status; any tag `error` makes it
//    ERROR, and is an attribute when it says more than "true"
//  - w3c.tracestate is the trace state
//  - otlp.link.N is a link: "trace|span|state|{attributes}|dropped"
//  - all others are attributes, and texts.
// An annotation is an event, with attributes when it is "name|{attributes}|dropped". Endpoints
// are net.host.ip, net.host.port, peer.service, net.peer.ip and net.peer.port. A span that
// is its own parent has none. A span without a timestamp starts at zero and says so. Ids that a
// server shares with its client stay as they are: two spans with one id.
#include "wire/zipkin_translator.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "wire/jaeger_tag.h"
#include "wire/json_scalar.h"
#include "wire/micros_json.h"
#include "wire/zipkin_groups.h"

namespace clew::wire {
namespace {

using model::RejectReason;
using model::SpanKind;
using model::StatusCode;
using model::ValueView;

constexpr std::string_view kResourcePrefixes[] = {
    "cloud.",     "container.", "deployment.environment",
    "faas.",      "host.",      "k8s.",
    "os.",        "process.",   "service.",
    "telemetry.", "webengine."};
constexpr std::string_view kServiceNameSource = "otlp.service.name.source";
constexpr std::string_view kLinkPrefix = "otlp.link.";

// It is asked of every tag, so the first characters decide before anything is called.
bool IsOfResource(std::string_view key) {
  return std::ranges::any_of(kResourcePrefixes, [&](std::string_view prefix) {
    return key.size() >= prefix.size() && key.front() == prefix.front() && key.starts_with(prefix);
  });
}

struct ScopeTags {
  std::string_view name{}, version{};
};
ScopeTags ScopeOf(const ZipkinSpan& span) {
  ScopeTags scope{span.Tag("otel.scope.name"), span.Tag("otel.scope.version")};
  if (scope.name.empty()) scope.name = span.Tag("otel.library.name");
  if (scope.version.empty()) scope.version = span.Tag("otel.library.version");
  return scope;
}

// A tag of `span` that has become something else than one of its attributes.
bool IsUsed(const ZipkinSpan& span, std::string_view key, std::string_view value) {
  if (IsOfResource(key)) return true;
  constexpr std::string_view kFirstOfOthers = "eosw";
  if (key.empty() || kFirstOfOthers.find(key.front()) == std::string_view::npos) return false;
  if (key == "error") return value == "true";
  if (key == "span.kind") return span.kind == SpanKind::kUnspecified && value == "internal";
  return key == kServiceNameSource || key == "otel.library.name" || key == "otel.library.version" ||
         key == "otel.scope.name" || key == "otel.scope.version" || key == "otel.status_code" ||
         key == "otel.status_description" || key == "w3c.tracestate" ||
         key.starts_with(kLinkPrefix);
}

SpanKind KindOf(const ZipkinSpan& span) {
  if (span.kind != SpanKind::kUnspecified) return span.kind;
  return span.Tag("span.kind") == "internal" ? SpanKind::kInternal : SpanKind::kUnspecified;
}

StatusCode StatusOf(const ZipkinSpan& span) {
  const bool error =
      std::ranges::any_of(span.tags, [](const auto& tag) { return tag.first == "error"; });
  return error ? StatusCode::kError : ZipkinStatusOf(span.Tag("otel.status_code"));
}

// Up to the next '|', which is taken off as well; all that is left when there is none.
std::string_view TakePart(std::string_view& text) {
  const size_t bar = std::min(text.find('|'), text.size());
  const std::string_view part = text.substr(0, bar);
  text.remove_prefix(std::min(bar + 1, text.size()));
  return part;
}

// "{json}|dropped"; nullopt for what is not of this form.
struct WithAttributes {
  std::string_view json{};
  uint32_t dropped = 0;
};
std::optional<WithAttributes> SplitAttributes(std::string_view text) {
  const size_t bar = text.rfind('|');
  if (bar == std::string_view::npos) return std::nullopt;
  WithAttributes split{.json = text.substr(0, bar)};
  const std::string_view digits = text.substr(bar + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), split.dropped);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (!split.json.starts_with('{') || !split.json.ends_with('}')) return std::nullopt;
  return split;
}

// The service that spans say they are of; empty when they say none.
std::string_view ServiceOf(const ZipkinSpan& span) {
  return span.local.service == kNoServiceName ? std::string_view() : span.local.service;
}

bool TimesFit(const ZipkinSpan& span) {
  return std::ranges::all_of(span.annotations,
                             [](const ZipkinAnnotation& one) { return one.nanos.has_value(); });
}

void AnnounceText(std::string_view key, std::string_view value, model::SpanSink& sink) {
  if (!value.empty()) sink.OnAttribute(key, ValueView::String(value));
}

void AnnouncePort(std::string_view key, int64_t port, model::SpanSink& sink) {
  if (port != 0) sink.OnAttribute(key, ValueView::Int(port));
}

}  // namespace

StatusCode ZipkinStatusOf(std::string_view code) {
  if (code == "ERROR" || code == "Error" || code == "STATUS_CODE_ERROR") return StatusCode::kError;
  const bool ok = code == "OK" || code == "Ok" || code == "STATUS_CODE_OK";
  return ok ? StatusCode::kOk : StatusCode::kUnset;
}

void AnnounceZipkinLocal(const ZipkinEndpoint& local, model::SpanSink& sink) {
  AnnounceText("net.host.ip", local.ip, sink);
  AnnouncePort("net.host.port", local.port, sink);
}

void AnnounceZipkinRemote(const ZipkinEndpoint& remote, model::SpanSink& sink) {
  AnnounceText("peer.service", remote.service, sink);
  AnnounceText("net.peer.ip", remote.ip, sink);
  AnnouncePort("net.peer.port", remote.port, sink);
}

std::string ZipkinTranslator::GroupKeyOf(const ZipkinSpan& span) {
  ZipkinGroupKey key;
  key.Add(ServiceOf(span));
  key.Add(span.Tag(kServiceNameSource));
  const ScopeTags scope = ScopeOf(span);
  key.Add(scope.name);
  key.Add(scope.version);
  for (const auto& [name, value] : span.tags) {
    if (!IsOfResource(name)) continue;
    key.Add(name);
    key.Add(value);
  }
  return key.Take();
}

void ZipkinTranslator::AnnounceGroup(const ZipkinSpan& span) {
  sink_.OnResource({});
  const std::string_view service = ServiceOf(span);
  std::string_view key = span.Tag(kServiceNameSource);
  if (key.empty()) key = "service.name";
  AnnounceText(key, service, sink_);
  for (const auto& [name, value] : span.tags) {
    const bool named = name == key && !service.empty();
    if (IsOfResource(name) && !named) sink_.OnAttribute(name, ValueView::String(value));
  }
  const ScopeTags scope = ScopeOf(span);
  sink_.OnScope({.name = scope.name, .version = scope.version});
}

void ZipkinTranslator::AnnounceSpan(const ZipkinSpan& span) {
  const std::optional<int64_t> end = AddNanos(span.start, span.duration);
  if (!span.trace_id || !span.trace_id->IsValid()) {
    sink_.OnRejectedSpan(RejectReason::kInvalidTraceId);
  } else if (!span.span_id || !span.span_id->IsValid()) {
    sink_.OnRejectedSpan(RejectReason::kInvalidSpanId);
  } else if (!span.parent_span_id) {
    sink_.OnRejectedSpan(RejectReason::kInvalidParentSpanId);
  } else if (!end || !TimesFit(span)) {
    sink_.OnRejectedSpan(RejectReason::kTimeOutOfRange);
  } else {
    model::SpanView view;
    view.trace_id = *span.trace_id;
    view.span_id = *span.span_id;
    if (*span.parent_span_id != *span.span_id) view.parent_span_id = *span.parent_span_id;
    view.trace_state = span.Tag("w3c.tracestate");
    view.name = span.name;
    view.kind = KindOf(span);
    view.start_unix_nano = *span.start;
    view.end_unix_nano = *end;
    view.status_code = StatusOf(span);
    view.status_message = span.Tag("otel.status_description");
    AnnounceChecked(span, view);
  }
}

void ZipkinTranslator::AnnounceChecked(const ZipkinSpan& span, const model::SpanView& view) {
  sink_.OnSpan(view);
  for (const auto& [name, value] : span.tags) {
    if (!IsUsed(span, name, value)) sink_.OnAttribute(name, ValueView::String(value));
  }
  if (view.start_unix_nano == 0) sink_.OnAttribute(kZipkinAbsentStart, ValueView::Bool(true));
  AnnounceZipkinLocal(span.local, sink_);
  AnnounceZipkinRemote(span.remote, sink_);
  for (const ZipkinAnnotation& annotation : span.annotations) AnnounceAnnotation(annotation);
  for (const auto& [name, value] : span.tags) {
    if (name.starts_with(kLinkPrefix)) AnnounceLink(value);
  }
}

void ZipkinTranslator::AnnounceAnnotation(const ZipkinAnnotation& annotation) {
  std::string_view rest = annotation.value;
  const std::string_view name = TakePart(rest);
  const std::optional<WithAttributes> more = SplitAttributes(rest);
  sink_.OnEvent({.time_unix_nano = *annotation.nanos,
                 .name = more ? name : annotation.value,
                 .dropped_attributes_count = more ? more->dropped : 0});
  if (more) AnnounceAttributes(more->json);
}

void ZipkinTranslator::AnnounceLink(std::string_view text) {
  const auto trace_id = model::TraceId::FromHex(TakePart(text));
  const auto span_id = model::SpanId::FromHex(TakePart(text));
  if (!trace_id || !span_id) return;
  const std::string_view trace_state = TakePart(text);
  const WithAttributes more = SplitAttributes(text).value_or(WithAttributes());
  sink_.OnLink({.trace_id = *trace_id,
                .span_id = *span_id,
                .trace_state = trace_state,
                .dropped_attributes_count = more.dropped});
  AnnounceAttributes(more.json);
}

// An object of plain values; of what it is not, nothing.
void ZipkinTranslator::AnnounceAttributes(std::string_view json) {
  ScanFailure ignored;
  if (json.empty() || !attributes_.Parse(json, ignored)) return;
  JsonMembers member(attributes_.root());
  while (member.Next()) {
    const std::optional<ValueView> value = ReadPlainValue(member.value());
    if (value) sink_.OnAttribute(member.key(), *value);
  }
}

}  // namespace clew::wire
