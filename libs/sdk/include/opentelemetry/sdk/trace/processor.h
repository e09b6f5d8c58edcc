// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "opentelemetry/sdk/trace/recordable.h"

namespace opentelemetry::inline v1::sdk::trace {

// Told when a recorded span starts and ends. Thread-safe.
class SpanProcessor {
 public:
  virtual ~SpanProcessor() = default;
  virtual std::unique_ptr<Recordable> MakeRecordable() noexcept = 0;
  virtual void OnStart(Recordable& span,
                       const opentelemetry::trace::SpanContext& parent_context) noexcept = 0;
  virtual void OnEnd(std::unique_ptr<Recordable>&& span) noexcept = 0;
  virtual bool ForceFlush(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept = 0;
  virtual bool Shutdown(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept = 0;
};

}  // namespace opentelemetry::inline v1::sdk::trace
