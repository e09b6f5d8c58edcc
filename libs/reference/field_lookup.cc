// SPDX-License-Identifier: Apache-2.0
// What a span has to say to a field.
//
// Values that the language has no type for (bytes, key-value lists, arrays of several types or
// of arrays, an attribute without a value) are as if they were not there. What the events of a
// span say of a field is one value when only one says something, otherwise an array; the same
// holds for links.
#include "reference/field_lookup.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace clew::reference {
namespace {

using traceql::Attribute;
using traceql::Duration;
using traceql::Intrinsic;
using traceql::Scope;
using traceql::Static;

std::optional<Static> ScalarOf(const AttributeValue& value) {
  if (const auto* const text = std::get_if<std::string>(&value.value)) return *text;
  if (const auto* const boolean = std::get_if<bool>(&value.value)) return *boolean;
  if (const auto* const integer = std::get_if<int64_t>(&value.value)) return *integer;
  if (const auto* const number = std::get_if<double>(&value.value)) return *number;
  return std::nullopt;
}

FieldValue ArrayOf(const Array& array) {
  FieldValue found{.is_array = true};
  for (const AttributeValue& element : array.elements) {
    std::optional<Static> scalar = ScalarOf(element);
    const bool mixed =
        scalar && !found.values.empty() && scalar->index() != found.values.front().index();
    if (!scalar || mixed) return {};
    found.values.push_back(*std::move(scalar));
  }
  return found;
}

FieldValue ValueIn(const Attributes& attributes, const std::string& key) {
  const AttributeValue* const value = FindAttribute(attributes, key);
  if (value == nullptr) return {};
  if (const auto* const array = std::get_if<Array>(&value->value)) return ArrayOf(*array);
  std::optional<Static> scalar = ScalarOf(*value);
  return scalar ? FieldValue::Of(*std::move(scalar)) : FieldValue{};
}

FieldValue Joined(const std::vector<FieldValue>& parts) {
  FieldValue joined;
  size_t present = 0;
  for (const FieldValue& part : parts) {
    if (part.present()) ++present;
    joined.is_array = joined.is_array || part.is_array || present > 1;
    joined.values.insert(joined.values.end(), part.values.begin(), part.values.end());
  }
  return joined;
}

// `of` gives the value of an event or a link.
template <typename T, typename Function>
FieldValue OverAll(const std::vector<T>& parts, const Function& of) {
  std::vector<FieldValue> values;
  values.reserve(parts.size());
  for (const T& part : parts) values.push_back(of(part));
  return Joined(values);
}

FieldValue ValueIn(Scope scope, const std::string& key, const Span& span) {
  const auto of_part = [&](const auto& part) { return ValueIn(part.attributes, key); };
  switch (scope) {
    case Scope::kSpan:
      return ValueIn(span.attributes, key);
    case Scope::kResource: {
      FieldValue found = ValueIn(span.resource, key);
      // Every span has this one.
      if (!found.present() && key == "service.name") return FieldValue::Of(std::string());
      return found;
    }
    case Scope::kEvent:
      return OverAll(span.events, of_part);
    case Scope::kLink:
      return OverAll(span.links, of_part);
    case Scope::kInstrumentation:
      return ValueIn(span.scope.attributes, key);
    case Scope::kAny:
      break;
  }
  return {};
}

FieldValue UnscopedValue(const std::string& key, const Span& span) {
  // As received: without a name in place of a service that did not say its own.
  FieldValue of_resource = ValueIn(span.resource, key);
  FieldValue of_span = ValueIn(span.attributes, key);
  if (of_span.present()) return of_span;
  if (of_resource.present()) return of_resource;
  for (const Scope scope : {Scope::kEvent, Scope::kLink, Scope::kInstrumentation}) {
    FieldValue found = ValueIn(scope, key, span);
    if (found.present()) return found;
  }
  return {};
}

FieldValue OfEvents(Intrinsic intrinsic, const Span& span) {
  return OverAll(span.events, [&](const Event& event) {
    if (intrinsic == Intrinsic::kEventName) return FieldValue::Of(event.name);
    return FieldValue::Of(Duration{Difference(event.time_ns, span.start_ns)});
  });
}

FieldValue OfLinks(Intrinsic intrinsic, const Span& span) {
  return OverAll(span.links, [&](const Link& link) {
    if (intrinsic == Intrinsic::kLinkTraceId) return FieldValue::Of(link.trace_id.ToHex());
    return FieldValue::Of(link.span_id.ToHex());
  });
}

Static OfTrace(Intrinsic intrinsic, const AssembledTrace& trace) {
  if (intrinsic == Intrinsic::kTraceDuration) return Duration{trace.duration_ns};
  if (intrinsic == Intrinsic::kTraceId) return WithoutLeadingZeros(trace.trace_id.ToHex());
  if (trace.root == nullptr) return std::string();
  return intrinsic == Intrinsic::kRootName ? trace.root->name : ServiceOf(*trace.root);
}

int64_t NumberOf(Intrinsic intrinsic, const SpanPlace& place) {
  if (intrinsic == Intrinsic::kChildCount) return place.child_count;
  if (intrinsic == Intrinsic::kNestedSetLeft) return place.nested_set_left;
  if (intrinsic == Intrinsic::kNestedSetRight) return place.nested_set_right;
  return place.nested_set_parent;
}

Static OfSpan(Intrinsic intrinsic, const Span& span) {
  switch (intrinsic) {
    case Intrinsic::kDuration:
      return Duration{Difference(span.end_ns, span.start_ns)};
    case Intrinsic::kStatus:
      return span.status;
    case Intrinsic::kKind:
      return span.kind;
    case Intrinsic::kStatusMessage:
      return span.status_message;
    case Intrinsic::kSpanId:
      return span.span_id.ToHex();
    case Intrinsic::kSpanParentId:
      return span.parent_span_id.IsValid() ? span.parent_span_id.ToHex() : std::string();
    case Intrinsic::kInstrumentationName:
      return span.scope.name;
    case Intrinsic::kInstrumentationVersion:
      return span.scope.version;
    default:
      return span.name;
  }
}

}  // namespace

std::string WithoutLeadingZeros(std::string hex) {
  hex.erase(0, std::min(hex.find_first_not_of('0'), hex.size()));
  return hex;
}

FieldValue ValueOf(const Attribute& attribute, const SpanInTrace& span) {
  const Span* of = &span.span();
  if (attribute.of_parent) {
    const size_t parent = span.trace->places[span.place].parent;
    if (parent == SpanPlace::kNoParent) return {};
    of = span.trace->spans[parent];
  }
  if (attribute.scope == Scope::kAny) return UnscopedValue(attribute.name, *of);
  return ValueIn(attribute.scope, attribute.name, *of);
}

FieldValue ValueOf(Intrinsic intrinsic, const SpanInTrace& span) {
  switch (intrinsic) {
    case Intrinsic::kEventName:
    case Intrinsic::kEventTimeSinceStart:
      return OfEvents(intrinsic, span.span());
    case Intrinsic::kLinkTraceId:
    case Intrinsic::kLinkSpanId:
      return OfLinks(intrinsic, span.span());
    case Intrinsic::kTraceDuration:
    case Intrinsic::kRootName:
    case Intrinsic::kRootServiceName:
    case Intrinsic::kTraceId:
      return FieldValue::Of(OfTrace(intrinsic, *span.trace));
    case Intrinsic::kChildCount:
    case Intrinsic::kNestedSetLeft:
    case Intrinsic::kNestedSetRight:
    case Intrinsic::kNestedSetParent:
      return FieldValue::Of(NumberOf(intrinsic, span.trace->places[span.place]));
    case Intrinsic::kParent:
      return {};
    default:
      return FieldValue::Of(OfSpan(intrinsic, span.span()));
  }
}

}  // namespace clew::reference
