// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "opentelemetry/sdk/common/export_result.h"
#include "opentelemetry/sdk/trace/recordable.h"

namespace opentelemetry::inline v1::sdk::trace {

// Sends finished spans somewhere. Export is never called twice at once;
// Shutdown may come from another thread and makes a running Export give up soon.
class SpanExporter {
 public:
  virtual ~SpanExporter() = default;
  virtual std::unique_ptr<Recordable> MakeRecordable() noexcept = 0;
  virtual common::ExportResult Export(
      const nostd::span<std::unique_ptr<Recordable>>& spans) noexcept = 0;
  virtual bool ForceFlush(std::chrono::microseconds = (std::chrono::microseconds::max)()) noexcept {
    return true;
  }
  virtual bool Shutdown(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept = 0;
};

}  // namespace opentelemetry::inline v1::sdk::trace
