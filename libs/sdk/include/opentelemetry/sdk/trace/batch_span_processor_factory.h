// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/sdk/trace/batch_span_processor.h"

namespace opentelemetry::inline v1::sdk::trace {

class BatchSpanProcessorFactory {
 public:
  static std::unique_ptr<SpanProcessor> Create(std::unique_ptr<SpanExporter>&& exporter,
                                               const BatchSpanProcessorOptions& options) {
    return std::make_unique<BatchSpanProcessor>(std::move(exporter), options);
  }
};

}  // namespace opentelemetry::inline v1::sdk::trace
