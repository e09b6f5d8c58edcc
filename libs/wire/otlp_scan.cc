// SPDX-License-Identifier: Apache-2.0
// OTLP protobuf, read in place.
//
// Protobuf fields may come in any order: a resource after the spans it belongs to, an
// attribute between two events. The sink wants one order. So each message is read in
// two steps: the first goes over its fields once, keeps the scalars, steps over the
// nested messages by their length, and notes for each repeated field the smallest
// range that holds all of it (FieldRange). The second goes over those ranges, in the
// sink's order. In the usual layout the ranges do not overlap and every byte is looked
// at once by each step; in a hostile one the work is at most a pass for each repeated
// field.
//
// Rules that protobuf or OTLP leave open:
//  - A singular message that is repeated (two Resources) is not merged; the last wins.
//  - A missing Resource or InstrumentationScope is an empty one.
//  - Text that is not UTF-8 is passed on as it is.
//  - A span with a wrong id, or with a time of its own or of an event above int64, is
//    rejected alone; the rest of the request stands.
//  - A link's id of a wrong length does not cost the span: shorter ones are padded with
//    zeros on the left, longer ones become zero.
#include "wire/otlp_scan.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include "wire/otlp_value.h"
#include "wire/protobuf_scan.h"

namespace clew::wire {
namespace {

using model::RejectReason;

struct SpanFields {
  model::SpanView view;
  std::string_view trace_id{};
  std::string_view span_id{};
  std::string_view parent_span_id{};
  uint64_t start_unix_nano = 0;
  uint64_t end_unix_nano = 0;
  std::string_view status{};
  FieldRange attributes;
  FieldRange events;
  FieldRange links;
};

constexpr uint64_t kMaxTime = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());

bool AllZero(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char byte) { return byte == 0; });
}

// The id of a link: what does not have the right length is made to.
template <typename Id>
Id LenientId(std::string_view raw) {
  Id id;
  if (raw.empty() || raw.size() > id.bytes.size()) return id;
  std::memcpy(id.bytes.data() + (id.bytes.size() - raw.size()), raw.data(), raw.size());
  return id;
}

// Reads one request. Lives for one ScanOtlp; every method returns false once
// `failure_` is set.
class Scanner {
 public:
  Scanner(std::string_view bytes, model::SpanSink& sink)
      : origin_(bytes.data()), bytes_(bytes), sink_(sink) {}

  bool ScanRequest();
  const ScanFailure& failure() const { return failure_; }

 private:
  bool ScanResourceSpans(std::string_view message);
  bool ScanResource(std::string_view message, std::string_view schema_url);
  bool ScanScopeSpans(std::string_view message);
  bool ScanScope(std::string_view message, std::string_view schema_url);
  bool ScanSpan(std::string_view message);
  bool ReadSpan(std::string_view message, SpanFields& span);
  bool ReadStatus(SpanFields& span);
  bool CheckSpan(SpanFields& span, std::optional<RejectReason>& reason);
  bool ScanEvent(std::string_view message);
  bool ScanLink(std::string_view message);
  bool AnnounceAttributes(const FieldRange& range, uint32_t tag);

  // Calls `read` with the contents of each field of `range` that has `tag`.
  template <typename Read>
  bool ForEach(std::string_view range, uint32_t tag, Read read) {
    FieldCursor field(range, origin_);
    while (field.Next()) {
      if (field.tag() == tag && !read(field.bytes())) return false;
    }
    return Finish(field);
  }

  bool Finish(const FieldCursor& field) {
    if (field.failed()) failure_ = field.failure();
    return !field.failed();
  }

  const char* const origin_;
  const std::string_view bytes_;
  model::SpanSink& sink_;
  ScanFailure failure_;
};

bool Scanner::ScanRequest() {
  return ForEach(bytes_, Tag(1, WireType::kBytes),
                 [this](std::string_view message) { return ScanResourceSpans(message); });
}

bool Scanner::ScanResourceSpans(std::string_view message) {
  std::string_view resource;
  std::string_view schema_url;
  FieldRange scope_spans;
  FieldCursor field(message, origin_);
  while (field.Next()) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        resource = field.bytes();
        break;
      case Tag(2, WireType::kBytes):
        scope_spans.Add(field);
        break;
      case Tag(3, WireType::kBytes):
        schema_url = field.bytes();
        break;
    }
  }
  if (!Finish(field) || !ScanResource(resource, schema_url)) return false;
  return ForEach(scope_spans.bytes(), Tag(2, WireType::kBytes),
                 [this](std::string_view scope) { return ScanScopeSpans(scope); });
}

bool Scanner::ScanResource(std::string_view message, std::string_view schema_url) {
  model::ResourceView resource{.schema_url = schema_url};
  FieldRange attributes;
  FieldCursor field(message, origin_);
  while (field.Next()) {
    if (field.tag() == Tag(1, WireType::kBytes)) attributes.Add(field);
    if (field.tag() == Tag(2, WireType::kVarint)) {
      resource.dropped_attributes_count = static_cast<uint32_t>(field.integer());
    }
  }
  if (!Finish(field)) return false;
  sink_.OnResource(resource);
  return AnnounceAttributes(attributes, Tag(1, WireType::kBytes));
}

bool Scanner::ScanScopeSpans(std::string_view message) {
  std::string_view scope;
  std::string_view schema_url;
  FieldRange spans;
  FieldCursor field(message, origin_);
  while (field.Next()) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        scope = field.bytes();
        break;
      case Tag(2, WireType::kBytes):
        spans.Add(field);
        break;
      case Tag(3, WireType::kBytes):
        schema_url = field.bytes();
        break;
    }
  }
  if (!Finish(field) || !ScanScope(scope, schema_url)) return false;
  return ForEach(spans.bytes(), Tag(2, WireType::kBytes),
                 [this](std::string_view span) { return ScanSpan(span); });
}

bool Scanner::ScanScope(std::string_view message, std::string_view schema_url) {
  model::ScopeView scope{.schema_url = schema_url};
  FieldRange attributes;
  FieldCursor field(message, origin_);
  while (field.Next()) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        scope.name = field.bytes();
        break;
      case Tag(2, WireType::kBytes):
        scope.version = field.bytes();
        break;
      case Tag(3, WireType::kBytes):
        attributes.Add(field);
        break;
      case Tag(4, WireType::kVarint):
        scope.dropped_attributes_count = static_cast<uint32_t>(field.integer());
        break;
    }
  }
  if (!Finish(field)) return false;
  sink_.OnScope(scope);
  return AnnounceAttributes(attributes, Tag(3, WireType::kBytes));
}

bool Scanner::ScanSpan(std::string_view message) {
  SpanFields span;
  if (!ReadSpan(message, span) || !ReadStatus(span)) return false;
  std::optional<RejectReason> reason;
  if (!CheckSpan(span, reason)) return false;
  if (reason) {
    sink_.OnRejectedSpan(*reason);
    return true;
  }
  sink_.OnSpan(span.view);
  return AnnounceAttributes(span.attributes, Tag(9, WireType::kBytes)) &&
         ForEach(span.events.bytes(), Tag(11, WireType::kBytes),
                 [this](std::string_view event) { return ScanEvent(event); }) &&
         ForEach(span.links.bytes(), Tag(13, WireType::kBytes),
                 [this](std::string_view link) { return ScanLink(link); });
}

// One case for each field; there is nothing to take apart.
bool Scanner::ReadSpan(std::string_view message, SpanFields& span) {
  FieldCursor field(message, origin_);
  while (field.Next()) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        span.trace_id = field.bytes();
        break;
      case Tag(2, WireType::kBytes):
        span.span_id = field.bytes();
        break;
      case Tag(3, WireType::kBytes):
        span.view.trace_state = field.bytes();
        break;
      case Tag(4, WireType::kBytes):
        span.parent_span_id = field.bytes();
        break;
      case Tag(5, WireType::kBytes):
        span.view.name = field.bytes();
        break;
      case Tag(6, WireType::kVarint):
        span.view.kind = static_cast<model::SpanKind>(static_cast<int32_t>(field.integer()));
        break;
      case Tag(7, WireType::kFixed64):
        span.start_unix_nano = field.integer();
        break;
      case Tag(8, WireType::kFixed64):
        span.end_unix_nano = field.integer();
        break;
      case Tag(9, WireType::kBytes):
        field.JoinAlike();
        span.attributes.Add(field);
        break;
      case Tag(10, WireType::kVarint):
        span.view.dropped_attributes_count = static_cast<uint32_t>(field.integer());
        break;
      case Tag(11, WireType::kBytes):
        span.events.Add(field);
        break;
      case Tag(12, WireType::kVarint):
        span.view.dropped_events_count = static_cast<uint32_t>(field.integer());
        break;
      case Tag(13, WireType::kBytes):
        span.links.Add(field);
        break;
      case Tag(14, WireType::kVarint):
        span.view.dropped_links_count = static_cast<uint32_t>(field.integer());
        break;
      case Tag(15, WireType::kBytes):
        span.status = field.bytes();
        break;
      case Tag(16, WireType::kFixed32):
        span.view.flags = static_cast<uint32_t>(field.integer());
        break;
    }
  }
  return Finish(field);
}

bool Scanner::ReadStatus(SpanFields& span) {
  FieldCursor field(span.status, origin_);
  while (field.Next()) {
    if (field.tag() == Tag(2, WireType::kBytes)) span.view.status_message = field.bytes();
    if (field.tag() == Tag(3, WireType::kVarint)) {
      span.view.status_code = static_cast<model::StatusCode>(static_cast<int32_t>(field.integer()));
    }
  }
  return Finish(field);
}

// Moves what was checked into the view. `reason` is set when the span is to be left
// out; false only when an event is malformed.
bool Scanner::CheckSpan(SpanFields& span, std::optional<RejectReason>& reason) {
  uint64_t latest = std::max(span.start_unix_nano, span.end_unix_nano);
  const bool well_formed =
      ForEach(span.events.bytes(), Tag(11, WireType::kBytes), [&](std::string_view event) {
        FieldCursor field(event, origin_);
        while (field.Next()) {
          if (field.tag() == Tag(1, WireType::kFixed64)) latest = std::max(latest, field.integer());
        }
        return Finish(field);
      });
  if (!well_formed) return false;
  if (span.trace_id.size() != 16 || AllZero(span.trace_id)) {
    reason = RejectReason::kInvalidTraceId;
  } else if (span.span_id.size() != 8 || AllZero(span.span_id)) {
    reason = RejectReason::kInvalidSpanId;
  } else if (!span.parent_span_id.empty() && span.parent_span_id.size() != 8) {
    reason = RejectReason::kInvalidParentSpanId;
  } else if (latest > kMaxTime) {
    reason = RejectReason::kTimeOutOfRange;
  }
  if (reason) return true;
  span.view.trace_id = model::TraceId::FromBytes(span.trace_id);
  span.view.span_id = model::SpanId::FromBytes(span.span_id);
  span.view.parent_span_id = LenientId<model::SpanId>(span.parent_span_id);
  span.view.start_unix_nano = static_cast<int64_t>(span.start_unix_nano);
  span.view.end_unix_nano = static_cast<int64_t>(span.end_unix_nano);
  return true;
}

bool Scanner::ScanEvent(std::string_view message) {
  model::EventView event;
  FieldRange attributes;
  FieldCursor field(message, origin_);
  while (field.Next()) {
    switch (field.tag()) {
      case Tag(1, WireType::kFixed64):
        event.time_unix_nano = static_cast<int64_t>(field.integer());
        break;
      case Tag(2, WireType::kBytes):
        event.name = field.bytes();
        break;
      case Tag(3, WireType::kBytes):
        attributes.Add(field);
        break;
      case Tag(4, WireType::kVarint):
        event.dropped_attributes_count = static_cast<uint32_t>(field.integer());
        break;
    }
  }
  if (!Finish(field)) return false;
  sink_.OnEvent(event);
  return AnnounceAttributes(attributes, Tag(3, WireType::kBytes));
}

bool Scanner::ScanLink(std::string_view message) {
  model::LinkView link;
  FieldRange attributes;
  FieldCursor field(message, origin_);
  while (field.Next()) {
    switch (field.tag()) {
      case Tag(1, WireType::kBytes):
        link.trace_id = LenientId<model::TraceId>(field.bytes());
        break;
      case Tag(2, WireType::kBytes):
        link.span_id = LenientId<model::SpanId>(field.bytes());
        break;
      case Tag(3, WireType::kBytes):
        link.trace_state = field.bytes();
        break;
      case Tag(4, WireType::kBytes):
        attributes.Add(field);
        break;
      case Tag(5, WireType::kVarint):
        link.dropped_attributes_count = static_cast<uint32_t>(field.integer());
        break;
      case Tag(6, WireType::kFixed32):
        link.flags = static_cast<uint32_t>(field.integer());
        break;
    }
  }
  if (!Finish(field)) return false;
  sink_.OnLink(link);
  return AnnounceAttributes(attributes, Tag(4, WireType::kBytes));
}

bool Scanner::AnnounceAttributes(const FieldRange& range, uint32_t tag) {
  return ForEach(range.bytes(), tag, [this](std::string_view message) {
    KeyValueView attribute;
    if (!ReadKeyValue(message, origin_, 0, attribute, failure_)) return false;
    sink_.OnAttribute(attribute.key, attribute.value);
    return true;
  });
}

}  // namespace

base::Status ScanOtlp(std::string_view bytes, model::SpanSink& sink) {
  Scanner scanner(bytes, sink);
  if (!scanner.ScanRequest()) return scanner.failure().ToError("otlp");
  return {};
}

}  // namespace clew::wire
