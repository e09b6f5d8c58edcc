// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/span_sink.h"
#include "wire/json_tree.h"
#include "wire/zipkin_span.h"

namespace clew::wire {

// Tells a sink what spans of Zipkin's version 2 are in OpenTelemetry's terms. One thread.
class ZipkinTranslator {
 public:
  explicit ZipkinTranslator(model::SpanSink& sink) : sink_(sink) {}

  // Equal for spans of one resource and scope.
  static std::string GroupKeyOf(const ZipkinSpan& span);
  // The resource and scope of the spans that follow.
  void AnnounceGroup(const ZipkinSpan& span);
  // The span, or that it is rejected.
  void AnnounceSpan(const ZipkinSpan& span);

 private:
  void AnnounceChecked(const ZipkinSpan& span, const model::SpanView& view);
  void AnnounceAnnotation(const ZipkinAnnotation& annotation);
  void AnnounceLink(std::string_view text);
  void AnnounceAttributes(std::string_view json);

  model::SpanSink& sink_;
  JsonTree attributes_;
};

// What a tag otel.status_code says; unset for what it does not know.
model::StatusCode ZipkinStatusOf(std::string_view code);

// Attributes that say where a span was and whom it called.
void AnnounceZipkinLocal(const ZipkinEndpoint& local, model::SpanSink& sink);
void AnnounceZipkinRemote(const ZipkinEndpoint& remote, model::SpanSink& sink);

// The attribute of a span that has no start, which is then zero: what a body means must not
// depend on when it is read.
inline constexpr std::string_view kZipkinAbsentStart = "otel.zipkin.absentField.startTime";

}  // namespace clew::wire
