// SPDX-License-Identifier: Apache-2.0

// The provider and the propagator of the process.
#include <mutex>
#include <utility>

#include "opentelemetry/context/propagation/global_propagator.h"
#include "opentelemetry/trace/noop.h"
#include "opentelemetry/trace/provider.h"

namespace opentelemetry::inline v1 {
namespace {

class NoopPropagator final : public context::propagation::TextMapPropagator {
 public:
  context::Context Extract(const context::propagation::TextMapCarrier&,
                           context::Context& context) noexcept override {
    return context;
  }
  void Inject(context::propagation::TextMapCarrier&, const context::Context&) noexcept override {}
  bool Fields(nostd::function_ref<bool(nostd::string_view)>) const noexcept override {
    return true;
  }
};

struct GlobalState {
  std::mutex mutex;
  std::shared_ptr<trace::TracerProvider> provider = std::make_shared<trace::NoopTracerProvider>();
  std::shared_ptr<context::propagation::TextMapPropagator> propagator =
      std::make_shared<NoopPropagator>();
};

// Never destroyed: it may be asked for while the process ends.
GlobalState& State() {
  static auto* state = new GlobalState;
  return *state;
}

}  // namespace

namespace trace {

std::shared_ptr<TracerProvider> Provider::GetTracerProvider() noexcept {
  const std::lock_guard lock(State().mutex);
  return State().provider;
}

void Provider::SetTracerProvider(const std::shared_ptr<TracerProvider>& provider) noexcept {
  std::shared_ptr<TracerProvider> next =
      provider != nullptr ? provider : std::make_shared<NoopTracerProvider>();
  const std::lock_guard lock(State().mutex);
  State().provider.swap(next);
}

}  // namespace trace

namespace context::propagation {

std::shared_ptr<TextMapPropagator> GlobalTextMapPropagator::GetGlobalPropagator() noexcept {
  const std::lock_guard lock(State().mutex);
  return State().propagator;
}

void GlobalTextMapPropagator::SetGlobalPropagator(
    std::shared_ptr<TextMapPropagator> propagator) noexcept {
  const std::lock_guard lock(State().mutex);
  State().propagator = std::move(propagator);
}

}  // namespace context::propagation
}  // namespace opentelemetry::inline v1
