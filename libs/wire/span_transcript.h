// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/span_sink.h"

namespace clew::wire {

// Writes down every call as a line of text, for tests: two readers agree when their
// transcripts are equal.
class SpanTranscript : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView& resource) override {
    Line("resource", Text(resource.schema_url), resource.dropped_attributes_count);
  }
  void OnScope(const model::ScopeView& scope) override {
    Line("scope", Text(scope.name), Text(scope.version), Text(scope.schema_url),
         scope.dropped_attributes_count);
  }
  void OnSpan(const model::SpanView& span) override {
    Line("span", span.trace_id.ToHex(), span.span_id.ToHex(), span.parent_span_id.ToHex(),
         Text(span.trace_state), Text(span.name), static_cast<int>(span.kind), span.start_unix_nano,
         span.end_unix_nano, static_cast<int>(span.status_code), Text(span.status_message),
         span.flags, span.dropped_attributes_count, span.dropped_events_count,
         span.dropped_links_count);
  }
  void OnEvent(const model::EventView& event) override {
    Line("event", event.time_unix_nano, Text(event.name), event.dropped_attributes_count);
  }
  void OnLink(const model::LinkView& link) override {
    Line("link", link.trace_id.ToHex(), link.span_id.ToHex(), Text(link.trace_state), link.flags,
         link.dropped_attributes_count);
  }
  void OnAttribute(std::string_view key, const model::ValueView& value) override {
    Line("attribute", Text(key), static_cast<int>(value.type), static_cast<int>(value.boolean),
         value.integer, std::bit_cast<uint64_t>(value.number), Text(value.text));
  }
  void OnRejectedSpan(model::RejectReason reason) override {
    Line("rejected", static_cast<int>(reason));
  }

  const std::string& text() const { return text_; }

 private:
  static std::string Text(std::string_view text) { return "'" + std::string(text) + "'"; }

  template <typename... Parts>
  void Line(std::string_view what, const Parts&... parts) {
    text_ += what;
    (Append(parts), ...);
    text_ += '\n';
  }
  void Append(const std::string& part) { text_ += ' ' + part; }
  template <typename Number>
  void Append(Number number) {
    text_ += ' ' + std::to_string(number);
  }

  std::string text_;
};

// The same without rejections, of which a writer keeps nothing.
class AcceptedTranscript final : public SpanTranscript {
 public:
  void OnRejectedSpan(model::RejectReason) override {}
};

// What a reader tells of some bytes, or its error.
template <typename Scan>
std::string TranscriptOf(Scan scan, std::string_view bytes) {
  SpanTranscript transcript;
  const base::Status status = scan(bytes, transcript);
  return status.ok() ? transcript.text() : status.error().message;
}

}  // namespace clew::wire
