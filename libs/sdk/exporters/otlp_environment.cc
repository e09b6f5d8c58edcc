// SPDX-License-Identifier: Apache-2.0

// The options of the OTLP exporters, as the OTEL_EXPORTER_OTLP_* variables give
// them: those for traces before those for all signals.
#include <optional>

#include "net/http.h"
#include "opentelemetry/exporters/otlp/otlp_grpc_exporter_options.h"
#include "opentelemetry/exporters/otlp/otlp_http_exporter_options.h"
#include "opentelemetry/sdk/common/env_variables.h"

namespace opentelemetry::inline v1::exporter::otlp {
namespace {

constexpr char kUserAgent[] = "OTel-OTLP-Exporter-Cpp/0.1.0";
constexpr std::chrono::milliseconds kTimeout{10000};

std::optional<std::string> Variable(const std::string& suffix) {
  std::string value;
  for (const char* prefix : {"OTEL_EXPORTER_OTLP_TRACES_", "OTEL_EXPORTER_OTLP_"}) {
    if (sdk::common::GetStringEnvironmentVariable((prefix + suffix).c_str(), value)) return value;
  }
  return std::nullopt;
}

std::chrono::milliseconds Timeout() {
  std::chrono::milliseconds timeout = kTimeout;
  if (!sdk::common::GetDurationEnvironmentVariable("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", timeout)) {
    sdk::common::GetDurationEnvironmentVariable("OTEL_EXPORTER_OTLP_TIMEOUT", timeout);
  }
  return timeout;
}

// "k=v,k2=v2", values percent-encoded; what is malformed is left out.
OtlpHeaders HeaderList() {
  const std::string list = Variable("HEADERS").value_or("");
  OtlpHeaders headers;
  for (size_t start = 0; start < list.size();) {
    const size_t comma = std::min(list.find(',', start), list.size());
    const std::string pair = list.substr(start, comma - start);
    start = comma + 1;
    const size_t equals = pair.find('=');
    if (equals == std::string::npos) continue;
    const auto value = clew::net::PercentDecode(std::string_view(pair).substr(equals + 1), false);
    const size_t first = pair.find_first_not_of(' ');
    if (value.has_value() && first < equals) {
      headers.emplace(pair.substr(first, equals - first), *value);
    }
  }
  return headers;
}

std::string HttpUrl() {
  std::string url;
  if (sdk::common::GetStringEnvironmentVariable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", url)) {
    return url;
  }
  if (!sdk::common::GetStringEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", url)) {
    url = "http://localhost:4318";
  }
  return url + (url.ends_with('/') ? "v1/traces" : "/v1/traces");
}

}  // namespace

OtlpGrpcExporterOptions::OtlpGrpcExporterOptions()
    : endpoint(Variable("ENDPOINT").value_or("http://localhost:4317")),
      ssl_credentials_cacert_path(Variable("CERTIFICATE").value_or("")),
      timeout(Timeout()),
      metadata(HeaderList()),
      user_agent(kUserAgent),
      compression(Variable("COMPRESSION").value_or("none")) {}

OtlpHttpExporterOptions::OtlpHttpExporterOptions()
    : url(HttpUrl()),
      timeout(Timeout()),
      http_headers(HeaderList()),
      ssl_ca_cert_path(Variable("CERTIFICATE").value_or("")),
      user_agent(kUserAgent),
      compression(Variable("COMPRESSION").value_or("none")) {}

}  // namespace opentelemetry::inline v1::exporter::otlp
