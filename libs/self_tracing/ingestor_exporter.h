// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "ingest/ingestor.h"
#include "net/event_loop.h"
#include "opentelemetry/sdk/trace/exporter.h"

namespace clew::self_tracing {

// Hands spans to an ingestor of this process, as a receiver does that got them as OTLP. Export
// waits until they are durable, so it belongs behind a BatchSpanProcessor. What it is given
// outlives its Shutdown.
class IngestorExporter final : public opentelemetry::sdk::trace::SpanExporter {
 public:
  IngestorExporter(ingest::Ingestor& ingestor, net::EventLoop& loop, std::string tenant);

  std::unique_ptr<opentelemetry::sdk::trace::Recordable> MakeRecordable() noexcept override;
  opentelemetry::sdk::common::ExportResult Export(
      const opentelemetry::nostd::span<std::unique_ptr<opentelemetry::sdk::trace::Recordable>>&
          spans) noexcept override;
  bool Shutdown(std::chrono::microseconds timeout) noexcept override;

 private:
  // What became of the batch that is on its way. Shared with the loop, which may come to it late.
  struct Answer {
    base::Mutex mutex;
    base::CondVar changed;
    std::optional<bool> is_stored GUARDED_BY(mutex);

    // The first counts.
    void Set(bool stored);
    // False as well when nothing is known in time.
    bool Wait();
  };
  static net::Task<void> Store(ingest::Ingestor& ingestor, net::EventLoop& loop,
                               ingest::IngestRequest request, std::shared_ptr<Answer> answer);
  // The answer of a batch that begins now; null after Shutdown.
  std::shared_ptr<Answer> NewAnswer();

  ingest::Ingestor& ingestor_;
  net::EventLoop& loop_;
  const std::string tenant_;
  base::Mutex mutex_;
  bool shut_down_ GUARDED_BY(mutex_) = false;
  std::shared_ptr<Answer> answer_ GUARDED_BY(mutex_);  // of the last batch
};

}  // namespace clew::self_tracing
