// SPDX-License-Identifier: Apache-2.0
#include "reference/assembled_trace.h"

#include <algorithm>
#include <ranges>
#include <tuple>

#include "reference/span_places.h"

namespace clew::reference {
namespace {

std::vector<const Span*> SpansWithin(const Trace& trace, const SpanRange& range) {
  const int64_t first = Difference(range.from_ns, range.horizon_ns);
  const int64_t last = Difference(range.to_ns, -range.horizon_ns);
  std::vector<const Span*> spans;
  for (const Span& span : trace.spans) {
    if (span.start_ns >= first && span.start_ns <= last) spans.push_back(&span);
  }
  // Of equals the first in the input, which the pointers into it tell.
  std::ranges::sort(
      spans, {}, [](const Span* span) { return std::tuple(span->start_ns, span->span_id, span); });
  return spans;
}

// Of several the first by start, id, service and name.
const Span* RootOf(const std::vector<const Span*>& spans) {
  const Span* root = nullptr;
  const auto rank = [](const Span& span) {
    return std::tuple(span.start_ns, span.span_id, ServiceOf(span), span.name);
  };
  for (const Span* span : spans) {
    if (span->parent_span_id.IsValid()) continue;
    if (root == nullptr || rank(*span) < rank(*root)) root = span;
  }
  return root;
}

void Summarize(AssembledTrace& trace) {
  int64_t end_ns = INT64_MIN;
  for (const Span* span : trace.spans) {
    end_ns = std::max({end_ns, span->start_ns, span->end_ns});
    ServiceStats& stats = trace.services[ServiceOf(*span)];
    ++stats.span_count;
    if (span->status == traceql::SpanStatus::kError) ++stats.error_count;
  }
  trace.root = RootOf(trace.spans);
  trace.start_ns = trace.spans.front()->start_ns;
  trace.duration_ns = Difference(end_ns, trace.start_ns);
}

}  // namespace

std::optional<AssembledTrace> Assemble(const Trace& trace, const SpanRange& range) {
  AssembledTrace assembled{.trace_id = trace.trace_id, .spans = SpansWithin(trace, range)};
  for (size_t i = 0; i < assembled.spans.size(); ++i) {
    const int64_t start_ns = assembled.spans[i]->start_ns;
    if (start_ns >= range.from_ns && start_ns < range.to_ns) assembled.asked_for.push_back(i);
  }
  if (assembled.asked_for.empty()) return std::nullopt;
  assembled.places = PlacesOf(assembled.spans);
  Summarize(assembled);
  return assembled;
}

int64_t Difference(int64_t left, int64_t right) {
  int64_t result = 0;
  if (!__builtin_sub_overflow(left, right, &result)) return result;
  return right > 0 ? INT64_MIN : INT64_MAX;
}

const AttributeValue* FindAttribute(const Attributes& attributes, const std::string& key) {
  for (const KeyValue& attribute : std::views::reverse(attributes)) {
    if (attribute.key == key) return &attribute.value;
  }
  return nullptr;
}

std::string ServiceOf(const Span& span) {
  const AttributeValue* const service = FindAttribute(span.resource, "service.name");
  const auto* const text = service == nullptr ? nullptr : std::get_if<std::string>(&service->value);
  return text == nullptr ? "" : *text;
}

}  // namespace clew::reference
