// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <iostream>

#include "opentelemetry/sdk/trace/exporter.h"

namespace opentelemetry::inline v1::exporter::trace {

// Prints spans for people to read.
class OStreamSpanExporter final : public sdk::trace::SpanExporter {
 public:
  // `out` outlives the exporter.
  explicit OStreamSpanExporter(std::ostream& out = std::cout) noexcept : out_(out) {}

  std::unique_ptr<sdk::trace::Recordable> MakeRecordable() noexcept override;
  sdk::common::ExportResult Export(
      const nostd::span<std::unique_ptr<sdk::trace::Recordable>>& spans) noexcept override;
  bool Shutdown(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept override;

 private:
  std::ostream& out_;
  std::atomic<bool> shut_down_ = false;
};

}  // namespace opentelemetry::inline v1::exporter::trace
