// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "opentelemetry/sdk/trace/sampler.h"

namespace opentelemetry::inline v1::sdk::trace {

// Keeps a share of the traces, decided by the low 8 bytes of the trace id: all
// services with the same ratio keep the same traces, a larger ratio keeps those
// of a smaller one, and 64-bit ids padded with zeros are sampled like others.
class TraceIdRatioBasedSampler final : public Sampler {
 public:
  explicit TraceIdRatioBasedSampler(double ratio);
  SamplingResult ShouldSample(
      const opentelemetry::trace::SpanContext& parent_context,
      opentelemetry::trace::TraceId trace_id, nostd::string_view name,
      opentelemetry::trace::SpanKind span_kind,
      const opentelemetry::common::KeyValueIterable& attributes,
      const opentelemetry::trace::SpanContextKeyValueIterable& links) noexcept override;
  nostd::string_view GetDescription() const noexcept override { return description_; }

 private:
  std::string description_;
  uint64_t threshold_;  // ids whose low 63 bits are below it are kept
};

}  // namespace opentelemetry::inline v1::sdk::trace
