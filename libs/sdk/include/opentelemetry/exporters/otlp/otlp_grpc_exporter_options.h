// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/exporters/otlp/otlp_exporter_options.h"

namespace opentelemetry::inline v1::exporter::otlp {

// Starts from the OTEL_EXPORTER_OTLP_* variables, or their defaults.
struct OtlpGrpcExporterOptions {
  OtlpGrpcExporterOptions();

  std::string endpoint;              // "http://host:port", "https://...", or "host:port"
  bool use_ssl_credentials = false;  // of an endpoint without a scheme
  std::string ssl_credentials_cacert_path;
  std::chrono::system_clock::duration timeout;  // of one Export, retries included
  OtlpHeaders metadata;
  std::string user_agent;
  std::string compression;  // "none" or "gzip"
  RetryPolicy retry_policy;
};

}  // namespace opentelemetry::inline v1::exporter::otlp
