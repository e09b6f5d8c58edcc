// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <thread>

#include "opentelemetry/sdk/trace/batch_span_processor_options.h"
#include "opentelemetry/sdk/trace/exporter.h"
#include "opentelemetry/sdk/trace/processor.h"

namespace opentelemetry::inline v1::sdk::trace {

// Queues finished spans and exports them in batches from one thread of its own:
// when a batch is full, when the schedule delay has passed, on ForceFlush and on
// Shutdown. A full queue drops the newest span and counts it; OnEnd never waits.
class BatchSpanProcessor final : public SpanProcessor {
 public:
  BatchSpanProcessor(std::unique_ptr<SpanExporter>&& exporter,
                     const BatchSpanProcessorOptions& options);
  ~BatchSpanProcessor() override;

  std::unique_ptr<Recordable> MakeRecordable() noexcept override;
  void OnStart(Recordable&, const opentelemetry::trace::SpanContext&) noexcept override {}
  void OnEnd(std::unique_ptr<Recordable>&& span) noexcept override;
  // Both wait at most `timeout`, and never longer than the export timeout.
  // False when not everything was exported by then.
  bool ForceFlush(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept override;
  bool Shutdown(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept override;

  // Spans that found the queue full, and spans whose export failed.
  uint64_t dropped_spans() const noexcept;

 private:
  struct State;
  // Shared with the thread, which outlives a Shutdown that ran out of time.
  std::shared_ptr<State> state_;
  std::thread worker_;
};

}  // namespace opentelemetry::inline v1::sdk::trace
