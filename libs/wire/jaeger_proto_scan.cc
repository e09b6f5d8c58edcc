// SPDX-License-Identifier: Apache-2.0
// Jaeger's protobuf batch, translated as the OpenTelemetry Collector does.
//
//  PostSpansRequest 1 Batch
//  Batch     1 Spans, 2 Process
//  Process   1 service name, 2 tags                  -> resource attributes
//  Span      1 trace id, 2 span id, 3 name, 4 references, 5 flags, 6 start, 7 duration,
//            8 tags, 9 logs, 10 Process, 11 process id, 12 warnings
//  Log       1 time, 2 fields                        -> event
//  SpanRef   1 trace id, 2 span id, 3 type           -> parent or link
//  KeyValue  1 key, 2 type, 3 string, 4 bool, 5 int64, 6 double, 7 bytes
//  Timestamp, Duration  1 seconds, 2 nanoseconds
//
// What becomes of a span is in jaeger_span.h. Here alone two kinds of tags have a place of
// their own: w3c.tracestate is the trace state, and otel.scope.name and .version (or
// otel.library.name and .version, as they were called before) are the scope.
//
// A span may have a process of its own, which then counts instead of the batch's. So the
// spans are gone over twice: those of the batch's process first, then those with their own,
// whose resource is announced wherever it is another than that of the span before.
//
// An id has 16 and 8 bytes (a trace id 8 as well); one of another length is none. As with
// OTLP a singular message that is repeated is not merged: the last wins.
#include "wire/jaeger_proto_scan.h"

#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "wire/jaeger_process.h"
#include "wire/jaeger_span.h"
#include "wire/protobuf_scan.h"

namespace clew::wire {
namespace {

constexpr std::string_view kTraceStateKey = "w3c.tracestate";

// Unknown numbers give a type that is none.
JaegerTagType TagTypeOf(uint64_t number) {
  static constexpr std::array kTypes = {JaegerTagType::kString, JaegerTagType::kBool,
                                        JaegerTagType::kLong, JaegerTagType::kDouble,
                                        JaegerTagType::kBinary};
  return number < kTypes.size() ? kTypes[number] : static_cast<JaegerTagType>(-1);
}

model::TraceId TraceIdOf(std::string_view raw) {
  if (raw.size() == 16) return model::TraceId::FromBytes(raw);
  model::TraceId id;
  if (raw.size() == 8) std::memcpy(id.bytes.data() + 8, raw.data(), raw.size());
  return id;
}

model::SpanId SpanIdOf(std::string_view raw) {
  return raw.size() == 8 ? model::SpanId::FromBytes(raw) : model::SpanId();
}

// Seconds and nanoseconds, of a time or of a duration.
struct SecondsAndNanos {
  int64_t seconds = 0;
  int32_t nanos = 0;

  __extension__ using Wide = __int128;
  Wide total() const { return Wide{seconds} * 1'000'000'000 + nanos; }
};

// Nanoseconds since 1970; nullopt when they are negative or too many.
std::optional<int64_t> TimeOf(SecondsAndNanos::Wide nanos) {
  if (nanos < 0 || nanos > std::numeric_limits<int64_t>::max()) return std::nullopt;
  return static_cast<int64_t>(nanos);
}

// Which tags name the scope of a span, and what they say.
struct ScopeTags {
  struct Names {
    std::string_view name_key;
    std::string_view version_key;
    std::optional<std::string_view> name{};
    std::string_view version{};

    void Note(const JaegerTag& tag) {
      if (!tag.IsString()) return;
      if (tag.key == name_key) name = tag.text();
      if (tag.key == version_key) version = tag.text();
    }
  };
  Names current{.name_key = "otel.scope.name", .version_key = "otel.scope.version"};
  Names former{.name_key = "otel.library.name", .version_key = "otel.library.version"};

  void Note(const JaegerTag& tag) {
    current.Note(tag);
    former.Note(tag);
  }
  const Names& used() const { return current.name || !former.name ? current : former; }
  model::ScopeView scope() const {
    if (!used().name) return {};
    return {.name = *used().name, .version = used().version};
  }
  // Whether the tag has become the scope.
  bool Has(const JaegerTag& tag) const {
    return used().name && tag.IsString() &&
           (tag.key == used().name_key || tag.key == used().version_key);
  }
};

// Reads messages of one request and remembers the first failure.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : origin_(bytes.data()) {}

  bool failed() const { return failure_.reason != nullptr; }
  const ScanFailure& failure() const { return failure_; }

  // Calls `read` with a cursor at each field of the message.
  template <typename Read>
  void ForEachField(std::string_view message, Read read) {
    FieldCursor field(message, origin_);
    while (!failed() && field.Next()) read(field);
    if (field.failed() && !failed()) failure_ = field.failure();
  }
  // Calls `read` with the contents of each field of `range` that has this number.
  template <typename Read>
  void ForEachMessage(const FieldRange& range, uint32_t number, Read read) {
    ForEachField(range.bytes(), [&](const FieldCursor& field) {
      if (field.tag() == Tag(number, WireType::kBytes)) read(field.bytes());
    });
  }
  // Calls `visit` with each KeyValue of the field with this number.
  template <typename Visit>
  void ForEachTag(const FieldRange& range, uint32_t number, Visit visit) {
    ForEachMessage(range, number, [&](std::string_view message) {
      const JaegerTag tag = ReadTag(message);
      if (!failed()) visit(tag);
    });
  }

  JaegerTag ReadTag(std::string_view message);
  SecondsAndNanos ReadTime(std::string_view message);
  JaegerReference ReadReference(std::string_view message);

 private:
  const char* const origin_;
  ScanFailure failure_;
};

JaegerTag Reader::ReadTag(std::string_view message) {
  JaegerTagFields tag;
  ForEachField(message, [&](const FieldCursor& field) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        tag.key = field.bytes();
        break;
      case Tag(2, WireType::kVarint):
        tag.type = TagTypeOf(field.integer());
        break;
      case Tag(3, WireType::kBytes):
        tag.text = field.bytes();
        break;
      case Tag(4, WireType::kVarint):
        tag.boolean = field.integer() != 0;
        break;
      case Tag(5, WireType::kVarint):
        tag.integer = static_cast<int64_t>(field.integer());
        break;
      case Tag(6, WireType::kFixed64):
        tag.number = field.number();
        break;
      case Tag(7, WireType::kBytes):
        tag.binary = field.bytes();
        break;
    }
  });
  return tag.Tag();
}

SecondsAndNanos Reader::ReadTime(std::string_view message) {
  SecondsAndNanos time;
  ForEachField(message, [&](const FieldCursor& field) {
    if (field.tag() == Tag(1, WireType::kVarint)) {
      time.seconds = static_cast<int64_t>(field.integer());
    } else if (field.tag() == Tag(2, WireType::kVarint)) {
      time.nanos = static_cast<int32_t>(field.integer());
    }
  });
  return time;
}

JaegerReference Reader::ReadReference(std::string_view message) {
  JaegerReference reference;
  ForEachField(message, [&](const FieldCursor& field) {
    if (field.tag() == Tag(1, WireType::kBytes)) {
      reference.trace_id = TraceIdOf(field.bytes());
    } else if (field.tag() == Tag(2, WireType::kBytes)) {
      reference.span_id = SpanIdOf(field.bytes());
    } else if (field.tag() == Tag(3, WireType::kVarint)) {
      reference.is_child_of = field.integer() == static_cast<uint64_t>(JaegerRefType::kChildOf);
    }
  });
  return reference;
}

struct Log {
  Reader& reader;
  std::optional<int64_t> time_unix_nano = 0;
  FieldRange fields{};

  template <typename Visit>
  void ForEachField(Visit visit) const {
    reader.ForEachTag(fields, 2, visit);
  }
};

Log ReadLog(Reader& reader, std::string_view message) {
  Log log{.reader = reader};
  reader.ForEachField(message, [&](const FieldCursor& field) {
    if (field.tag() == Tag(1, WireType::kBytes)) {
      log.time_unix_nano = TimeOf(reader.ReadTime(field.bytes()).total());
    } else if (field.tag() == Tag(2, WireType::kBytes)) {
      log.fields.Add(field);
    }
  });
  return log;
}

struct Span {
  static constexpr uint32_t kTags = 8;

  Reader& reader;
  std::string_view trace_id{};
  std::string_view span_id{};
  std::string_view name{};
  FieldRange references{};
  uint32_t flags = 0;
  SecondsAndNanos start{};
  SecondsAndNanos duration{};
  FieldRange tags{};
  FieldRange logs{};
  std::optional<std::string_view> process{};
  ScopeTags scope_tags{};

  // Without anything, even an id: its client has emptied a slot of its batch. OpenTelemetry's
  // collector takes it for no span, neither accepted nor rejected, and so do we.
  bool IsBlank() const {
    return !TraceIdOf(trace_id).IsValid() && !SpanIdOf(span_id).IsValid() && name.empty() &&
           flags == 0 && start.total() == 0 && duration.total() == 0 && !process &&
           references.bytes().empty() && tags.bytes().empty() && logs.bytes().empty();
  }

  // Without those that have a place of their own.
  template <typename Visit>
  void ForEachTag(Visit visit) const {
    reader.ForEachTag(tags, kTags, [&](const JaegerTag& tag) {
      if (!IsTraceState(tag) && !scope_tags.Has(tag)) visit(tag);
    });
  }
  template <typename Visit>
  void ForEachLog(Visit visit) const {
    reader.ForEachMessage(logs, 9,
                          [&](std::string_view message) { visit(ReadLog(reader, message)); });
  }
  template <typename Visit>
  void ForEachReference(Visit visit) const {
    reader.ForEachMessage(references, 4,
                          [&](std::string_view message) { visit(reader.ReadReference(message)); });
  }

  static bool IsTraceState(const JaegerTag& tag) {
    return tag.key == kTraceStateKey && tag.IsString();
  }
};

Span ReadSpan(Reader& reader, std::string_view message) {
  Span span{.reader = reader};
  reader.ForEachField(message, [&](const FieldCursor& field) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        span.trace_id = field.bytes();
        break;
      case Tag(2, WireType::kBytes):
        span.span_id = field.bytes();
        break;
      case Tag(3, WireType::kBytes):
        span.name = field.bytes();
        break;
      case Tag(4, WireType::kBytes):
        span.references.Add(field);
        break;
      case Tag(5, WireType::kVarint):
        span.flags = static_cast<uint32_t>(field.integer());
        break;
      case Tag(6, WireType::kBytes):
        span.start = reader.ReadTime(field.bytes());
        break;
      case Tag(7, WireType::kBytes):
        span.duration = reader.ReadTime(field.bytes());
        break;
      case Tag(8, WireType::kBytes):
        span.tags.Add(field);
        break;
      case Tag(9, WireType::kBytes):
        span.logs.Add(field);
        break;
      case Tag(10, WireType::kBytes):
        span.process = field.bytes();
        break;
    }
  });
  return span;
}

// Reads one request. Lives for one ScanJaegerProto.
class Scanner {
 public:
  Scanner(std::string_view bytes, model::SpanSink& sink) : reader_(bytes), sink_(sink) {}

  void ScanRequest(std::string_view message);
  const ScanFailure& failure() const { return reader_.failure(); }

 private:
  void ScanBatch(std::string_view message);
  void AnnounceProcess(std::string_view message);
  void ScanSpan(Span& span);

  Reader reader_;
  model::SpanSink& sink_;
  bool has_scope_ = false;  // of this resource one was announced
  std::string_view scope_name_{};
  std::string_view scope_version_{};
};

void Scanner::ScanRequest(std::string_view message) {
  std::string_view batch;
  reader_.ForEachField(message, [&](const FieldCursor& field) {
    if (field.tag() == Tag(1, WireType::kBytes)) batch = field.bytes();
  });
  ScanBatch(batch);
}

void Scanner::ScanBatch(std::string_view message) {
  constexpr uint32_t kSpans = 1;
  FieldRange spans;
  std::string_view process;
  reader_.ForEachField(message, [&](const FieldCursor& field) {
    if (field.tag() == Tag(kSpans, WireType::kBytes)) spans.Add(field);
    if (field.tag() == Tag(2, WireType::kBytes)) process = field.bytes();
  });
  bool any_own = false;
  bool any_shared = false;
  reader_.ForEachMessage(spans, kSpans, [&](std::string_view text) {
    Span span = ReadSpan(reader_, text);
    any_own = any_own || span.process;
    if (span.process) return;
    if (!std::exchange(any_shared, true)) AnnounceProcess(process);
    ScanSpan(span);
  });
  if (!any_own) return;
  std::optional<std::string_view> announced;
  reader_.ForEachMessage(spans, kSpans, [&](std::string_view text) {
    Span span = ReadSpan(reader_, text);
    if (!span.process) return;
    if (std::exchange(announced, span.process) != span.process) AnnounceProcess(*span.process);
    ScanSpan(span);
  });
}

// An absent name is none, and an absent process a resource without attributes.
void Scanner::AnnounceProcess(std::string_view message) {
  std::string_view service_name = kNoServiceName;
  FieldRange tags;
  reader_.ForEachField(message, [&](const FieldCursor& field) {
    if (field.tag() == Tag(1, WireType::kBytes) && !field.bytes().empty()) {
      service_name = field.bytes();
    }
    if (field.tag() == Tag(2, WireType::kBytes)) tags.Add(field);
  });
  AnnounceJaegerProcess(
      service_name, [&](auto visit) { reader_.ForEachTag(tags, 2, visit); }, sink_);
  has_scope_ = false;
}

void Scanner::ScanSpan(Span& span) {
  JaegerSpanHead head{.trace_id = TraceIdOf(span.trace_id),
                      .span_id = SpanIdOf(span.span_id),
                      .parent_span_id = {},
                      .name = span.name,
                      .start_unix_nano = TimeOf(span.start.total()),
                      .end_unix_nano = TimeOf(span.start.total() + span.duration.total())};
  reader_.ForEachTag(span.tags, Span::kTags, [&](const JaegerTag& tag) {
    span.scope_tags.Note(tag);
    if (Span::IsTraceState(tag)) head.trace_state = tag.text();
  });
  span.ForEachLog([&](const Log& log) {
    head.log_times_fit = head.log_times_fit && log.time_unix_nano.has_value();
  });
  if (reader_.failed() || span.IsBlank()) return;
  const model::ScopeView scope = span.scope_tags.scope();
  if (!has_scope_ || scope.name != scope_name_ || scope.version != scope_version_) {
    sink_.OnScope(scope);
    has_scope_ = true;
    scope_name_ = scope.name;
    scope_version_ = scope.version;
  }
  AnnounceJaegerSpan(span, head, sink_);
}

}  // namespace

base::Status ScanJaegerProto(std::string_view bytes, model::SpanSink& sink) {
  Scanner scanner(bytes, sink);
  scanner.ScanRequest(bytes);
  if (scanner.failure().reason != nullptr) return scanner.failure().ToError("jaeger");
  return {};
}

}  // namespace clew::wire
