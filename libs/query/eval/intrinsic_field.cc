// SPDX-License-Identifier: Apache-2.0
#include "query/eval/intrinsic_field.h"

#include <algorithm>
#include <string>
#include <utility>

#include "query/eval/attribute_reader.h"

namespace clew::query {
namespace {

using traceql::Intrinsic;

const traceql::Attribute& ServiceName() {
  static const traceql::Attribute kServiceName{.scope = traceql::Scope::kResource,
                                               .name = "service.name"};
  return kServiceName;
}

class IntrinsicField final : public Field {
 public:
  IntrinsicField(Intrinsic intrinsic, const store::Memtable& memtable)
      : intrinsic_(intrinsic), memtable_(memtable), service_name_(memtable, ServiceName()) {}

  Value Evaluate(const TraceView& trace, uint32_t span) const override {
    const store::SpanRow& row = trace.span(span);
    const store::SpanTraits& traits = trace.traits(span);
    const TraceView::Place& place = trace.place(span);
    switch (intrinsic_) {
      case Intrinsic::kDuration:
        return {.scalar = Duration{row.end_unix_nano - row.start_unix_nano}};
      case Intrinsic::kName:
        return Text(row.name);
      case Intrinsic::kStatus:
        return {.scalar = StatusOf(traits.status_code)};
      case Intrinsic::kStatusMessage:
        return Text(traits.status_message);
      case Intrinsic::kKind:
        return {.scalar = KindOf(traits.kind)};
      case Intrinsic::kSpanId:
        return {.scalar = trace.Keep(row.span_id.ToHex())};
      case Intrinsic::kSpanParentId:
        return {.scalar = row.parent_span_id.IsValid() ? trace.Keep(row.parent_span_id.ToHex())
                                                       : std::string_view("")};
      case Intrinsic::kChildCount:
        return {.scalar = int64_t{place.children}};
      case Intrinsic::kTraceDuration:
        return {.scalar = Duration{trace.duration_ns()}};
      case Intrinsic::kRootName:
        return RootName(trace);
      case Intrinsic::kRootServiceName:
        return RootServiceName(trace);
      case Intrinsic::kTraceId:
        return {.scalar = WithoutLeadingZeros(
                    trace.Keep(memtable_.trace_id(trace.row_of(span)).ToHex()))};
      case Intrinsic::kEventName:
      case Intrinsic::kEventTimeSinceStart:
        return OfEvents(trace, span);
      case Intrinsic::kLinkTraceId:
      case Intrinsic::kLinkSpanId:
        return OfLinks(trace, span);
      case Intrinsic::kInstrumentationName:
        return Text(memtable_.scope(traits.scope).name);
      case Intrinsic::kInstrumentationVersion:
        return Text(memtable_.scope(traits.scope).version);
      case Intrinsic::kNestedSetLeft:
        return {.scalar = int64_t{place.left}};
      case Intrinsic::kNestedSetRight:
        return {.scalar = int64_t{place.right}};
      case Intrinsic::kNestedSetParent:
        return {.scalar = int64_t{place.parent_left}};
      case Intrinsic::kParent:
        break;
    }
    return {};
  }

 private:
  Value Text(uint32_t code) const { return {.scalar = memtable_.dictionary()[code]}; }

  Value RootName(const TraceView& trace) const {
    if (trace.root() == TraceView::kNone) return {.scalar = std::string_view("")};
    return Text(trace.span(trace.root()).name);
  }

  Value RootServiceName(const TraceView& trace) const {
    Value name;
    if (trace.root() != TraceView::kNone) name = service_name_.Read(trace.row_of(trace.root()));
    return name.is_nil() ? Value{.scalar = std::string_view("")} : name;
  }

  Value OfEvents(const TraceView& trace, uint32_t span) const {
    Value value;
    const store::ElementRange events = memtable_.events_of(trace.row_of(span));
    for (uint32_t i = events.first; i < events.end; ++i) {
      const store::EventRow& event = memtable_.event(i);
      if (intrinsic_ == Intrinsic::kEventName) {
        value.Add(memtable_.dictionary()[event.name]);
      } else {
        value.Add(Duration{event.time_unix_nano - trace.span(span).start_unix_nano});
      }
    }
    return value;
  }

  Value OfLinks(const TraceView& trace, uint32_t span) const {
    Value value;
    const store::ElementRange links = memtable_.links_of(trace.row_of(span));
    for (uint32_t i = links.first; i < links.end; ++i) {
      const store::LinkRow& link = memtable_.link(i);
      value.Add(intrinsic_ == Intrinsic::kLinkTraceId
                    ? WithoutLeadingZeros(trace.Keep(link.trace_id.ToHex()))
                    : trace.Keep(link.span_id.ToHex()));
    }
    return value;
  }

  const Intrinsic intrinsic_;
  const store::Memtable& memtable_;
  const AttributeReader service_name_;
};

}  // namespace

std::unique_ptr<Field> MakeIntrinsicField(Intrinsic intrinsic, const store::Memtable& memtable) {
  return std::make_unique<IntrinsicField>(intrinsic, memtable);
}

std::string_view WithoutLeadingZeros(std::string_view hex) {
  return hex.substr(std::min(hex.find_first_not_of('0'), hex.size()));
}

}  // namespace clew::query
