// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_buffer.h"
#include "model/span_sink.h"
#include "wire/jaeger_tag.h"

namespace clew::wire {

// Writes what it is told as Jaeger Batches in thrift's TBinaryProtocol, one for
// each resource: service.name becomes the process, kind and status become tags,
// events become logs, links become references: FOLLOWS_FROM, unless
// their attribute opentracing.ref_type says child_of. Arrays and lists become JSON text. Times are
// cut to microseconds, as the format has no more. Attributes of a span that have the names of the
// tags for kind and status are left out: those tags are the span's own. One thread; used once.
class JaegerThriftWriter final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  // The encoded batches; the writer is empty afterwards.
  std::vector<std::string> Take();

 private:
  // An encoded list of structs that is still growing.
  struct List {
    base::ByteBuffer items;
    int32_t count = 0;
  };
  enum class Owner : uint8_t { kResource, kScope, kSpan, kEvent, kLink };

  void PutSpanAttribute(std::string_view key, const model::ValueView& value);
  void PutSpanTags();
  void CloseEvent();
  void CloseLink();
  void CloseSpan();
  void CloseBatch();

  Owner owner_ = Owner::kResource;
  bool in_batch_ = false, in_span_ = false, in_event_ = false, in_link_ = false;
  std::optional<std::string> service_name_;
  std::string scope_name_, scope_version_;
  List process_tags_, spans_, logs_, references_, log_fields_;
  size_t tag_count_at_ = 0;  // in spans_: how many tags the open span has
  uint32_t tag_count_ = 0;
  model::SpanKind kind_ = model::SpanKind::kUnspecified;
  model::StatusCode status_code_ = model::StatusCode::kUnset;
  std::string status_message_;
  model::StatusCode http_status_ = model::StatusCode::kUnset;  // what http.status_code says
  bool has_http_message_ = false;
  int64_t event_time_us_ = 0;
  JaegerRefType link_type_ = JaegerRefType::kFollowsFrom;
  model::TraceId link_trace_id_;
  model::SpanId link_span_id_;
  base::ByteBuffer head_;  // of a batch, up to its spans
  std::vector<std::string> batches_;
};

}  // namespace clew::wire
