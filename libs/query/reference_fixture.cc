// SPDX-License-Identifier: Apache-2.0
#include "query/reference_fixture.h"

#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace clew::query {
namespace {

using model::ValueView;

model::SpanKind KindOf(traceql::SpanKind kind) {
  switch (kind) {
    case traceql::SpanKind::kInternal:
      return model::SpanKind::kInternal;
    case traceql::SpanKind::kClient:
      return model::SpanKind::kClient;
    case traceql::SpanKind::kServer:
      return model::SpanKind::kServer;
    case traceql::SpanKind::kProducer:
      return model::SpanKind::kProducer;
    case traceql::SpanKind::kConsumer:
      return model::SpanKind::kConsumer;
    case traceql::SpanKind::kUnspecified:
      break;
  }
  return model::SpanKind::kUnspecified;
}

model::StatusCode StatusOf(traceql::SpanStatus status) {
  if (status == traceql::SpanStatus::kError) return model::StatusCode::kError;
  return status == traceql::SpanStatus::kOk ? model::StatusCode::kOk : model::StatusCode::kUnset;
}

// --- OTLP's encoding of nested values.

void PutVarint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void PutBytes(std::string& out, int field, std::string_view bytes) {
  PutVarint(out, static_cast<uint64_t>(field) << 3 | 2);
  PutVarint(out, bytes.size());
  out += bytes;
}

std::string EncodeValue(const reference::AttributeValue& value);

std::string EncodeArray(const reference::Array& array) {
  std::string out;
  for (const reference::AttributeValue& element : array.elements) {
    PutBytes(out, 1, EncodeValue(element));
  }
  return out;
}

std::string EncodeList(const reference::KeyValueList& list) {
  std::string out;
  for (const reference::KeyValue& pair : list.pairs) {
    std::string encoded;
    PutBytes(encoded, 1, pair.key);
    PutBytes(encoded, 2, EncodeValue(pair.value));
    PutBytes(out, 1, encoded);
  }
  return out;
}

std::string EncodeValue(const reference::AttributeValue& value) {
  std::string out;
  if (const auto* text = std::get_if<std::string>(&value.value)) {
    PutBytes(out, 1, *text);
  } else if (const auto* truth = std::get_if<bool>(&value.value)) {
    PutVarint(out, 2 << 3);
    PutVarint(out, *truth ? 1 : 0);
  } else if (const auto* integer = std::get_if<int64_t>(&value.value)) {
    PutVarint(out, 3 << 3);
    PutVarint(out, static_cast<uint64_t>(*integer));
  } else if (const auto* number = std::get_if<double>(&value.value)) {
    PutVarint(out, 4 << 3 | 1);
    out.append(reinterpret_cast<const char*>(number), sizeof *number);
  } else if (const auto* array = std::get_if<reference::Array>(&value.value)) {
    PutBytes(out, 5, EncodeArray(*array));
  } else if (const auto* list = std::get_if<reference::KeyValueList>(&value.value)) {
    PutBytes(out, 6, EncodeList(*list));
  } else if (const auto* bytes = std::get_if<reference::Bytes>(&value.value)) {
    PutBytes(out, 7, bytes->bytes);
  }
  return out;
}

void Announce(const reference::Attributes& attributes, model::SpanSink& sink) {
  for (const reference::KeyValue& attribute : attributes) {
    const auto& value = attribute.value.value;
    if (const auto* text = std::get_if<std::string>(&value)) {
      sink.OnAttribute(attribute.key, ValueView::String(*text));
    } else if (const auto* truth = std::get_if<bool>(&value)) {
      sink.OnAttribute(attribute.key, ValueView::Bool(*truth));
    } else if (const auto* integer = std::get_if<int64_t>(&value)) {
      sink.OnAttribute(attribute.key, ValueView::Int(*integer));
    } else if (const auto* number = std::get_if<double>(&value)) {
      sink.OnAttribute(attribute.key, ValueView::Double(*number));
    } else if (const auto* array = std::get_if<reference::Array>(&value)) {
      sink.OnAttribute(attribute.key, ValueView::Array(EncodeArray(*array)));
    } else if (const auto* list = std::get_if<reference::KeyValueList>(&value)) {
      sink.OnAttribute(attribute.key, ValueView::KeyValueList(EncodeList(*list)));
    } else if (const auto* bytes = std::get_if<reference::Bytes>(&value)) {
      sink.OnAttribute(attribute.key, ValueView::Bytes(bytes->bytes));
    } else {
      sink.OnAttribute(attribute.key, ValueView());
    }
  }
}

std::vector<reference::NamedValue> AsReference(const std::vector<AnswerAttribute>& attributes) {
  std::vector<reference::NamedValue> named;
  for (const AnswerAttribute& attribute : attributes) {
    reference::FieldValue value{.is_array = attribute.is_array, .values = {}};
    for (const traceql::Static& one : attribute.values) {
      if (!std::holds_alternative<traceql::Nil>(one)) value.values.push_back(one);
    }
    named.push_back({attribute.key, std::move(value)});
  }
  return named;
}

reference::FoundSpanset AsReference(const SpansetAnswer& spanset) {
  reference::FoundSpanset found{
      .matched = spanset.matched, .spans = {}, .attributes = AsReference(spanset.attributes)};
  for (const SpanAnswer& span : spanset.spans) {
    found.spans.push_back({.span_id = span.span_id,
                           .name = span.name,
                           .start_ns = span.start_unix_nano,
                           .duration_ns = span.duration_ns,
                           .attributes = AsReference(span.attributes)});
  }
  return found;
}

}  // namespace

void Announce(const model::TraceId& trace_id, const reference::Span& span, model::SpanSink& sink) {
  sink.OnResource({});
  Announce(span.resource, sink);
  sink.OnScope({.name = span.scope.name, .version = span.scope.version});
  Announce(span.scope.attributes, sink);
  sink.OnSpan({.trace_id = trace_id,
               .span_id = span.span_id,
               .parent_span_id = span.parent_span_id,
               .name = span.name,
               .kind = KindOf(span.kind),
               .start_unix_nano = span.start_ns,
               .end_unix_nano = span.end_ns,
               .status_code = StatusOf(span.status),
               .status_message = span.status_message});
  Announce(span.attributes, sink);
  for (const reference::Event& event : span.events) {
    sink.OnEvent({.time_unix_nano = event.time_ns, .name = event.name});
    Announce(event.attributes, sink);
  }
  for (const reference::Link& link : span.links) {
    sink.OnLink({.trace_id = link.trace_id, .span_id = link.span_id});
    Announce(link.attributes, sink);
  }
}

std::vector<Layouts::Part> PartsOf(const std::vector<reference::Trace>& traces) {
  std::vector<Layouts::Part> parts;
  for (const reference::Trace& trace : traces) {
    for (const reference::Span& span : trace.spans) {
      parts.emplace_back([&](model::SpanSink& sink) { Announce(trace.trace_id, span, sink); });
    }
  }
  return parts;
}

std::vector<reference::FoundTrace> AsReference(const SearchResult& result) {
  std::vector<reference::FoundTrace> found;
  for (const TraceSummary& trace : result.traces) {
    found.push_back(
        {.trace_id = trace.trace_id,
         .root_service_name = trace.root_found ? trace.root_service : reference::kRootNotReceived,
         .root_name = trace.root_name,
         .start_ns = trace.start_unix_nano,
         .duration_ns = trace.duration_ns,
         .services = {},
         .spansets = {}});
    for (const ServiceStats& stats : trace.services) {
      found.back().services[stats.service] = {stats.span_count, stats.error_count};
    }
    for (const SpansetAnswer& spanset : trace.spansets) {
      found.back().spansets.push_back(AsReference(spanset));
    }
  }
  return found;
}

reference::MetricsAnswer AsReference(const MetricsAnswer& answer) {
  reference::MetricsAnswer out{.timestamps_ns = answer.timestamps, .series = {}};
  for (const Series& series : answer.series) {
    reference::Series one{.labels = AsReference(series.labels), .samples = {}, .exemplars = {}};
    for (const double sample : series.samples) {
      one.samples.push_back(std::isnan(sample) ? std::nullopt : std::optional(sample));
    }
    for (const Exemplar& exemplar : series.exemplars) {
      one.exemplars.push_back({.trace_id = exemplar.trace_id,
                               .timestamp_ns = exemplar.unix_nano,
                               .interval = exemplar.interval,
                               .value = exemplar.value,
                               .labels = AsReference(exemplar.labels)});
    }
    out.series.push_back(std::move(one));
  }
  return out;
}

}  // namespace clew::query
