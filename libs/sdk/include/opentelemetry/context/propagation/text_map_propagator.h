// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/context/context.h"
#include "opentelemetry/nostd/function_ref.h"
#include "opentelemetry/nostd/string_view.h"

namespace opentelemetry::inline v1::context::propagation {

// The headers of one message, read or written by a propagator.
class TextMapCarrier {
 public:
  virtual ~TextMapCarrier() = default;
  // Empty when absent. Names compare without regard to case.
  virtual nostd::string_view Get(nostd::string_view key) const noexcept = 0;
  virtual void Set(nostd::string_view key, nostd::string_view value) noexcept = 0;
  virtual bool Keys(nostd::function_ref<bool(nostd::string_view)>) const noexcept { return true; }
};

// Carries a context across a process boundary. Thread-safe.
class TextMapPropagator {
 public:
  virtual ~TextMapPropagator() = default;
  // The context with what the carrier holds; `context` itself when that is nothing valid.
  virtual Context Extract(const TextMapCarrier& carrier, Context& context) noexcept = 0;
  virtual void Inject(TextMapCarrier& carrier, const Context& context) noexcept = 0;
  virtual bool Fields(nostd::function_ref<bool(nostd::string_view)> callback) const noexcept = 0;
};

}  // namespace opentelemetry::inline v1::context::propagation
