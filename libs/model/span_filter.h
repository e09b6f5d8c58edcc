// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/span_sink.h"

namespace clew::model {

// Passes on the spans that it is to, with all they have, and everything else as it comes. The
// sink outlives it.
class SpanFilter : public SpanSink {
 public:
  explicit SpanFilter(SpanSink& sink) : sink_(sink) {}

  void OnResource(const ResourceView& resource) final {
    passes_ = true;
    sink_.OnResource(resource);
  }
  void OnScope(const ScopeView& scope) final {
    passes_ = true;
    sink_.OnScope(scope);
  }
  void OnSpan(const SpanView& span) final {
    passes_ = Passes(span);
    if (passes_) sink_.OnSpan(span);
  }
  void OnEvent(const EventView& event) final {
    if (passes_) sink_.OnEvent(event);
  }
  void OnLink(const LinkView& link) final {
    if (passes_) sink_.OnLink(link);
  }
  void OnAttribute(std::string_view key, const ValueView& value) final {
    if (passes_) sink_.OnAttribute(key, value);
  }
  void OnRejectedSpan(RejectReason reason) final { sink_.OnRejectedSpan(reason); }

 private:
  virtual bool Passes(const SpanView& span) const = 0;

  SpanSink& sink_;
  bool passes_ = true;  // what was announced last, or belongs to it
};

}  // namespace clew::model
