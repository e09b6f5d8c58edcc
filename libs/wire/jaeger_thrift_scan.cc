// SPDX-License-Identifier: Apache-2.0
// Jaeger's Thrift Batch, translated as the OpenTelemetry Collector does.
//
//  Batch   1 Process, 2 list<Span>
//  Process 1 service name, 2 tags          -> resource attributes
//  Span    1 trace id low, 2 high, 3 span id, 4 parent id, 5 name, 6 references,
//          7 flags, 8 start (us), 9 duration (us), 10 tags, 11 logs
//  Log     1 time (us), 2 fields           -> event; the field "event" is its name
//  SpanRef 1 type, 2 trace id low, 3 high, 4 span id   -> parent or link
//
// Fields may come in any order, so the batch and each span are walked once to find
// where their lists begin, and the lists are read in the order of the sink. The parent
// is the parent id, else the first CHILD_OF reference into the same trace, else the
// first FOLLOWS_FROM, which is a link as well; other references become links. Kind and status come
// from tags (jaeger_status.h). Flags are not carried over. A span of zeros only is a client's blank
// and is dropped without a word.
#include "wire/jaeger_thrift_scan.h"

#include <limits>
#include <optional>
#include <string>

#include "wire/jaeger_process.h"
#include "wire/jaeger_status.h"
#include "wire/jaeger_tag.h"
#include "wire/thrift_scan.h"

namespace clew::wire {
namespace {

using model::RejectReason;
using model::ValueView;

struct Reference {
  int32_t type = 0;
  model::TraceId trace_id;
  model::SpanId span_id;

  bool IsChildOf() const { return type == static_cast<int32_t>(JaegerRefType::kChildOf); }
};

struct JaegerSpan {
  int64_t trace_id_low = 0;
  int64_t trace_id_high = 0;
  int64_t span_id = 0;
  int64_t parent_span_id = 0;
  std::string_view name{};
  ThriftStructList references;
  int32_t flags = 0;
  int64_t start_us = 0;
  int64_t duration_us = 0;
  ThriftStructList tags;
  ThriftStructList logs;

  bool IsBlank() const {
    return (trace_id_low | trace_id_high | span_id | parent_span_id | start_us | duration_us) ==
               0 &&
           flags == 0 && name.empty() && references.empty() && tags.empty() && logs.empty();
  }
};

struct Log {
  int64_t time_us = 0;
  ThriftStructList fields;
};

void StoreBig(int64_t number, uint8_t* to) {
  const uint64_t bits = static_cast<uint64_t>(number);
  for (int i = 0; i < 8; ++i) to[i] = static_cast<uint8_t>(bits >> (56 - 8 * i));
}

model::TraceId TraceIdOf(int64_t high, int64_t low) {
  model::TraceId id;
  StoreBig(high, id.bytes.data());
  StoreBig(low, id.bytes.data() + 8);
  return id;
}

model::SpanId SpanIdOf(int64_t number) {
  model::SpanId id;
  StoreBig(number, id.bytes.data());
  return id;
}

// Microseconds as nanoseconds; nullopt when they are negative or too many.
std::optional<int64_t> TimeOf(int64_t us) {
  if (us < 0 || us > std::numeric_limits<int64_t>::max() / 1000) return std::nullopt;
  return us * 1000;
}

Reference ReadReference(ThriftCursor& cursor) {
  Reference reference;
  int64_t low = 0;
  int64_t high = 0;
  while (cursor.NextField()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kI32):
        reference.type = cursor.ReadI32();
        break;
      case ThriftField(2, ThriftType::kI64):
        low = cursor.ReadI64();
        break;
      case ThriftField(3, ThriftType::kI64):
        high = cursor.ReadI64();
        break;
      case ThriftField(4, ThriftType::kI64):
        reference.span_id = SpanIdOf(cursor.ReadI64());
        break;
      default:
        cursor.SkipField();
    }
  }
  reference.trace_id = TraceIdOf(high, low);
  return reference;
}

Log ReadLog(ThriftCursor& cursor) {
  Log log;
  while (cursor.NextField()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kI64):
        log.time_us = cursor.ReadI64();
        break;
      case ThriftField(2, ThriftType::kList):
        log.fields = ThriftStructList(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
  return log;
}

JaegerSpan ReadSpan(ThriftCursor& cursor) {
  JaegerSpan span;
  while (cursor.NextField()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kI64):
        span.trace_id_low = cursor.ReadI64();
        break;
      case ThriftField(2, ThriftType::kI64):
        span.trace_id_high = cursor.ReadI64();
        break;
      case ThriftField(3, ThriftType::kI64):
        span.span_id = cursor.ReadI64();
        break;
      case ThriftField(4, ThriftType::kI64):
        span.parent_span_id = cursor.ReadI64();
        break;
      case ThriftField(5, ThriftType::kString):
        span.name = cursor.ReadString();
        break;
      case ThriftField(6, ThriftType::kList):
        span.references = ThriftStructList(cursor);
        break;
      case ThriftField(7, ThriftType::kI32):
        span.flags = cursor.ReadI32();
        break;
      case ThriftField(8, ThriftType::kI64):
        span.start_us = cursor.ReadI64();
        break;
      case ThriftField(9, ThriftType::kI64):
        span.duration_us = cursor.ReadI64();
        break;
      case ThriftField(10, ThriftType::kList):
        span.tags = ThriftStructList(cursor);
        break;
      case ThriftField(11, ThriftType::kList):
        span.logs = ThriftStructList(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
  return span;
}

model::SpanId FindParent(const JaegerSpan& span, const model::TraceId& trace_id) {
  if (span.parent_span_id != 0) return SpanIdOf(span.parent_span_id);
  model::SpanId child_of, follows_from;
  span.references.ForEach([&](ThriftCursor& cursor) {
    const Reference reference = ReadReference(cursor);
    if (reference.trace_id != trace_id) return;
    model::SpanId& parent = reference.IsChildOf() ? child_of : follows_from;
    if (!parent.IsValid()) parent = reference.span_id;
  });
  return child_of.IsValid() ? child_of : follows_from;
}

// False when a log's time does not fit. A malformed log fails `cursor`.
bool CheckLogs(const JaegerSpan& span, ThriftCursor& cursor) {
  bool fit = true;
  const ScanFailure failure = span.logs.ForEach(
      [&](ThriftCursor& log) { fit = TimeOf(ReadLog(log).time_us).has_value() && fit; });
  if (failure.reason != nullptr) cursor.Fail(failure);
  return fit;
}

std::optional<int64_t> EndOf(const JaegerSpan& span) {
  int64_t end_us = 0;
  if (__builtin_add_overflow(span.start_us, span.duration_us, &end_us)) return std::nullopt;
  return TimeOf(end_us);
}

void AnnounceEvent(const Log& log, model::SpanSink& sink) {
  constexpr std::string_view kNameKey = "event";
  model::EventView event{.time_unix_nano = TimeOf(log.time_us).value_or(0)};
  ForEachTag(log.fields, [&](const JaegerTag& tag) {
    if (tag.key == kNameKey) event.name = tag.text();
  });
  sink.OnEvent(event);
  ForEachTag(log.fields, [&](const JaegerTag& tag) {
    if (tag.key != kNameKey) sink.OnAttribute(tag.key, tag.value);
  });
}

void AnnounceLink(const Reference& reference, model::SpanSink& sink) {
  sink.OnLink({.trace_id = reference.trace_id, .span_id = reference.span_id});
  sink.OnAttribute(kRefTypeKey,
                   ValueView::String(reference.IsChildOf() ? kChildOfName : kFollowsFromName));
}

// `view` has the ids and times, which were checked.
void AnnounceSpan(const JaegerSpan& span, model::SpanView view, model::SpanSink& sink) {
  const JaegerSpanTags tags(span.tags);
  view.parent_span_id = FindParent(span, view.trace_id);
  view.name = span.name;
  view.kind = tags.kind();
  view.status_code = tags.status_code();
  view.status_message = tags.status_message();
  sink.OnSpan(view);
  ForEachTag(span.tags, [&](const JaegerTag& tag) {
    if (tags.IsAttribute(tag.key)) sink.OnAttribute(tag.key, tag.value);
  });
  span.logs.ForEach([&](ThriftCursor& cursor) { AnnounceEvent(ReadLog(cursor), sink); });
  span.references.ForEach([&](ThriftCursor& cursor) {
    const Reference reference = ReadReference(cursor);
    // Of a parent that is only followed a link says so: nobody waits for such a span.
    const bool is_parent = view.parent_span_id.IsValid() && reference.IsChildOf() &&
                           reference.span_id == view.parent_span_id &&
                           reference.trace_id == view.trace_id;
    if (!is_parent) AnnounceLink(reference, sink);
  });
}

// Reads the span at `cursor`, and fails it when the span is malformed.
void ScanSpan(ThriftCursor& cursor, model::SpanSink& sink) {
  const JaegerSpan span = ReadSpan(cursor);
  const bool log_times_fit = CheckLogs(span, cursor);
  if (cursor.failed() || span.IsBlank()) return;
  const model::TraceId trace_id = TraceIdOf(span.trace_id_high, span.trace_id_low);
  if (!trace_id.IsValid()) return sink.OnRejectedSpan(RejectReason::kInvalidTraceId);
  if (span.span_id == 0) return sink.OnRejectedSpan(RejectReason::kInvalidSpanId);
  const std::optional<int64_t> start = TimeOf(span.start_us);
  const std::optional<int64_t> end = EndOf(span);
  if (!start || !end || !log_times_fit) {
    return sink.OnRejectedSpan(RejectReason::kTimeOutOfRange);
  }
  model::SpanView view;
  view.trace_id = trace_id;
  view.span_id = SpanIdOf(span.span_id);
  view.start_unix_nano = *start;
  view.end_unix_nano = *end;
  AnnounceSpan(span, view, sink);
}

struct Process {
  std::optional<std::string_view> service_name;
  ThriftStructList tags;
};

Process ReadProcess(ThriftCursor& cursor) {
  Process process;
  while (cursor.NextField()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kString):
        process.service_name = cursor.ReadString();
        break;
      case ThriftField(2, ThriftType::kList):
        process.tags = ThriftStructList(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
  if (!process.service_name) cursor.Fail("process without a service name");
  return process;
}

struct Batch {
  std::optional<Process> process;
  std::optional<ThriftStructList> spans;
};

Batch ReadBatch(ThriftCursor& cursor) {
  Batch batch;
  while (cursor.NextField()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kStruct):
        batch.process = ReadProcess(cursor);
        break;
      case ThriftField(2, ThriftType::kList):
        batch.spans.emplace(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
  if (!batch.process) cursor.Fail("batch without a process");
  if (!batch.spans) cursor.Fail("batch without spans");
  return batch;
}

}  // namespace

base::Status ScanJaegerThrift(std::string_view bytes, model::SpanSink& sink) {
  ThriftCursor cursor(bytes);
  const Batch batch = ReadBatch(cursor);
  if (cursor.failed()) return cursor.failure().ToError("jaeger");
  AnnounceJaegerProcess(
      *batch.process->service_name, [&](auto visit) { ForEachTag(batch.process->tags, visit); },
      sink);
  sink.OnScope({});
  const ScanFailure failure =
      batch.spans->ForEach([&](ThriftCursor& span) { ScanSpan(span, sink); });
  if (failure.reason != nullptr) return failure.ToError("jaeger");
  return {};
}

}  // namespace clew::wire
