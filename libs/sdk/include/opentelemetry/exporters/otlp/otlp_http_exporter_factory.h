// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/exporters/otlp/otlp_http_exporter.h"

namespace opentelemetry::inline v1::exporter::otlp {

class OtlpHttpExporterFactory {
 public:
  static std::unique_ptr<sdk::trace::SpanExporter> Create(
      const OtlpHttpExporterOptions& options = {}) {
    return std::make_unique<OtlpHttpExporter>(options);
  }
};

}  // namespace opentelemetry::inline v1::exporter::otlp
