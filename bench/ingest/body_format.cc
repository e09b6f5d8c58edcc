// SPDX-License-Identifier: Apache-2.0
#include "body_format.h"

#include <array>

namespace clew::bench {
namespace {

constexpr std::array kRoutes = {
    Route{BodyFormat::kOtlpGrpc, "otlp_grpc",
          "/opentelemetry.proto.collector.trace.v1.TraceService/Export", "application/grpc",
          wire::Format::kOtlpProtobuf, true},
    Route{BodyFormat::kOtlpHttp, "otlp_http", "/v1/traces", "application/x-protobuf",
          wire::Format::kOtlpProtobuf, false},
    Route{BodyFormat::kOtlpJson, "otlp_json", "/v1/traces", "application/json",
          wire::Format::kOtlpJson, false},
    Route{BodyFormat::kJaegerHttp, "jaeger_http", "/api/traces?format=jaeger.thrift",
          "application/x-thrift", wire::Format::kJaegerThriftBinary, false},
    Route{BodyFormat::kJaegerGrpc, "jaeger_grpc", "/jaeger.api_v2.CollectorService/PostSpans",
          "application/grpc", wire::Format::kJaegerProtobuf, true},
    Route{BodyFormat::kZipkinJson, "zipkin_json", "/api/v2/spans", "application/json",
          wire::Format::kZipkinJson, false},
};

constexpr std::array<std::string_view, 3> kEncodings = {"none", "gzip", "zstd"};

}  // namespace

const Route& RouteOf(BodyFormat format) {
  return kRoutes[static_cast<size_t>(format)];
}

std::optional<BodyFormat> FindBodyFormat(std::string_view name) {
  for (const Route& route : kRoutes) {
    if (route.name == name) return route.format;
  }
  return std::nullopt;
}

std::optional<BodyEncoding> FindBodyEncoding(std::string_view name) {
  for (size_t i = 0; i < kEncodings.size(); ++i) {
    if (kEncodings[i] == name) return static_cast<BodyEncoding>(i);
  }
  return std::nullopt;
}

std::string_view NameOf(BodyEncoding encoding) {
  return kEncodings[static_cast<size_t>(encoding)];
}

}  // namespace clew::bench
