// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opentelemetry/exporters/otlp/otlp_exporter_options.h"

namespace opentelemetry::inline v1::exporter::otlp {

// Starts from the OTEL_EXPORTER_OTLP_* variables, or their defaults. Bodies are binary protobuf.
struct OtlpHttpExporterOptions {
  OtlpHttpExporterOptions();

  std::string url;
  std::chrono::system_clock::duration timeout;  // of one Export, retries included
  OtlpHeaders http_headers;
  std::string ssl_ca_cert_path;
  std::string user_agent;
  std::string compression;  // "none" or "gzip"
  RetryPolicy retry_policy;
};

}  // namespace opentelemetry::inline v1::exporter::otlp
