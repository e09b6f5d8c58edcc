// SPDX-License-Identifier: Apache-2.0
// Tempo's shapes: tempopb.SpanSet in protobuf's JSON, where 64-bit numbers are texts and
// what is zero is left out.
#include "serve/spanset_json.h"

#include "serve/attribute_json.h"

namespace clew::serve {
namespace {

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
  WriteAttributes(json, "attributes", span.attributes);
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
  WriteAttributes(json, "attributes", spanset.attributes);
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
