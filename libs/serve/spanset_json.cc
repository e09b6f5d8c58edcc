// SPDX-License-Identifier: Apache-2.0
// Tempo's shapes: tempopb.SpanSet in protobuf's JSON, where 64-bit numbers are texts and
// what is zero is left out.
#include "serve/spanset_json.h"

#include <type_traits>

#include "traceql/print.h"
#include "traceql/words.h"

namespace clew::serve {
namespace {

using traceql::Static;

void WriteValue(wire::JsonWriter& json, const Static& value) {
  json.BeginObject();
  std::visit(
      [&](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, int64_t>) {
          json.Key("intValue");
          json.NumberAsString(held);
        } else if constexpr (std::is_same_v<T, double>) {
          json.Key("doubleValue");
          json.Number(held);
        } else if constexpr (std::is_same_v<T, bool>) {
          json.Key("boolValue");
          json.Bool(held);
        } else {
          json.Key("stringValue");
          if constexpr (std::is_same_v<T, std::string>) {
            json.String(held);
          } else {
            json.String(traceql::Print(Static(held)));  // 1.5s, error, server, nil
          }
        }
      },
      value);
  json.EndObject();
}

void WriteValues(wire::JsonWriter& json, const query::AnswerAttribute& attribute) {
  if (!attribute.is_array) {
    return WriteValue(json, attribute.values.empty() ? traceql::Nil() : attribute.values.front());
  }
  json.BeginObject();
  json.Key("arrayValue");
  json.BeginObject();
  json.Key("values");
  json.BeginArray();
  for (const Static& value : attribute.values) WriteValue(json, value);
  json.EndArray();
  json.EndObject();
  json.EndObject();
}

void WriteAttributes(wire::JsonWriter& json,
                     const std::vector<query::AnswerAttribute>& attributes) {
  if (attributes.empty()) return;
  json.Key("attributes");
  json.BeginArray();
  for (const query::AnswerAttribute& attribute : attributes) {
    json.BeginObject();
    json.Key("key");
    json.String(attribute.key);
    json.Key("value");
    WriteValues(json, attribute);
    json.EndObject();
  }
  json.EndArray();
}

void WriteSpan(wire::JsonWriter& json, const query::SpanAnswer& span) {
  json.BeginObject();
  json.Key("spanID");
  json.String(span.span_id.ToHex());
  if (!span.name.empty()) {
    json.Key("name");
    json.String(span.name);
  }
  json.Key("startTimeUnixNano");
  json.NumberAsString(span.start_unix_nano);
  // An unsigned number; a span that ends before it starts has none.
  if (span.duration_ns > 0) {
    json.Key("durationNanos");
    json.NumberAsString(span.duration_ns);
  }
  WriteAttributes(json, span.attributes);
  json.EndObject();
}

void WriteSpanset(wire::JsonWriter& json, const query::SpansetAnswer& spanset) {
  json.BeginObject();
  json.Key("spans");
  json.BeginArray();
  for (const query::SpanAnswer& span : spanset.spans) WriteSpan(json, span);
  json.EndArray();
  json.Key("matched");
  json.Number(int64_t{spanset.matched});
  WriteAttributes(json, spanset.attributes);
  json.EndObject();
}

}  // namespace

void WriteSpansets(wire::JsonWriter& json, const query::TraceSummary& trace) {
  if (trace.spansets.empty()) return;
  json.Key("spanSet");
  WriteSpanset(json, trace.spansets.front());
  json.Key("spanSets");
  json.BeginArray();
  for (const query::SpansetAnswer& spanset : trace.spansets) WriteSpanset(json, spanset);
  json.EndArray();
}

}  // namespace clew::serve
