// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "opentelemetry/sdk/trace/exporter.h"
#include "opentelemetry/sdk/trace/span_data.h"

namespace clew::sdk {

// What a test sees of the exporter that it gave away. Thread-safe.
class ExportedSpans {
 public:
  using SpanData = opentelemetry::sdk::trace::SpanData;

  void Add(std::unique_ptr<SpanData> span) {
    const std::lock_guard lock(mutex_);
    spans_.push_back(std::move(span));
  }
  // Its spans stay where they are.
  const SpanData& at(size_t index) const {
    const std::lock_guard lock(mutex_);
    return *spans_.at(index);
  }
  size_t size() const {
    const std::lock_guard lock(mutex_);
    return spans_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<SpanData>> spans_;
};

// Keeps spans in memory.
class MemoryExporter final : public opentelemetry::sdk::trace::SpanExporter {
 public:
  explicit MemoryExporter(std::shared_ptr<ExportedSpans> spans) : spans_(std::move(spans)) {}

  std::unique_ptr<opentelemetry::sdk::trace::Recordable> MakeRecordable() noexcept override {
    return std::make_unique<opentelemetry::sdk::trace::SpanData>();
  }
  opentelemetry::sdk::common::ExportResult Export(
      const std::span<std::unique_ptr<opentelemetry::sdk::trace::Recordable>>& batch) noexcept
      override {
    for (auto& recordable : batch) {
      spans_->Add(std::unique_ptr<ExportedSpans::SpanData>(
          static_cast<ExportedSpans::SpanData*>(recordable.release())));
    }
    return opentelemetry::sdk::common::ExportResult::kSuccess;
  }
  bool Shutdown(std::chrono::microseconds) noexcept override { return true; }

 private:
  std::shared_ptr<ExportedSpans> spans_;
};

}  // namespace clew::sdk
