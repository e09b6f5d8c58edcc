// SPDX-License-Identifier: Apache-2.0
// Zipkin's JSON v2, translated as the OpenTelemetry Collector does.
//
//  span        {traceId, id, parentId, kind, name, timestamp (us), duration (us), localEndpoint,
//               remoteEndpoint, annotations: [{timestamp, value}], tags: {key: text}}
//  endpoint    {serviceName, ipv4, ipv6, port}
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
#include "wire/zipkin_json_scan.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wire/json_reader.h"
#include "wire/json_scalar.h"
#include "wire/micros_json.h"

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
constexpr std::string_view kAbsentStart = "otel.zipkin.absentField.startTime";

struct Endpoint {
  std::string_view service{};
  std::string_view ip{};
  int64_t port = 0;
};

struct Annotation {
  std::optional<int64_t> nanos = 0;
  std::string_view value{};
};

struct ZipkinSpan {
  std::string_view trace_id{};
  std::string_view span_id{};
  std::string_view parent_span_id{};
  std::string_view kind{};
  std::string_view name{};
  std::optional<int64_t> start = 0;
  std::optional<int64_t> duration = 0;
  Endpoint local, remote;
  std::vector<Annotation> annotations;
  std::vector<std::pair<std::string_view, std::string_view>> tags;

  // Of several tags with one key the last; empty when there is none.
  std::string_view Tag(std::string_view key) const {
    std::string_view found;
    for (const auto& [name_of_tag, value] : tags) {
      if (name_of_tag == key) found = value;
    }
    return found;
  }
};

bool IsOfResource(std::string_view key) {
  return std::ranges::any_of(kResourcePrefixes,
                             [&](std::string_view prefix) { return key.starts_with(prefix); });
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

// A tag that has become something else than an attribute of the span.
bool IsUsed(std::string_view key, std::string_view value) {
  if (key == "error") return value == "true";
  return IsOfResource(key) || key == kServiceNameSource || key == "otel.library.name" ||
         key == "otel.library.version" || key == "otel.scope.name" || key == "otel.scope.version" ||
         key == "otel.status_code" || key == "otel.status_description" || key == "w3c.tracestate" ||
         (key == "span.kind" && value == "internal") || key.starts_with(kLinkPrefix);
}

SpanKind KindOf(const ZipkinSpan& span) {
  if (span.kind == "CLIENT") return SpanKind::kClient;
  if (span.kind == "SERVER") return SpanKind::kServer;
  if (span.kind == "PRODUCER") return SpanKind::kProducer;
  if (span.kind == "CONSUMER") return SpanKind::kConsumer;
  return span.Tag("span.kind") == "internal" ? SpanKind::kInternal : SpanKind::kUnspecified;
}

StatusCode StatusOf(const ZipkinSpan& span) {
  const bool error =
      std::ranges::any_of(span.tags, [](const auto& tag) { return tag.first == "error"; });
  const std::string_view code = span.Tag("otel.status_code");
  if (error || code == "ERROR" || code == "Error" || code == "STATUS_CODE_ERROR") {
    return StatusCode::kError;
  }
  const bool ok = code == "OK" || code == "Ok" || code == "STATUS_CODE_OK";
  return ok ? StatusCode::kOk : StatusCode::kUnset;
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

class Scanner final : public JsonReader {
 public:
  explicit Scanner(model::SpanSink& sink) : sink_(sink) {}

  bool ReadDocument(JsonValue root);
  // REQUIRES: ReadDocument was true.
  void Announce();

 private:
  bool ReadSpan(JsonValue object);
  bool ReadField(std::string_view key, JsonValue value, ZipkinSpan& span);
  bool ReadEndpoint(JsonValue object, Endpoint& endpoint);
  bool ReadAnnotation(JsonValue object, Annotation& annotation);
  bool ReadTime(JsonValue value, std::optional<int64_t>& nanos);
  void AnnounceResource(const ZipkinSpan& span);
  void AnnounceSpan(const ZipkinSpan& span);
  void AnnounceChecked(const ZipkinSpan& span, const model::SpanView& view);
  void AnnounceEndpoints(const ZipkinSpan& span);
  void AnnounceAnnotation(const Annotation& annotation);
  void AnnounceLink(std::string_view text);
  void AnnounceAttributes(std::string_view json);

  model::SpanSink& sink_;
  std::vector<ZipkinSpan> spans_;
  JsonTree attributes_;
};

bool Scanner::ReadDocument(JsonValue root) {
  return ForEachItem(root, [this](JsonValue item) {
    if (item.type() != JsonType::kArray) return ReadSpan(item);
    return ForEachItem(item, [this](JsonValue span) { return ReadSpan(span); });
  });
}

bool Scanner::ReadSpan(JsonValue object) {
  ZipkinSpan& span = spans_.emplace_back();
  return ForEachField(
      object, [&](std::string_view key, JsonValue value) { return ReadField(key, value, span); });
}

bool Scanner::ReadField(std::string_view key, JsonValue value, ZipkinSpan& span) {
  if (key == "traceId") return ReadText(value, span.trace_id);
  if (key == "id") return ReadText(value, span.span_id);
  if (key == "parentId") return ReadText(value, span.parent_span_id);
  if (key == "kind") return ReadText(value, span.kind);
  if (key == "name") return ReadText(value, span.name);
  if (key == "timestamp") return ReadTime(value, span.start);
  if (key == "duration") return ReadTime(value, span.duration);
  if (key == "localEndpoint") return ReadEndpoint(value, span.local);
  if (key == "remoteEndpoint") return ReadEndpoint(value, span.remote);
  if (key == "annotations") {
    return ForEachItem(value, [&](JsonValue annotation) {
      return ReadAnnotation(annotation, span.annotations.emplace_back());
    });
  }
  if (key == "tags") {
    return ForEachField(value, [&](std::string_view name, JsonValue text) {
      return ReadText(text, span.tags.emplace_back(name, "").second);
    });
  }
  return true;
}

bool Scanner::ReadEndpoint(JsonValue object, Endpoint& endpoint) {
  return ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (key == "serviceName") return ReadText(value, endpoint.service);
    if (key == "ipv4" || (key == "ipv6" && endpoint.ip.empty())) {
      return ReadText(value, endpoint.ip);
    }
    if (key != "port") return true;
    const std::optional<int64_t> port = ReadJsonInt64(value);
    if (!port) return Fail("expected a port", value);
    endpoint.port = *port;
    return true;
  });
}

bool Scanner::ReadAnnotation(JsonValue object, Annotation& annotation) {
  return ForEachField(object, [&](std::string_view key, JsonValue value) {
    if (key == "timestamp") return ReadTime(value, annotation.nanos);
    return key != "value" || ReadText(value, annotation.value);
  });
}

bool Scanner::ReadTime(JsonValue value, std::optional<int64_t>& nanos) {
  const JsonTime time = ReadJsonMicros(value);
  if (!time.is_number) return Fail("expected a number of microseconds", value);
  nanos = time.nanos;
  return true;
}

// What spans must have in common for one resource and scope.
std::string GroupOf(const ZipkinSpan& span) {
  std::string key;
  const auto add = [&](std::string_view text) {
    key += std::to_string(text.size());
    key += ':';
    key += text;
  };
  add(span.local.service);
  add(span.Tag(kServiceNameSource));
  const ScopeTags scope = ScopeOf(span);
  add(scope.name);
  add(scope.version);
  for (const auto& [name, value] : span.tags) {
    if (!IsOfResource(name)) continue;
    add(name);
    add(value);
  }
  return key;
}

void Scanner::Announce() {
  std::map<std::string, std::vector<const ZipkinSpan*>> groups;
  std::vector<decltype(groups)::const_iterator> order;  // as their first spans came
  for (const ZipkinSpan& span : spans_) {
    const auto [group, added] = groups.try_emplace(GroupOf(span));
    group->second.push_back(&span);
    if (added) order.push_back(group);
  }
  for (const auto& group : order) {
    AnnounceResource(*group->second.front());
    for (const ZipkinSpan* span : group->second) AnnounceSpan(*span);
  }
}

void Scanner::AnnounceResource(const ZipkinSpan& span) {
  sink_.OnResource({});
  std::string_view key = span.Tag(kServiceNameSource);
  if (key.empty()) key = "service.name";
  if (!span.local.service.empty()) sink_.OnAttribute(key, ValueView::String(span.local.service));
  for (const auto& [name, value] : span.tags) {
    const bool named = name == key && !span.local.service.empty();
    if (IsOfResource(name) && !named) sink_.OnAttribute(name, ValueView::String(value));
  }
  const ScopeTags scope = ScopeOf(span);
  sink_.OnScope({.name = scope.name, .version = scope.version});
}

void Scanner::AnnounceSpan(const ZipkinSpan& span) {
  const auto trace_id = model::TraceId::FromHex(span.trace_id);
  const auto span_id = model::SpanId::FromHex(span.span_id);
  const auto parent = span.parent_span_id.empty() ? std::optional(model::SpanId())
                                                  : model::SpanId::FromHex(span.parent_span_id);
  const std::optional<int64_t> end = AddNanos(span.start, span.duration);
  const bool times_fit = end && std::ranges::all_of(span.annotations, [](const Annotation& one) {
                           return one.nanos.has_value();
                         });
  if (!trace_id || !trace_id->IsValid()) {
    sink_.OnRejectedSpan(RejectReason::kInvalidTraceId);
  } else if (!span_id || !span_id->IsValid()) {
    sink_.OnRejectedSpan(RejectReason::kInvalidSpanId);
  } else if (!parent) {
    sink_.OnRejectedSpan(RejectReason::kInvalidParentSpanId);
  } else if (!times_fit) {
    sink_.OnRejectedSpan(RejectReason::kTimeOutOfRange);
  } else {
    model::SpanView view;
    view.trace_id = *trace_id;
    view.span_id = *span_id;
    if (*parent != *span_id) view.parent_span_id = *parent;
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

void Scanner::AnnounceChecked(const ZipkinSpan& span, const model::SpanView& view) {
  sink_.OnSpan(view);
  for (const auto& [name, value] : span.tags) {
    if (!IsUsed(name, value)) sink_.OnAttribute(name, ValueView::String(value));
  }
  if (view.start_unix_nano == 0) sink_.OnAttribute(kAbsentStart, ValueView::Bool(true));
  AnnounceEndpoints(span);
  for (const Annotation& annotation : span.annotations) AnnounceAnnotation(annotation);
  for (const auto& [name, value] : span.tags) {
    if (name.starts_with(kLinkPrefix)) AnnounceLink(value);
  }
}

void Scanner::AnnounceEndpoints(const ZipkinSpan& span) {
  const auto text = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) sink_.OnAttribute(key, ValueView::String(value));
  };
  const auto port = [&](std::string_view key, int64_t value) {
    if (value != 0) sink_.OnAttribute(key, ValueView::Int(value));
  };
  text("net.host.ip", span.local.ip);
  port("net.host.port", span.local.port);
  text("peer.service", span.remote.service);
  text("net.peer.ip", span.remote.ip);
  port("net.peer.port", span.remote.port);
}

void Scanner::AnnounceAnnotation(const Annotation& annotation) {
  std::string_view rest = annotation.value;
  const std::string_view name = TakePart(rest);
  const std::optional<WithAttributes> more = SplitAttributes(rest);
  sink_.OnEvent({.time_unix_nano = *annotation.nanos,
                 .name = more ? name : annotation.value,
                 .dropped_attributes_count = more ? more->dropped : 0});
  if (more) AnnounceAttributes(more->json);
}

void Scanner::AnnounceLink(std::string_view text) {
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
void Scanner::AnnounceAttributes(std::string_view json) {
  ScanFailure ignored;
  if (json.empty() || !attributes_.Parse(json, ignored)) return;
  JsonMembers member(attributes_.root());
  while (member.Next()) {
    const JsonValue value = member.value();
    switch (value.type()) {
      case JsonType::kTrue:
      case JsonType::kFalse:
        sink_.OnAttribute(member.key(), ValueView::Bool(value.type() == JsonType::kTrue));
        break;
      case JsonType::kString:
        sink_.OnAttribute(member.key(), ValueView::String(value.text()));
        break;
      case JsonType::kNumber:
        if (const std::optional<int64_t> whole = ReadJsonInt64(value)) {
          sink_.OnAttribute(member.key(), ValueView::Int(*whole));
        } else {
          sink_.OnAttribute(member.key(), ValueView::Double(ReadJsonDouble(value).value_or(0)));
        }
        break;
      default:
        break;
    }
  }
}

}  // namespace

base::Status ScanZipkinJson(std::string_view json, model::SpanSink& sink) {
  JsonTree tree;
  ScanFailure failure;
  if (!tree.Parse(json, failure)) return failure.ToError("zipkin json");
  Scanner scanner(sink);
  if (!scanner.ReadDocument(tree.root())) return scanner.failure().ToError("zipkin json");
  scanner.Announce();
  return {};
}

}  // namespace clew::wire
