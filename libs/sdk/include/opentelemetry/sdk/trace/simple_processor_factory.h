// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "opentelemetry/sdk/trace/simple_processor.h"

namespace opentelemetry::inline v1::sdk::trace {

class SimpleSpanProcessorFactory {
 public:
  static std::unique_ptr<SpanProcessor> Create(std::unique_ptr<SpanExporter>&& exporter) {
    return std::make_unique<SimpleSpanProcessor>(std::move(exporter));
  }
};

}  // namespace opentelemetry::inline v1::sdk::trace
