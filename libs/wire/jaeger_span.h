// SPDX-License-Identifier: Apache-2.0
// What becomes of a span of Jaeger, the same in each of its formats.
//
// The parent is the parent id, else the first CHILD_OF reference into the same trace, else
// the first FOLLOWS_FROM, which is a link as well; other references become links. Kind and
// status come from tags (jaeger_status.h). A log becomes an event, its field "event" the
// name. Flags are not carried over.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/span_sink.h"
#include "wire/jaeger_status.h"
#include "wire/jaeger_tag.h"

namespace clew::wire {

// An id that is malformed is all zeros.
struct JaegerReference {
  bool is_child_of = true;
  model::TraceId trace_id;
  model::SpanId span_id;
};

// The singular fields of a span. A time is nullopt when it does not fit in nanoseconds.
struct JaegerSpanHead {
  model::TraceId trace_id;  // all zeros when malformed, as the next one
  model::SpanId span_id;
  model::SpanId parent_span_id;  // all zeros: to be found among the references
  std::string_view name{};
  std::string_view trace_state{};
  std::optional<int64_t> start_unix_nano;
  std::optional<int64_t> end_unix_nano;
  bool log_times_fit = true;

  // Why the span cannot be kept, if it cannot.
  std::optional<model::RejectReason> rejection() const {
    if (!trace_id.IsValid()) return model::RejectReason::kInvalidTraceId;
    if (!span_id.IsValid()) return model::RejectReason::kInvalidSpanId;
    if (start_unix_nano && end_unix_nano && log_times_fit) return std::nullopt;
    return model::RejectReason::kTimeOutOfRange;
  }
};

namespace jaeger_internal {

template <typename Span>
model::SpanId FindParent(const Span& span, const JaegerSpanHead& head) {
  if (head.parent_span_id.IsValid()) return head.parent_span_id;
  model::SpanId child_of;
  model::SpanId follows_from;
  span.ForEachReference([&](const JaegerReference& reference) {
    if (reference.trace_id != head.trace_id) return;
    model::SpanId& parent = reference.is_child_of ? child_of : follows_from;
    if (!parent.IsValid()) parent = reference.span_id;
  });
  return child_of.IsValid() ? child_of : follows_from;
}

template <typename Log>
void AnnounceEvent(const Log& log, model::SpanSink& sink) {
  constexpr std::string_view kNameKey = "event";
  model::EventView event{.time_unix_nano = log.time_unix_nano.value_or(0)};
  log.ForEachField([&](const JaegerTag& field) {
    if (field.key == kNameKey) event.name = field.text();
  });
  sink.OnEvent(event);
  log.ForEachField([&](const JaegerTag& field) {
    if (field.key != kNameKey) sink.OnAttribute(field.key, field.value);
  });
}

inline void AnnounceLink(const JaegerReference& reference, model::SpanSink& sink) {
  sink.OnLink({.trace_id = reference.trace_id, .span_id = reference.span_id});
  const std::string_view type = reference.is_child_of ? kChildOfName : kFollowsFromName;
  sink.OnAttribute(kRefTypeKey, model::ValueView::String(type));
}

}  // namespace jaeger_internal

// Announces a span, or that it is rejected. The rest of it is in `span`, whose functions
// call what they are given with each item, as often as they are called:
//
//   ForEachTag        JaegerTag
//   ForEachLog        something with std::optional<int64_t> time_unix_nano and ForEachField
//   ForEachReference  JaegerReference
template <typename Span>
void AnnounceJaegerSpan(const Span& span, const JaegerSpanHead& head, model::SpanSink& sink) {
  if (const auto reason = head.rejection()) return sink.OnRejectedSpan(*reason);
  const JaegerSpanTags tags([&](auto visit) { span.ForEachTag(visit); });
  const model::SpanId parent = jaeger_internal::FindParent(span, head);
  sink.OnSpan({.trace_id = head.trace_id,
               .span_id = head.span_id,
               .parent_span_id = parent,
               .trace_state = head.trace_state,
               .name = head.name,
               .kind = tags.kind(),
               .start_unix_nano = *head.start_unix_nano,
               .end_unix_nano = *head.end_unix_nano,
               .status_code = tags.status_code(),
               .status_message = tags.status_message()});
  span.ForEachTag([&](const JaegerTag& tag) {
    if (tags.IsAttribute(tag.key)) sink.OnAttribute(tag.key, tag.value);
  });
  span.ForEachLog([&](const auto& log) { jaeger_internal::AnnounceEvent(log, sink); });
  span.ForEachReference([&](const JaegerReference& reference) {
    // Of a parent that is only followed a link says so: nobody waits for such a span.
    const bool is_parent = parent.IsValid() && reference.is_child_of &&
                           reference.span_id == parent && reference.trace_id == head.trace_id;
    if (!is_parent) jaeger_internal::AnnounceLink(reference, sink);
  });
}

}  // namespace clew::wire
