// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "model/ids.h"
#include "traceql/static.h"

// Spans as plain values, as a sender would describe them.
namespace clew::reference {

struct AttributeValue;
struct KeyValue;

struct Array {
  std::vector<AttributeValue> elements;
};

struct KeyValueList {
  std::vector<KeyValue> pairs;
};

struct Bytes {
  std::string bytes;
};

struct AttributeValue {
  // The first: an attribute that was sent without a value.
  std::variant<std::monostate, std::string, bool, int64_t, double, Array, KeyValueList, Bytes>
      value;
};

struct KeyValue {
  std::string key;
  AttributeValue value;
};

// Of a repeated key the last counts.
using Attributes = std::vector<KeyValue>;

struct Event {
  int64_t time_ns = 0;
  std::string name{};
  Attributes attributes{};
};

struct Link {
  model::TraceId trace_id{};
  model::SpanId span_id{};
  Attributes attributes{};
};

struct InstrumentationScope {
  std::string name{};
  std::string version{};
  Attributes attributes{};
};

struct Span {
  model::SpanId span_id{};
  model::SpanId parent_span_id{};  // all zeros: none
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  std::string name{};
  traceql::SpanKind kind = traceql::SpanKind::kUnspecified;
  traceql::SpanStatus status = traceql::SpanStatus::kUnset;
  std::string status_message{};
  Attributes resource{};
  InstrumentationScope scope{};
  Attributes attributes{};
  std::vector<Event> events{};
  std::vector<Link> links{};
};

// All spans of one trace, in any order; equal ones are told apart by their places here.
struct Trace {
  model::TraceId trace_id{};
  std::vector<Span> spans{};
};

}  // namespace clew::reference
