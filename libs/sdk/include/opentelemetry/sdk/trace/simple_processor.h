// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "opentelemetry/sdk/trace/exporter.h"
#include "opentelemetry/sdk/trace/processor.h"

namespace opentelemetry::inline v1::sdk::trace {

// Exports each span inside its End. For consoles and tests; a service wants BatchSpanProcessor.
class SimpleSpanProcessor final : public SpanProcessor {
 public:
  explicit SimpleSpanProcessor(std::unique_ptr<SpanExporter>&& exporter) noexcept
      : exporter_(std::move(exporter)) {}
  ~SimpleSpanProcessor() override { Shutdown(); }

  std::unique_ptr<Recordable> MakeRecordable() noexcept override {
    return exporter_->MakeRecordable();
  }
  void OnStart(Recordable&, const opentelemetry::trace::SpanContext&) noexcept override {}
  void OnEnd(std::unique_ptr<Recordable>&& span) noexcept override {
    const std::lock_guard lock(mutex_);
    if (!shut_down_) exporter_->Export(nostd::span<std::unique_ptr<Recordable>>(&span, 1));
  }
  bool ForceFlush(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept override {
    return exporter_->ForceFlush(timeout);
  }
  bool Shutdown(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept override {
    const std::lock_guard lock(mutex_);
    if (shut_down_) return true;
    shut_down_ = true;
    return exporter_->Shutdown(timeout);
  }

 private:
  std::mutex mutex_;
  bool shut_down_ = false;
  std::unique_ptr<SpanExporter> exporter_;
};

}  // namespace opentelemetry::inline v1::sdk::trace
