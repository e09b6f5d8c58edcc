// SPDX-License-Identifier: Apache-2.0
// Jaeger's Thrift Batch, translated as the OpenTelemetry Collector does.
//
//  Batch   1 Process, 2 list<Span>
//  Process 1 service name, 2 tags          -> resource attributes
//  Span    1 trace id low, 2 high, 3 span id, 4 parent id, 5 name, 6 references,
//          7 flags, 8 start (us), 9 duration (us), 10 tags, 11 logs
//  Log     1 time (us), 2 fields           -> event
//  SpanRef 1 type, 2 trace id low, 3 high, 4 span id   -> parent or link
//  Tag     1 key, 2 type, 3 string, 4 double, 5 bool, 6 i64, 7 binary
//
// Fields may come in any order, so the batch and each span are walked once to find
// where their lists begin, and the lists are read in the order of the sink. What becomes
// of a span is in jaeger_span.h. A span of zeros only is a client's blank and is dropped
// without a word.
#include "wire/jaeger_thrift_scan.h"

#include <limits>
#include <optional>
#include <vector>

#include "wire/jaeger_process.h"
#include "wire/jaeger_span.h"
#include "wire/limits.h"
#include "wire/thrift_binary.h"
#include "wire/thrift_compact.h"

namespace clew::wire {
namespace {

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

template <typename Cursor>
JaegerTag ReadTag(Cursor& cursor) {
  JaegerTagFields tag;
  ThriftFields fields(cursor);
  while (fields.Next()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kString):
        tag.key = cursor.ReadString();
        break;
      case ThriftField(2, ThriftType::kI32):
        tag.type = static_cast<JaegerTagType>(cursor.ReadI32());
        break;
      case ThriftField(3, ThriftType::kString):
        tag.text = cursor.ReadString();
        break;
      case ThriftField(4, ThriftType::kDouble):
        tag.number = cursor.ReadDouble();
        break;
      case ThriftField(5, ThriftType::kBool):
        tag.boolean = cursor.ReadBool();
        break;
      case ThriftField(6, ThriftType::kI64):
        tag.integer = cursor.ReadI64();
        break;
      case ThriftField(7, ThriftType::kString):
        tag.binary = cursor.ReadString();
        break;
      default:
        cursor.SkipField();
    }
  }
  return tag.Tag();
}

template <typename Cursor, typename Visit>
void ForEachTagOf(const ThriftStructList<Cursor>& tags, Visit visit) {
  tags.ForEach([&](Cursor& cursor) { visit(ReadTag(cursor)); });
}

// The tags of a span, which are looked at more than once: read when they are few, as they nearly
// always are, and else walked over each time, so that no body takes many times its size.
template <typename Cursor>
class SpanTags {
 public:
  // Reads the list that is the field at `cursor`, in place of what was read before.
  void Read(Cursor& cursor) {
    Clear();
    Cursor ahead = cursor;
    const ThriftListHeader header = ahead.ReadListHeader();
    if (header.element != ThriftType::kStruct || header.count > kMaxReadTags) {
      walked_ = ThriftStructList<Cursor>(cursor);
      return;
    }
    cursor.ReadListHeader();
    for (int32_t i = 0; i < header.count && !cursor.failed(); ++i) read_.push_back(ReadTag(cursor));
  }
  void Clear() {
    read_.clear();
    walked_ = {};
  }
  bool empty() const { return read_.empty() && walked_.empty(); }

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const JaegerTag& tag : read_) visit(tag);
    ForEachTagOf(walked_, visit);
  }

 private:
  std::vector<JaegerTag> read_;
  ThriftStructList<Cursor> walked_;
};

template <typename Cursor>
JaegerReference ReadReference(Cursor& cursor) {
  JaegerReference reference;
  int64_t low = 0;
  int64_t high = 0;
  ThriftFields fields(cursor);
  while (fields.Next()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kI32):
        reference.is_child_of = cursor.ReadI32() == static_cast<int32_t>(JaegerRefType::kChildOf);
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

template <typename Cursor>
struct Log {
  std::optional<int64_t> time_unix_nano = 0;
  ThriftStructList<Cursor> fields;

  template <typename Visit>
  void ForEachField(Visit visit) const {
    ForEachTagOf(fields, visit);
  }
};

template <typename Cursor>
Log<Cursor> ReadLog(Cursor& cursor) {
  Log<Cursor> log;
  ThriftFields fields(cursor);
  while (fields.Next()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kI64):
        log.time_unix_nano = TimeOf(cursor.ReadI64());
        break;
      case ThriftField(2, ThriftType::kList):
        log.fields = ThriftStructList<Cursor>(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
  return log;
}

template <typename Cursor>
struct Span {
  int64_t trace_id_low = 0;
  int64_t trace_id_high = 0;
  int64_t span_id = 0;
  int64_t parent_span_id = 0;
  std::string_view name{};
  ThriftStructList<Cursor> references{};
  int32_t flags = 0;
  int64_t start_us = 0;
  int64_t duration_us = 0;
  const SpanTags<Cursor>& tags;
  ThriftStructList<Cursor> logs{};

  // Without anything, even an id: its client has emptied a slot of its batch. OpenTelemetry's
  // collector takes it for no span, neither accepted nor rejected, and so do we.
  bool IsBlank() const {
    return (trace_id_low | trace_id_high | span_id | parent_span_id | start_us | duration_us) ==
               0 &&
           flags == 0 && name.empty() && references.empty() && tags.empty() && logs.empty();
  }

  template <typename Visit>
  void ForEachTag(Visit visit) const {
    tags.ForEach(visit);
  }
  template <typename Visit>
  ScanFailure ForEachLog(Visit visit) const {
    return logs.ForEach([&](Cursor& cursor) { visit(ReadLog(cursor)); });
  }
  template <typename Visit>
  void ForEachReference(Visit visit) const {
    references.ForEach([&](Cursor& cursor) { visit(ReadReference(cursor)); });
  }
};

// Its tags are those in `tags`.
template <typename Cursor>
Span<Cursor> ReadSpan(Cursor& cursor, SpanTags<Cursor>& tags) {
  tags.Clear();
  Span<Cursor> span{.tags = tags};
  ThriftFields fields(cursor);
  while (fields.Next()) {
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
        span.references = ThriftStructList<Cursor>(cursor);
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
        tags.Read(cursor);
        break;
      case ThriftField(11, ThriftType::kList):
        span.logs = ThriftStructList<Cursor>(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
  return span;
}

template <typename Cursor>
std::optional<int64_t> EndOf(const Span<Cursor>& span) {
  int64_t end_us = 0;
  if (__builtin_add_overflow(span.start_us, span.duration_us, &end_us)) return std::nullopt;
  return TimeOf(end_us);
}

// Reads the span at `cursor`, and fails it when the span is malformed. `tags` has the room for its
// tags.
template <typename Cursor>
void ScanSpan(Cursor& cursor, SpanTags<Cursor>& tags, model::SpanSink& sink) {
  const Span<Cursor> span = ReadSpan(cursor, tags);
  bool log_times_fit = true;
  const ScanFailure failure = span.ForEachLog([&](const Log<Cursor>& log) {
    log_times_fit = log.time_unix_nano.has_value() && log_times_fit;
  });
  if (failure.reason != nullptr) cursor.Fail(failure);
  if (cursor.failed() || span.IsBlank()) return;
  AnnounceJaegerSpan(span,
                     {.trace_id = TraceIdOf(span.trace_id_high, span.trace_id_low),
                      .span_id = SpanIdOf(span.span_id),
                      .parent_span_id = SpanIdOf(span.parent_span_id),
                      .name = span.name,
                      .start_unix_nano = TimeOf(span.start_us),
                      .end_unix_nano = EndOf(span),
                      .log_times_fit = log_times_fit},
                     sink);
}

template <typename Cursor>
struct Process {
  std::optional<std::string_view> service_name;
  ThriftStructList<Cursor> tags;
};

template <typename Cursor>
Process<Cursor> ReadProcess(Cursor& cursor) {
  Process<Cursor> process;
  ThriftFields fields(cursor);
  while (fields.Next()) {
    switch (cursor.field()) {
      case ThriftField(1, ThriftType::kString):
        process.service_name = cursor.ReadString();
        break;
      case ThriftField(2, ThriftType::kList):
        process.tags = ThriftStructList<Cursor>(cursor);
        break;
      default:
        cursor.SkipField();
    }
  }
  if (!process.service_name) cursor.Fail("process without a service name");
  return process;
}

template <typename Cursor>
struct Batch {
  std::optional<Process<Cursor>> process;
  std::optional<ThriftStructList<Cursor>> spans;
};

template <typename Cursor>
Batch<Cursor> ReadBatch(Cursor& cursor) {
  Batch<Cursor> batch;
  ThriftFields fields(cursor);
  while (fields.Next()) {
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

template <typename Cursor>
base::Status AnnounceBatch(const Batch<Cursor>& batch, model::SpanSink& sink) {
  AnnounceJaegerProcess(
      *batch.process->service_name, [&](auto visit) { ForEachTagOf(batch.process->tags, visit); },
      sink);
  sink.OnScope({});
  SpanTags<Cursor> tags;
  const ScanFailure failure =
      batch.spans->ForEach([&](Cursor& span) { ScanSpan(span, tags, sink); });
  if (failure.reason != nullptr) return failure.ToError("jaeger");
  return {};
}

// The argument of a call of emitBatch, whether it waits for an answer or not. Of several
// batches the last counts.
template <typename Cursor>
Batch<Cursor> ReadEmitBatch(Cursor& cursor) {
  const ThriftMessage message = cursor.ReadMessageHeader();
  if (message.type != ThriftMessageType::kCall && message.type != ThriftMessageType::kOneway) {
    cursor.Fail("message that is no call");
  }
  if (message.method != "emitBatch") cursor.Fail("call of something else than emitBatch");
  Batch<Cursor> batch;
  ThriftFields fields(cursor);
  while (fields.Next()) {
    if (cursor.field() == ThriftField(1, ThriftType::kStruct)) {
      batch = ReadBatch(cursor);
    } else {
      cursor.SkipField();
    }
  }
  if (!batch.process) cursor.Fail("call without a batch");
  return batch;
}

template <typename Cursor>
base::Status ScanMessage(std::string_view bytes, model::SpanSink& sink) {
  Cursor cursor(bytes);
  const Batch<Cursor> batch = ReadEmitBatch(cursor);
  if (cursor.failed()) return cursor.failure().ToError("jaeger");
  return AnnounceBatch(batch, sink);
}

}  // namespace

base::Status ScanJaegerThrift(std::string_view bytes, model::SpanSink& sink) {
  ThriftBinaryCursor cursor(bytes);
  const Batch<ThriftBinaryCursor> batch = ReadBatch(cursor);
  if (cursor.failed()) return cursor.failure().ToError("jaeger");
  return AnnounceBatch(batch, sink);
}

base::Status ScanJaegerBinaryMessage(std::string_view bytes, model::SpanSink& sink) {
  return ScanMessage<ThriftBinaryCursor>(bytes, sink);
}

base::Status ScanJaegerCompactMessage(std::string_view bytes, model::SpanSink& sink) {
  return ScanMessage<ThriftCompactCursor>(bytes, sink);
}

}  // namespace clew::wire
