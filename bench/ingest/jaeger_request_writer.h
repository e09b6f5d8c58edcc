// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/span_sink.h"
#include "wire/protobuf_writer.h"

namespace clew::bench {

// Writes what it is told as a PostSpansRequest of Jaeger's gRPC, as the exporters of
// OpenTelemetry do: kind, status and scope as tags, events as logs, parent and links as
// references. REQUIRES: one resource, as the format has one. Used once.
class JaegerRequestWriter final : public model::SpanSink {
 public:
  JaegerRequestWriter() : batch_(out_.Open(1)) {}

  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}

  std::string Take();

 private:
  // One that is open, by what Close needs.
  using Message = std::optional<size_t>;

  void CloseIfOpen(Message& message);
  void CloseSpan();
  void PutTime(uint32_t field, int64_t nanos);
  void PutReference(const model::TraceId& trace_id, const model::SpanId& span_id, bool child_of);
  void PutTag(uint32_t field, std::string_view key, const model::ValueView& value);

  wire::ProtobufWriter out_;
  Message batch_, process_, span_, log_;
  bool in_link_ = false;
  std::string scope_name_, scope_version_;
};

}  // namespace clew::bench
