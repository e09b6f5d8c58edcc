// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/exporters/ostream/span_exporter.h"

namespace opentelemetry::inline v1::exporter::trace {

class OStreamSpanExporterFactory {
 public:
  static std::unique_ptr<sdk::trace::SpanExporter> Create(std::ostream& out = std::cout) {
    return std::make_unique<OStreamSpanExporter>(out);
  }
};

}  // namespace opentelemetry::inline v1::exporter::trace
