// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/environment.h"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "opentelemetry/context/propagation/composite_propagator.h"
#include "opentelemetry/context/propagation/global_propagator.h"
#include "opentelemetry/exporters/ostream/span_exporter_factory.h"
#include "opentelemetry/exporters/otlp/otlp_grpc_exporter_factory.h"
#include "opentelemetry/exporters/otlp/otlp_http_exporter_factory.h"
#include "opentelemetry/sdk/common/env_variables.h"
#include "opentelemetry/sdk/trace/batch_span_processor_factory.h"
#include "opentelemetry/sdk/trace/samplers/always_off.h"
#include "opentelemetry/sdk/trace/samplers/trace_id_ratio.h"
#include "opentelemetry/sdk/trace/simple_processor_factory.h"
#include "opentelemetry/trace/propagation/b3_propagator.h"
#include "opentelemetry/trace/propagation/http_trace_context.h"
#include "opentelemetry/trace/propagation/jaeger.h"
#include "opentelemetry/trace/provider.h"

namespace opentelemetry::inline v1::sdk {
namespace {

using context::propagation::TextMapPropagator;
namespace propagation = opentelemetry::trace::propagation;

std::string Variable(const char* name, const std::string& otherwise) {
  std::string value = otherwise;
  common::GetStringEnvironmentVariable(name, value);
  return value;
}

bool IsSet(const char* name) {
  std::string value;
  return common::GetStringEnvironmentVariable(name, value);
}

void ReportUnknown(const char* variable, const std::string& value) {
  std::fprintf(stderr, "%s names something unknown, which is ignored: %s\n", variable,
               value.c_str());
}

std::unique_ptr<TextMapPropagator> MakePropagator(const std::string& name) {
  if (name == "tracecontext") return std::make_unique<propagation::HttpTraceContext>();
  if (name == "jaeger") return std::make_unique<propagation::JaegerPropagator>();
  if (name == "b3") return std::make_unique<propagation::B3Propagator>();
  if (name == "b3multi") return std::make_unique<propagation::B3PropagatorMultiHeader>();
  if (name != "none") ReportUnknown("OTEL_PROPAGATORS", name);
  return nullptr;
}

std::vector<std::string> SplitList(const std::string& list) {
  std::vector<std::string> names;
  for (size_t start = 0; start < list.size();) {
    const size_t comma = std::min(list.find(',', start), list.size());
    std::string name = list.substr(start, comma - start);
    std::erase(name, ' ');
    const bool seen = std::ranges::find(names, name) != names.end();
    if (!name.empty() && !seen) names.push_back(std::move(name));
    start = comma + 1;
  }
  return names;
}

double Ratio() {
  double ratio = 1.0;
  common::GetDoubleEnvironmentVariable("OTEL_TRACES_SAMPLER_ARG", ratio);
  return ratio;
}

std::unique_ptr<trace::Sampler> MakeSampler() {
  std::string name = Variable("OTEL_TRACES_SAMPLER", "parentbased_always_on");
  constexpr std::string_view kParentBased = "parentbased_";
  const bool parent_based = name.starts_with(kParentBased);
  if (parent_based) name.erase(0, kParentBased.size());
  std::unique_ptr<trace::Sampler> sampler;
  if (name == "always_on") sampler = std::make_unique<trace::AlwaysOnSampler>();
  if (name == "always_off") sampler = std::make_unique<trace::AlwaysOffSampler>();
  if (name == "traceidratio") sampler = std::make_unique<trace::TraceIdRatioBasedSampler>(Ratio());
  if (sampler != nullptr && !parent_based) return sampler;
  if (sampler == nullptr) {
    ReportUnknown("OTEL_TRACES_SAMPLER", name);
    sampler = std::make_unique<trace::AlwaysOnSampler>();
  }
  return std::make_unique<trace::ParentBasedSampler>(
      std::shared_ptr<trace::Sampler>(std::move(sampler)));
}

std::string Protocol(const EnvironmentDefaults& defaults) {
  const std::string general = Variable("OTEL_EXPORTER_OTLP_PROTOCOL", defaults.protocol);
  return Variable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", general);
}

std::unique_ptr<trace::SpanExporter> MakeOtlpExporter(const EnvironmentDefaults& defaults) {
  const bool use_default = !defaults.endpoint.empty() && !IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") &&
                           !IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  const std::string protocol = Protocol(defaults);
  if (protocol == "grpc") {
    exporter::otlp::OtlpGrpcExporterOptions options;
    if (use_default) options.endpoint = defaults.endpoint;
    return exporter::otlp::OtlpGrpcExporterFactory::Create(options);
  }
  if (protocol != "http/protobuf") ReportUnknown("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
  exporter::otlp::OtlpHttpExporterOptions options;
  if (use_default) options.url = defaults.endpoint;
  return exporter::otlp::OtlpHttpExporterFactory::Create(options);
}

std::vector<std::unique_ptr<trace::SpanProcessor>> MakeProcessors(
    const EnvironmentDefaults& defaults) {
  std::vector<std::unique_ptr<trace::SpanProcessor>> processors;
  for (const std::string& name : SplitList(Variable("OTEL_TRACES_EXPORTER", "otlp"))) {
    if (name == "console") {
      processors.push_back(trace::SimpleSpanProcessorFactory::Create(
          exporter::trace::OStreamSpanExporterFactory::Create()));
    } else if (name == "otlp") {
      trace::BatchSpanProcessorOptions options;
      if (!IsSet("OTEL_BSP_SCHEDULE_DELAY")) {
        options.schedule_delay_millis = defaults.schedule_delay;
      }
      processors.push_back(
          trace::BatchSpanProcessorFactory::Create(MakeOtlpExporter(defaults), options));
    } else if (name != "none") {
      ReportUnknown("OTEL_TRACES_EXPORTER", name);
    }
  }
  return processors;
}

}  // namespace

void SetGlobalPropagators(const std::string& list) {
  std::vector<std::unique_ptr<TextMapPropagator>> propagators;
  for (const std::string& name : SplitList(list)) {
    if (auto propagator = MakePropagator(name)) propagators.push_back(std::move(propagator));
  }
  context::propagation::GlobalTextMapPropagator::SetGlobalPropagator(
      std::make_shared<context::propagation::CompositePropagator>(std::move(propagators)));
}

std::shared_ptr<trace::TracerProvider> ConfigureFromEnvironment(
    const EnvironmentDefaults& defaults) {
  SetGlobalPropagators(Variable("OTEL_PROPAGATORS", defaults.propagators));
  bool disabled = false;
  common::GetBoolEnvironmentVariable("OTEL_SDK_DISABLED", disabled);
  if (disabled) return nullptr;
  auto processors = MakeProcessors(defaults);
  if (processors.empty()) return nullptr;
  // The environment wins over what the program says of itself.
  const auto resource = resource::Resource::Create(defaults.resource_attributes)
                            .Merge(resource::Resource(resource::Resource::GetDefault()));
  auto provider =
      std::make_shared<trace::TracerProvider>(std::move(processors), resource, MakeSampler());
  opentelemetry::trace::Provider::SetTracerProvider(provider);
  return provider;
}

}  // namespace opentelemetry::inline v1::sdk
