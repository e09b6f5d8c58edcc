// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/sdk/environment.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "opentelemetry/context/propagation/global_propagator.h"
#include "opentelemetry/exporters/otlp/otlp_grpc_exporter_options.h"
#include "opentelemetry/exporters/otlp/otlp_http_exporter_options.h"
#include "opentelemetry/sdk/resource/resource_detector.h"
#include "opentelemetry/sdk/trace/batch_span_processor_options.h"

namespace clew::sdk {
namespace {

using opentelemetry::exporter::otlp::OtlpGrpcExporterOptions;
using opentelemetry::exporter::otlp::OtlpHttpExporterOptions;
using opentelemetry::sdk::common::OwnedAttributeValue;
using opentelemetry::sdk::resource::OTELResourceDetector;
using ::testing::ElementsAre;
using ::testing::Pair;

// Sets a variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

TEST(OTELResourceDetector, LetsTheServiceNameWin) {
  const Variable attributes("OTEL_RESOURCE_ATTRIBUTES", "service.name=x, a=b%20c");
  const Variable name("OTEL_SERVICE_NAME", "y");
  EXPECT_THAT(OTELResourceDetector().Detect().GetAttributes(),
              ElementsAre(Pair("service.name", OwnedAttributeValue(std::string("y"))),
                          Pair("a", OwnedAttributeValue(std::string("b c")))));
}

TEST(OTELResourceDetector, DropsAListThatIsMalformed) {
  const Variable attributes("OTEL_RESOURCE_ATTRIBUTES", "a=b,c");
  EXPECT_TRUE(OTELResourceDetector().Detect().GetAttributes().empty());
}

TEST(BatchSpanProcessorOptions, ReadsItsVariablesAndIgnoresNonsense) {
  const Variable delay("OTEL_BSP_SCHEDULE_DELAY", "7");
  const Variable queue("OTEL_BSP_MAX_QUEUE_SIZE", "many");
  const opentelemetry::sdk::trace::BatchSpanProcessorOptions options;
  EXPECT_EQ(options.schedule_delay_millis, std::chrono::milliseconds(7));
  EXPECT_EQ(options.max_queue_size, 2048u);
}

TEST(OtlpHttpExporterOptions, AppendsThePathToTheGeneralEndpointOnly) {
  EXPECT_EQ(OtlpHttpExporterOptions().url, "http://localhost:4318/v1/traces");
  const Variable general("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:1/base/");
  EXPECT_EQ(OtlpHttpExporterOptions().url, "http://c:1/base/v1/traces");
  const Variable traces("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://c:2/as/is");
  EXPECT_EQ(OtlpHttpExporterOptions().url, "http://c:2/as/is");
}

TEST(OtlpGrpcExporterOptions, ReadsHeadersAndTimeout) {
  const Variable headers("OTEL_EXPORTER_OTLP_HEADERS", "a=1,b=%20x");
  const Variable timeout("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "250");
  const OtlpGrpcExporterOptions options;
  EXPECT_THAT(options.metadata, ElementsAre(Pair("a", "1"), Pair("b", " x")));
  EXPECT_EQ(options.timeout, std::chrono::milliseconds(250));
  EXPECT_EQ(options.endpoint, "http://localhost:4317");
}

TEST(ConfigureFromEnvironment, SetsPropagatorsEvenWhenDisabled) {
  const Variable disabled("OTEL_SDK_DISABLED", "TRUE");
  const Variable propagators("OTEL_PROPAGATORS", "jaeger,b3,jaeger,nonsense");
  EXPECT_EQ(opentelemetry::sdk::ConfigureFromEnvironment(), nullptr);
  std::vector<std::string> fields;
  opentelemetry::context::propagation::GlobalTextMapPropagator::GetGlobalPropagator()->Fields(
      [&](std::string_view field) {
        fields.emplace_back(field);
        return true;
      });
  EXPECT_THAT(fields, ElementsAre("uber-trace-id", "b3"));
}

}  // namespace
}  // namespace clew::sdk
