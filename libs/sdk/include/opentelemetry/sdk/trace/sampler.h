// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "opentelemetry/common/key_value_iterable.h"
#include "opentelemetry/trace/span_context.h"
#include "opentelemetry/trace/span_context_kv_iterable.h"
#include "opentelemetry/trace/span_metadata.h"

namespace opentelemetry::inline v1::sdk::trace {

// NOLINTNEXTLINE(readability-identifier-naming): opentelemetry-cpp's names
enum class Decision { DROP, RECORD_ONLY, RECORD_AND_SAMPLE };

struct SamplingResult {
  Decision decision;
  // Attributes to add to the span, or null.
  std::unique_ptr<const std::map<std::string, opentelemetry::common::AttributeValue>> attributes;
  // The trace state of the new span; null keeps the parent's.
  std::shared_ptr<opentelemetry::trace::TraceState> trace_state;

  bool IsRecording() const { return decision != Decision::DROP; }
  bool IsSampled() const { return decision == Decision::RECORD_AND_SAMPLE; }
};

// Decides which traces are kept. Thread-safe.
class Sampler {
 public:
  virtual ~Sampler() = default;
  virtual SamplingResult ShouldSample(
      const opentelemetry::trace::SpanContext& parent_context,
      opentelemetry::trace::TraceId trace_id, nostd::string_view name,
      opentelemetry::trace::SpanKind span_kind,
      const opentelemetry::common::KeyValueIterable& attributes,
      const opentelemetry::trace::SpanContextKeyValueIterable& links) noexcept = 0;
  virtual nostd::string_view GetDescription() const noexcept = 0;
};

}  // namespace opentelemetry::inline v1::sdk::trace
