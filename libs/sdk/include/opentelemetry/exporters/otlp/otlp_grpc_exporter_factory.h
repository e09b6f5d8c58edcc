// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/exporters/otlp/otlp_grpc_exporter.h"

namespace opentelemetry::inline v1::exporter::otlp {

class OtlpGrpcExporterFactory {
 public:
  static std::unique_ptr<sdk::trace::SpanExporter> Create(
      const OtlpGrpcExporterOptions& options = {}) {
    return std::make_unique<OtlpGrpcExporter>(options);
  }
};

}  // namespace opentelemetry::inline v1::exporter::otlp
