// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "opentelemetry/sdk/trace/sampler.h"
#include "opentelemetry/sdk/trace/samplers/always_off.h"
#include "opentelemetry/sdk/trace/samplers/always_on.h"

namespace opentelemetry::inline v1::sdk::trace {

// Follows the parent's decision, by default; asks `root` when there is no parent.
class ParentBasedSampler final : public Sampler {
 public:
  explicit ParentBasedSampler(
      std::shared_ptr<Sampler> root,
      std::shared_ptr<Sampler> remote_sampled = std::make_shared<AlwaysOnSampler>(),
      std::shared_ptr<Sampler> remote_not_sampled = std::make_shared<AlwaysOffSampler>(),
      std::shared_ptr<Sampler> local_sampled = std::make_shared<AlwaysOnSampler>(),
      std::shared_ptr<Sampler> local_not_sampled = std::make_shared<AlwaysOffSampler>());
  SamplingResult ShouldSample(
      const opentelemetry::trace::SpanContext& parent_context,
      opentelemetry::trace::TraceId trace_id, nostd::string_view name,
      opentelemetry::trace::SpanKind span_kind,
      const opentelemetry::common::KeyValueIterable& attributes,
      const opentelemetry::trace::SpanContextKeyValueIterable& links) noexcept override;
  nostd::string_view GetDescription() const noexcept override { return description_; }

 private:
  std::shared_ptr<Sampler> root_;
  std::shared_ptr<Sampler> remote_sampled_;
  std::shared_ptr<Sampler> remote_not_sampled_;
  std::shared_ptr<Sampler> local_sampled_;
  std::shared_ptr<Sampler> local_not_sampled_;
  std::string description_;
};

}  // namespace opentelemetry::inline v1::sdk::trace
