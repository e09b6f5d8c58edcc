// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "opentelemetry/sdk/trace/random_id_generator.h"
#include "opentelemetry/sdk/trace/samplers/always_on.h"
#include "opentelemetry/sdk/trace/samplers/parent.h"
#include "opentelemetry/sdk/trace/tracer.h"
#include "opentelemetry/trace/tracer_provider.h"

namespace opentelemetry::inline v1::sdk::trace {

// Hands out tracers that share one configuration. Shuts down when it is
// destroyed, within the export timeout. Thread-safe.
class TracerProvider final : public opentelemetry::trace::TracerProvider {
 public:
  explicit TracerProvider(
      std::unique_ptr<SpanProcessor> processor,
      const resource::Resource& resource = resource::Resource::Create({}),
      std::unique_ptr<Sampler> sampler =
          std::make_unique<ParentBasedSampler>(std::make_shared<AlwaysOnSampler>()),
      std::unique_ptr<IdGenerator> id_generator = std::make_unique<RandomIdGenerator>()) noexcept;
  explicit TracerProvider(
      std::vector<std::unique_ptr<SpanProcessor>>&& processors,
      const resource::Resource& resource = resource::Resource::Create({}),
      std::unique_ptr<Sampler> sampler =
          std::make_unique<ParentBasedSampler>(std::make_shared<AlwaysOnSampler>()),
      std::unique_ptr<IdGenerator> id_generator = std::make_unique<RandomIdGenerator>()) noexcept;
  explicit TracerProvider(std::unique_ptr<TracerContext> context) noexcept;
  ~TracerProvider() override;

  std::shared_ptr<opentelemetry::trace::Tracer> GetTracer(
      nostd::string_view name, nostd::string_view version = "",
      nostd::string_view schema_url = "") noexcept override;

  void AddProcessor(std::unique_ptr<SpanProcessor> processor) noexcept {
    context_->AddProcessor(std::move(processor));
  }
  const resource::Resource& GetResource() const noexcept { return context_->GetResource(); }
  // Once; afterwards no span is recorded.
  bool Shutdown(std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept {
    return context_->Shutdown(timeout);
  }
  bool ForceFlush(std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept {
    return context_->ForceFlush(timeout);
  }

 private:
  std::shared_ptr<TracerContext> context_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Tracer>> tracers_;  // under mutex_
};

}  // namespace opentelemetry::inline v1::sdk::trace
