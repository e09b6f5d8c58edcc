// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

#include "opentelemetry/sdk/resource/resource.h"
#include "opentelemetry/sdk/trace/id_generator.h"
#include "opentelemetry/sdk/trace/processor.h"
#include "opentelemetry/sdk/trace/sampler.h"
#include "opentelemetry/sdk/trace/span_limits.h"

namespace opentelemetry::inline v1::sdk::trace {

// The configuration all tracers of a provider share. Immutable after start-up,
// but for being shut down. Thread-safe.
class TracerContext {
 public:
  TracerContext(std::vector<std::unique_ptr<SpanProcessor>>&& processors,
                const resource::Resource& resource, std::unique_ptr<Sampler> sampler,
                std::unique_ptr<IdGenerator> id_generator, const SpanLimits& limits) noexcept;
  ~TracerContext();

  const std::vector<std::unique_ptr<SpanProcessor>>& processors() const { return processors_; }
  const resource::Resource& GetResource() const noexcept { return resource_; }
  Sampler& GetSampler() const noexcept { return *sampler_; }
  IdGenerator& GetIdGenerator() const noexcept { return *id_generator_; }
  const SpanLimits& GetSpanLimits() const noexcept { return limits_; }
  bool is_shut_down() const noexcept { return shut_down_.load(std::memory_order_relaxed); }

  // Before the first span.
  void AddProcessor(std::unique_ptr<SpanProcessor> processor) noexcept;
  bool ForceFlush(std::chrono::microseconds timeout) noexcept;
  bool Shutdown(std::chrono::microseconds timeout) noexcept;

 private:
  std::vector<std::unique_ptr<SpanProcessor>> processors_;
  resource::Resource resource_;
  std::unique_ptr<Sampler> sampler_;
  std::unique_ptr<IdGenerator> id_generator_;
  SpanLimits limits_;
  // Guards nothing else: a span that starts meanwhile is recorded or not.
  std::atomic<bool> shut_down_ = false;
};

}  // namespace opentelemetry::inline v1::sdk::trace
