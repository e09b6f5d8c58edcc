// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/body.h"

namespace clew::bench {

// What a client sends, as the figures name it.
enum class BodyFormat : uint8_t {
  kOtlpGrpc,
  kOtlpHttp,
  kOtlpJson,
  kJaegerHttp,
  kJaegerGrpc,
  kZipkinJson
};
// How it is packed, by the name of content-encoding and grpc-encoding.
enum class BodyEncoding : uint8_t { kNone, kGzip, kZstd };

// How a body of a format reaches its receiver.
struct Route {
  BodyFormat format;
  std::string_view name;
  std::string_view path;
  std::string_view content_type;
  wire::Format wire_format;
  bool grpc;
};
const Route& RouteOf(BodyFormat format);

// "jaeger_http", "zstd"; nullopt for a name of none.
std::optional<BodyFormat> FindBodyFormat(std::string_view name);
std::optional<BodyEncoding> FindBodyEncoding(std::string_view name);
std::string_view NameOf(BodyEncoding encoding);

}  // namespace clew::bench
