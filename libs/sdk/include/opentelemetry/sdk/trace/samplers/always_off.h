// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/sdk/trace/sampler.h"

namespace opentelemetry::inline v1::sdk::trace {

class AlwaysOffSampler final : public Sampler {
 public:
  // NOLINTNEXTLINE(readability-function-size): opentelemetry-cpp's signature
  SamplingResult ShouldSample(
      const opentelemetry::trace::SpanContext&, opentelemetry::trace::TraceId, nostd::string_view,
      opentelemetry::trace::SpanKind, const opentelemetry::common::KeyValueIterable&,
      const opentelemetry::trace::SpanContextKeyValueIterable&) noexcept override {
    return {Decision::DROP, nullptr, nullptr};
  }
  nostd::string_view GetDescription() const noexcept override { return "AlwaysOffSampler"; }
};

}  // namespace opentelemetry::inline v1::sdk::trace
