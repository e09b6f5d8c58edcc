// SPDX-License-Identifier: Apache-2.0

#include "shop/tracing.h"

#include <unistd.h>

#include "opentelemetry/exporters/otlp/otlp_http_exporter_factory.h"
#include "opentelemetry/sdk/trace/batch_span_processor_factory.h"
#include "opentelemetry/sdk/trace/tracer_provider_factory.h"

namespace clew::shop {

namespace sdk = opentelemetry::sdk;
namespace otlp = opentelemetry::exporter::otlp;

namespace {

// Short, so that a trace can be looked at while it is new.
constexpr std::chrono::milliseconds kScheduleDelay{500};

}  // namespace

std::shared_ptr<sdk::trace::TracerProvider> TraceService(const std::string& service,
                                                         const std::string& url) {
  otlp::OtlpHttpExporterOptions exporter;
  exporter.url = url;
  sdk::trace::BatchSpanProcessorOptions processor;
  processor.schedule_delay_millis = kScheduleDelay;
  const sdk::resource::ResourceAttributes attributes = {
      {"service.name", service},
      {"service.namespace", "shop"},
      {"service.instance.id", service + "-" + std::to_string(getpid())},
      {"deployment.environment.name", "demo"},
  };
  return sdk::trace::TracerProviderFactory::Create(
      sdk::trace::BatchSpanProcessorFactory::Create(otlp::OtlpHttpExporterFactory::Create(exporter),
                                                    processor),
      sdk::resource::Resource::Create(attributes));
}

}  // namespace clew::shop
