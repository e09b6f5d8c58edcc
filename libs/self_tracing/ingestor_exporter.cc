// SPDX-License-Identifier: Apache-2.0
#include "self_tracing/ingestor_exporter.h"

#include <utility>

#include "opentelemetry/sdk/trace/span_data.h"
#include "sdk/exporters/otlp_encoding.h"
#include "self_tracing/limits.h"

namespace clew::self_tracing {

using opentelemetry::sdk::common::ExportResult;
using opentelemetry::sdk::trace::Recordable;

void IngestorExporter::Answer::Set(bool stored) {
  const base::MutexLock lock(mutex);
  if (!is_stored) is_stored = stored;
  changed.NotifyAll();
}

bool IngestorExporter::Answer::Wait() {
  const auto end = std::chrono::steady_clock::now() + kStoreTimeout;
  const base::MutexLock lock(mutex);
  while (!is_stored) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= left.zero()) return false;
    changed.WaitFor(mutex, left);
  }
  return *is_stored;
}

IngestorExporter::IngestorExporter(ingest::Ingestor& ingestor, net::EventLoop& loop,
                                   std::string tenant)
    : ingestor_(ingestor), loop_(loop), tenant_(std::move(tenant)) {}

std::unique_ptr<Recordable> IngestorExporter::MakeRecordable() noexcept {
  return std::make_unique<opentelemetry::sdk::trace::SpanData>();
}

std::shared_ptr<IngestorExporter::Answer> IngestorExporter::NewAnswer() {
  const base::MutexLock lock(mutex_);
  answer_ = shut_down_ ? nullptr : std::make_shared<Answer>();
  return answer_;
}

ExportResult IngestorExporter::Export(
    const opentelemetry::nostd::span<std::unique_ptr<Recordable>>& spans) noexcept {
  const std::shared_ptr<Answer> answer = NewAnswer();
  if (answer == nullptr) return ExportResult::kFailure;
  ingest::IngestRequest request{.format = wire::Format::kOtlpProtobuf,
                                .encoding = wire::ContentEncoding::kIdentity,
                                .body = opentelemetry::exporter::otlp::EncodeOtlp(spans),
                                .tenant = tenant_,
                                .receiver = ingest::Receiver::kSelf};
  loop_.Spawn(Store(ingestor_, loop_, std::move(request), answer));
  return answer->Wait() ? ExportResult::kSuccess : ExportResult::kFailure;
}

net::Task<void> IngestorExporter::Store(ingest::Ingestor& ingestor, net::EventLoop& loop,
                                        ingest::IngestRequest request,
                                        std::shared_ptr<Answer> answer) {
  const ingest::IngestOutcome stored = co_await ingestor.Ingest(loop, std::move(request));
  answer->Set(stored.ok());
}

bool IngestorExporter::Shutdown(std::chrono::microseconds /*timeout*/) noexcept {
  const base::MutexLock lock(mutex_);
  shut_down_ = true;
  if (answer_ != nullptr) answer_->Set(false);
  return true;
}

}  // namespace clew::self_tracing
