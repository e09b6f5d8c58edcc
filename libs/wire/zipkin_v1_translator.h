// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/span_sink.h"
#include "wire/zipkin_v1_span.h"

namespace clew::wire {

// Tells a sink what spans of Zipkin's version 1 are in OpenTelemetry's terms. One thread.
class ZipkinV1Translator {
 public:
  explicit ZipkinV1Translator(model::SpanSink& sink) : sink_(sink) {}

  // Equal for spans of one resource.
  static std::string GroupKeyOf(const ZipkinV1Span& span);
  // The resource of the spans that follow, and the scope, which has no name.
  void AnnounceGroup(const ZipkinV1Span& span);
  // The span, or that it is rejected.
  void AnnounceSpan(const ZipkinV1Span& span);

 private:
  void AnnounceChecked(const ZipkinV1Span& span, const model::SpanView& view);

  model::SpanSink& sink_;
};

}  // namespace clew::wire
