// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reference/span.h"

namespace clew::reference {

// Spans that start in [from, to) are asked for; what is said of their traces counts those in
// [from - horizon, to + horizon].
struct SpanRange {
  int64_t from_ns = INT64_MIN;
  int64_t to_ns = INT64_MAX;
  int64_t horizon_ns = int64_t{3600} * 1'000'000'000;
};

// Where a span stands in its trace. The numbers are those of a nested set, 0 for a span that
// is not connected; a root has the parent -1.
struct SpanPlace {
  static constexpr size_t kNoParent = SIZE_MAX;

  size_t parent = kNoParent;  // its place in the trace
  int64_t child_count = 0;
  int64_t nested_set_left = 0;
  int64_t nested_set_right = 0;
  int64_t nested_set_parent = 0;
};

struct ServiceStats {
  uint32_t span_count = 0;
  uint32_t error_count = 0;
  bool operator==(const ServiceStats&) const = default;
};

// A trace as queries see it. Borrows its spans.
struct AssembledTrace {
  model::TraceId trace_id;
  std::vector<const Span*> spans{};  // by (start, span id, place in the input)
  std::vector<SpanPlace> places{};   // of the spans
  std::vector<size_t> asked_for{};   // places of the spans that start in the range itself
  const Span* root = nullptr;        // null: not received
  int64_t start_ns = 0;
  int64_t duration_ns = 0;
  std::map<std::string, ServiceStats> services{};
};

// None if no span of the trace is asked for.
std::optional<AssembledTrace> Assemble(const Trace& trace, const SpanRange& range);

// left - right, at the ends of int64 where it would go past them.
int64_t Difference(int64_t left, int64_t right);

// resource.service.name where it is a string, otherwise empty.
std::string ServiceOf(const Span& span);
// Of a repeated key the last; null when there is none.
const AttributeValue* FindAttribute(const Attributes& attributes, const std::string& key);

}  // namespace clew::reference
