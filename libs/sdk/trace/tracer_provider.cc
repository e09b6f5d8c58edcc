// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/trace/tracer_provider.h"

#include <algorithm>
#include <utility>

namespace opentelemetry::inline v1::sdk::trace {
namespace {

using Microseconds = std::chrono::microseconds;

// What is left of `timeout` since `start`; "for ever" stays so.
Microseconds Remaining(Microseconds timeout, std::chrono::steady_clock::time_point start) {
  if (timeout == (Microseconds::max)()) return timeout;
  const auto spent =
      std::chrono::duration_cast<Microseconds>(std::chrono::steady_clock::now() - start);
  return std::max(timeout - spent, Microseconds(0));
}

std::vector<std::unique_ptr<SpanProcessor>> OneProcessor(std::unique_ptr<SpanProcessor> one) {
  std::vector<std::unique_ptr<SpanProcessor>> processors;
  processors.push_back(std::move(one));
  return processors;
}

}  // namespace

TracerContext::TracerContext(std::vector<std::unique_ptr<SpanProcessor>>&& processors,
                             const resource::Resource& resource, std::unique_ptr<Sampler> sampler,
                             std::unique_ptr<IdGenerator> id_generator,
                             const SpanLimits& limits) noexcept
    : processors_(std::move(processors)),
      resource_(resource),
      sampler_(std::move(sampler)),
      id_generator_(std::move(id_generator)),
      limits_(limits) {}

TracerContext::~TracerContext() {
  Shutdown((Microseconds::max)());
}

void TracerContext::AddProcessor(std::unique_ptr<SpanProcessor> processor) noexcept {
  processors_.push_back(std::move(processor));
}

bool TracerContext::ForceFlush(Microseconds timeout) noexcept {
  const auto start = std::chrono::steady_clock::now();
  bool done = true;
  for (const auto& processor : processors_) {
    done = processor->ForceFlush(Remaining(timeout, start)) && done;
  }
  return done;
}

bool TracerContext::Shutdown(Microseconds timeout) noexcept {
  if (shut_down_.exchange(true)) return true;
  const auto start = std::chrono::steady_clock::now();
  bool done = true;
  for (const auto& processor : processors_) {
    done = processor->Shutdown(Remaining(timeout, start)) && done;
  }
  return done;
}

TracerProvider::TracerProvider(std::unique_ptr<SpanProcessor> processor,
                               const resource::Resource& resource, std::unique_ptr<Sampler> sampler,
                               std::unique_ptr<IdGenerator> id_generator) noexcept
    : TracerProvider(OneProcessor(std::move(processor)), resource, std::move(sampler),
                     std::move(id_generator)) {}

TracerProvider::TracerProvider(std::vector<std::unique_ptr<SpanProcessor>>&& processors,
                               const resource::Resource& resource, std::unique_ptr<Sampler> sampler,
                               std::unique_ptr<IdGenerator> id_generator) noexcept
    : context_(std::make_shared<TracerContext>(std::move(processors), resource, std::move(sampler),
                                               std::move(id_generator),
                                               SpanLimits::FromEnvironment())) {}

TracerProvider::TracerProvider(std::unique_ptr<TracerContext> context) noexcept
    : context_(std::move(context)) {}

TracerProvider::~TracerProvider() {
  Shutdown();
}

std::shared_ptr<opentelemetry::trace::Tracer> TracerProvider::GetTracer(
    nostd::string_view name, nostd::string_view version, nostd::string_view schema_url) noexcept {
  const std::lock_guard lock(mutex_);
  for (const auto& tracer : tracers_) {
    if (tracer->GetInstrumentationScope().equal(name, version, schema_url)) return tracer;
  }
  tracers_.push_back(std::make_shared<Tracer>(
      context_, instrumentationscope::InstrumentationScope(name, version, schema_url)));
  return tracers_.back();
}

}  // namespace opentelemetry::inline v1::sdk::trace
