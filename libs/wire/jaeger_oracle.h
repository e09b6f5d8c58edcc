// SPDX-License-Identifier: Apache-2.0
// What batches of Jaeger say, told in the plainest way from the classes that protoc generates: what
// our readers are compared with. Batches of thrift's classes are turned into those before.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jaeger/api_v2/model.pb.h"
#include "wire/jaeger_batch_fixture.h"
#include "wire/span_transcript.h"

namespace clew::wire {

namespace jaeger_api = ::jaeger::api_v2;

// --- thrift's classes as protobuf's -----------------------------------------

inline std::string BigEndian(int64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

template <typename SecondsAndNanos>
void SetMicros(int64_t us, SecondsAndNanos& to) {
  to.set_seconds(us / 1'000'000);
  to.set_nanos(static_cast<int32_t>(us % 1'000'000 * 1000));
}

inline void Convert(const jaeger::Tag& tag, jaeger_api::KeyValue& to) {
  static constexpr jaeger_api::ValueType kTypes[] = {jaeger_api::STRING, jaeger_api::FLOAT64,
                                                     jaeger_api::BOOL, jaeger_api::INT64,
                                                     jaeger_api::BINARY};
  const bool known = tag.vType >= 0 && tag.vType < 5;
  to.set_key(tag.key);
  to.set_v_type(known ? kTypes[tag.vType] : static_cast<jaeger_api::ValueType>(5));
  to.set_v_str(tag.vStr);
  to.set_v_float64(tag.vDouble);
  to.set_v_bool(tag.vBool);
  to.set_v_int64(tag.vLong);
  to.set_v_binary(tag.vBinary);
}

inline void Convert(const jaeger::SpanRef& reference, jaeger_api::SpanRef& to) {
  to.set_trace_id(BigEndian(reference.traceIdHigh) + BigEndian(reference.traceIdLow));
  to.set_span_id(BigEndian(reference.spanId));
  to.set_ref_type(static_cast<jaeger_api::SpanRefType>(reference.refType));
}

inline void Convert(const jaeger::Log& log, jaeger_api::Log& to) {
  SetMicros(log.timestamp, *to.mutable_timestamp());
  for (const jaeger::Tag& field : log.fields) Convert(field, *to.add_fields());
}

inline void Convert(const jaeger::Span& span, jaeger_api::Span& to) {
  to.set_trace_id(BigEndian(span.traceIdHigh) + BigEndian(span.traceIdLow));
  to.set_span_id(BigEndian(span.spanId));
  to.set_operation_name(span.operationName);
  to.set_flags(static_cast<uint32_t>(span.flags));
  SetMicros(span.startTime, *to.mutable_start_time());
  SetMicros(span.duration, *to.mutable_duration());
  // Protobuf knows a parent as a reference only.
  if (span.parentSpanId != 0) {
    to.add_references()->set_trace_id(to.trace_id());
    to.mutable_references(0)->set_span_id(BigEndian(span.parentSpanId));
  }
  for (const jaeger::SpanRef& one : span.references) Convert(one, *to.add_references());
  for (const jaeger::Tag& one : span.tags) Convert(one, *to.add_tags());
  for (const jaeger::Log& one : span.logs) Convert(one, *to.add_logs());
}

inline void Convert(const jaeger::Process& process, jaeger_api::Process& to) {
  to.set_service_name(process.serviceName);
  for (const jaeger::Tag& one : process.tags) Convert(one, *to.add_tags());
}

inline jaeger_api::Batch InProtobuf(const jaeger::Batch& batch) {
  jaeger_api::Batch to;
  Convert(batch.process, *to.mutable_process());
  for (const jaeger::Span& one : batch.spans) Convert(one, *to.add_spans());
  return to;
}

// --- what a batch says ------------------------------------------------------

class JaegerOracle {
 public:
  // Scope, trace state and a process of a span are told of batches in protobuf alone.
  enum class Format : uint8_t { kThrift, kProtobuf };
  explicit JaegerOracle(Format format) : format_(format) {}

  std::string Tell(const jaeger_api::Batch& batch) {
    const bool any_shared = std::ranges::any_of(batch.spans(), IsShared);
    if (format_ == Format::kThrift || any_shared) TellProcess(batch.process());
    if (format_ == Format::kThrift) TellScope({});
    for (const jaeger_api::Span& span : batch.spans()) {
      if (IsShared(span)) TellSpan(span);
    }
    std::optional<std::string> told;
    for (const jaeger_api::Span& span : batch.spans()) {
      if (IsShared(span)) continue;
      const std::string process = span.process().SerializeAsString();
      if (told != process) TellProcess(span.process());
      told = process;
      TellSpan(span);
    }
    return out_.text();
  }

 private:
  using Tags = google::protobuf::RepeatedPtrField<jaeger_api::KeyValue>;
  using Tag = jaeger_api::KeyValue;
  using Reference = jaeger_api::SpanRef;
  __extension__ using Nanos = __int128;
  struct Scope {
    std::string name, version;
    bool operator==(const Scope&) const = default;
  };

  static bool IsShared(const jaeger_api::Span& span) { return !span.has_process(); }

  // Ids in full length; a malformed one is zeros.
  static std::string TraceId(const std::string& id) {
    if (id.size() == 8) return std::string(8, '\0') + id;
    return id.size() == 16 ? id : std::string(16, '\0');
  }
  static std::string SpanId(const std::string& id) {
    return id.size() == 8 ? id : std::string(8, '\0');
  }
  static bool IsZero(const std::string& id) { return id == std::string(id.size(), '\0'); }

  template <typename SecondsAndNanos>
  static Nanos NanosOf(const SecondsAndNanos& time) {
    return Nanos{time.seconds()} * 1'000'000'000 + time.nanos();
  }
  static Nanos EndOf(const jaeger_api::Span& span) {
    return NanosOf(span.start_time()) + NanosOf(span.duration());
  }
  static bool Fits(Nanos time) { return time >= 0 && time <= INT64_MAX; }

  // Of several tags with one key the last counts.
  static const Tag* Find(const Tags& tags, std::string_view key) {
    const auto found =
        std::find_if(tags.rbegin(), tags.rend(), [&](const Tag& tag) { return tag.key() == key; });
    return found == tags.rend() ? nullptr : &*found;
  }
  static bool IsText(const Tag& tag) {
    return tag.v_type() == jaeger_api::STRING || tag.v_type() > 4 || tag.v_type() < 0;
  }
  static std::string TextOf(const Tag* tag) {
    if (tag == nullptr || !IsText(*tag)) return "";
    return tag->v_type() == jaeger_api::STRING ? tag->v_str()
                                               : "<Unknown Jaeger TagType \"<UNSET>\">";
  }

  void TellAttribute(const std::string& key, const Tag& tag) {
    const std::string text = TextOf(&tag);
    auto value = model::ValueView::String(text);
    if (tag.v_type() == jaeger_api::BOOL) value = model::ValueView::Bool(tag.v_bool());
    if (tag.v_type() == jaeger_api::INT64) value = model::ValueView::Int(tag.v_int64());
    if (tag.v_type() == jaeger_api::FLOAT64) value = model::ValueView::Double(tag.v_float64());
    if (tag.v_type() == jaeger_api::BINARY) value = model::ValueView::Bytes(tag.v_binary());
    out_.OnAttribute(key, value);
  }
  void TellText(std::string_view key, const std::string& text) {
    out_.OnAttribute(key, model::ValueView::String(text));
  }

  void TellProcess(const jaeger_api::Process& process) {
    const Tags& tags = process.tags();
    const std::string& name = process.service_name();
    const bool named = !name.empty() && name != "OTLPResourceNoServiceName";
    scope_.reset();
    out_.OnResource({});
    if (named && Find(tags, "service.name") == nullptr) TellText("service.name", name);
    for (const Tag& tag : tags) {
      if (tag.key() == "hostname" && Find(tags, "host.name") == nullptr) {
        TellAttribute("host.name", tag);
      } else if (tag.key() == "jaeger.version" &&
                 Find(tags, "opencensus.exporterversion") == nullptr) {
        TellText("opencensus.exporterversion", "Jaeger-" + TextOf(&tag));
      } else {
        TellAttribute(tag.key(), tag);
      }
    }
  }

  void TellScope(const Scope& scope) {
    if (scope_ != scope) out_.OnScope({.name = scope.name, .version = scope.version});
    scope_ = scope;
  }

  static bool IsBlank(const jaeger_api::Span& span) {
    return IsZero(TraceId(span.trace_id())) && IsZero(SpanId(span.span_id())) &&
           span.operation_name().empty() && span.references().empty() && span.flags() == 0 &&
           NanosOf(span.start_time()) == 0 && NanosOf(span.duration()) == 0 &&
           span.tags().empty() && span.logs().empty() && IsShared(span);
  }

  static std::optional<model::RejectReason> Rejection(const jaeger_api::Span& span) {
    if (IsZero(TraceId(span.trace_id()))) return model::RejectReason::kInvalidTraceId;
    if (IsZero(SpanId(span.span_id()))) return model::RejectReason::kInvalidSpanId;
    const bool logs_fit = std::ranges::all_of(
        span.logs(), [](const jaeger_api::Log& log) { return Fits(NanosOf(log.timestamp())); });
    if (Fits(NanosOf(span.start_time())) && Fits(EndOf(span)) && logs_fit) return std::nullopt;
    return model::RejectReason::kTimeOutOfRange;
  }

  // The tags without those that say the trace state and, into `scope`, the scope.
  Tags WithoutPlaces(const Tags& tags, Scope& scope, std::string& trace_state) const {
    if (format_ == Format::kThrift) return tags;
    std::string prefix = "otel.scope.";
    const auto find_text = [&](const std::string& key) -> const Tag* {
      const auto found = std::find_if(tags.rbegin(), tags.rend(), [&](const Tag& tag) {
        return tag.key() == key && IsText(tag);
      });
      return found == tags.rend() ? nullptr : &*found;
    };
    if (find_text(prefix + "name") == nullptr && find_text("otel.library.name") != nullptr) {
      prefix = "otel.library.";
    }
    const bool has_scope = find_text(prefix + "name") != nullptr;
    if (has_scope) {
      scope = {TextOf(find_text(prefix + "name")), TextOf(find_text(prefix + "version"))};
    }
    trace_state = TextOf(find_text("w3c.tracestate"));
    Tags rest;
    for (const Tag& tag : tags) {
      const bool says_scope =
          has_scope && (tag.key() == prefix + "name" || tag.key() == prefix + "version");
      if (!IsText(tag) || (!says_scope && tag.key() != "w3c.tracestate")) *rest.Add() = tag;
    }
    return rest;
  }

  static std::string Parent(const jaeger_api::Span& span) {
    for (const jaeger_api::SpanRefType type : {jaeger_api::CHILD_OF, jaeger_api::FOLLOWS_FROM}) {
      for (const Reference& one : span.references()) {
        const bool is_child_of = one.ref_type() == jaeger_api::CHILD_OF;
        if (is_child_of == (type == jaeger_api::CHILD_OF) && !IsZero(SpanId(one.span_id())) &&
            TraceId(one.trace_id()) == TraceId(span.trace_id())) {
          return SpanId(one.span_id());
        }
      }
    }
    return SpanId("");
  }

  static model::SpanKind KindOf(const Tags& tags) {
    static constexpr std::string_view kNames[] = {"internal", "server", "client", "producer",
                                                  "consumer"};
    const auto found = std::ranges::find(kNames, TextOf(Find(tags, "span.kind")));
    if (found == std::end(kNames)) return model::SpanKind::kUnspecified;
    return static_cast<model::SpanKind>(1 + (found - std::begin(kNames)));
  }

  // The number of an HTTP status; nullopt when the tag is none.
  static std::optional<int64_t> HttpCode(const Tag* tag) {
    if (tag != nullptr && tag->v_type() == jaeger_api::INT64) return tag->v_int64();
    const std::string text = TextOf(tag);
    const bool digits = std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c); });
    if (text.empty() || !digits || text.size() > 18) return std::nullopt;
    return std::stoll(text);
  }

  struct Status {
    model::StatusCode code = model::StatusCode::kUnset;
    std::string message{};
    bool from_error = false;  // the tag error=true
    bool uses_description = false;
  };
  static Status StatusOf(const Tags& tags) {
    const Tag* const error = Find(tags, "error");
    const Tag* const code = Find(tags, "otel.status_code");
    const Tag* description = Find(tags, "otel.status_description");
    if (description != nullptr && !IsText(*description)) description = nullptr;
    const std::string http_message = TextOf(Find(tags, "http.status_message"));
    if (error != nullptr && error->v_type() == jaeger_api::BOOL && error->v_bool()) {
      const std::string message = description != nullptr ? TextOf(description) : http_message;
      return {model::StatusCode::kError, message, true, description != nullptr};
    }
    if (code != nullptr) {
      std::string name = TextOf(code);
      for (char& letter : name) letter = static_cast<char>(std::toupper(letter));
      const auto status = name == "OK"      ? model::StatusCode::kOk
                          : name == "ERROR" ? model::StatusCode::kError
                                            : model::StatusCode::kUnset;
      return {status, TextOf(description), false, description != nullptr};
    }
    const std::optional<int64_t> number = HttpCode(Find(tags, "http.status_code"));
    const bool is_servers = KindOf(tags) == model::SpanKind::kServer;
    const int64_t fine_below = is_servers ? 500 : 400;
    if (!number || (*number >= 100 && *number < fine_below)) return {};
    return {model::StatusCode::kError, http_message};
  }

  void TellSpan(const jaeger_api::Span& span) {
    if (IsBlank(span)) return;
    Scope scope;
    std::string trace_state;
    const Tags tags = WithoutPlaces(span.tags(), scope, trace_state);
    TellScope(scope);
    if (const auto reason = Rejection(span)) return out_.OnRejectedSpan(*reason);
    const Status status = StatusOf(tags);
    out_.OnSpan({.trace_id = model::TraceId::FromBytes(TraceId(span.trace_id())),
                 .span_id = model::SpanId::FromBytes(span.span_id()),
                 .parent_span_id = model::SpanId::FromBytes(Parent(span)),
                 .trace_state = trace_state,
                 .name = span.operation_name(),
                 .kind = KindOf(tags),
                 .start_unix_nano = static_cast<int64_t>(NanosOf(span.start_time())),
                 .end_unix_nano = static_cast<int64_t>(EndOf(span)),
                 .status_code = status.code,
                 .status_message = status.message});
    TellTags(tags, status);
    for (const jaeger_api::Log& log : span.logs()) TellEvent(log);
    for (const Reference& one : span.references()) TellLink(one, span);
  }

  void TellTags(const Tags& tags, const Status& status) {
    for (const Tag& tag : tags) {
      const bool used = tag.key() == "span.kind" || tag.key() == "otel.status_code" ||
                        (tag.key() == "error" && status.from_error) ||
                        (tag.key() == "otel.status_description" && status.uses_description);
      if (!used) TellAttribute(tag.key(), tag);
    }
  }

  void TellEvent(const jaeger_api::Log& log) {
    const std::string name = TextOf(Find(log.fields(), "event"));
    out_.OnEvent({.time_unix_nano = static_cast<int64_t>(NanosOf(log.timestamp())), .name = name});
    for (const Tag& field : log.fields()) {
      if (field.key() != "event") TellAttribute(field.key(), field);
    }
  }

  void TellLink(const Reference& reference, const jaeger_api::Span& span) {
    const std::string trace_id = TraceId(reference.trace_id());
    const std::string span_id = SpanId(reference.span_id());
    const bool is_child_of = reference.ref_type() == jaeger_api::CHILD_OF;
    const bool is_parent = is_child_of && !IsZero(span_id) && span_id == Parent(span) &&
                           trace_id == TraceId(span.trace_id());
    if (is_parent) return;
    out_.OnLink({.trace_id = model::TraceId::FromBytes(trace_id),
                 .span_id = model::SpanId::FromBytes(span_id)});
    TellText("opentracing.ref_type", is_child_of ? "child_of" : "follows_from");
  }

  const Format format_;
  std::optional<Scope> scope_;  // told last of the resource
  SpanTranscript out_;
};

inline std::string ToldByOracle(const jaeger::Batch& batch) {
  return JaegerOracle(JaegerOracle::Format::kThrift).Tell(InProtobuf(batch));
}
inline std::string ToldByOracle(const jaeger_api::PostSpansRequest& request) {
  return JaegerOracle(JaegerOracle::Format::kProtobuf).Tell(request.batch());
}

}  // namespace clew::wire
