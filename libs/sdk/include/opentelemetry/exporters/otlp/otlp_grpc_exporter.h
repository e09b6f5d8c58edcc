// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/exporters/otlp/otlp_grpc_exporter_options.h"
#include "opentelemetry/sdk/trace/exporter.h"

namespace opentelemetry::inline v1::exporter::otlp {

// Sends spans as OTLP over gRPC. Export blocks its caller, so it belongs behind a
// BatchSpanProcessor.
class OtlpGrpcExporter final : public sdk::trace::SpanExporter {
 public:
  OtlpGrpcExporter() : OtlpGrpcExporter(OtlpGrpcExporterOptions()) {}
  explicit OtlpGrpcExporter(const OtlpGrpcExporterOptions& options);
  ~OtlpGrpcExporter() override;

  std::unique_ptr<sdk::trace::Recordable> MakeRecordable() noexcept override;
  sdk::common::ExportResult Export(
      const nostd::span<std::unique_ptr<sdk::trace::Recordable>>& spans) noexcept override;
  bool Shutdown(
      std::chrono::microseconds timeout = (std::chrono::microseconds::max)()) noexcept override;

 private:
  class Sender;
  std::unique_ptr<Sender> sender_;
};

}  // namespace opentelemetry::inline v1::exporter::otlp
