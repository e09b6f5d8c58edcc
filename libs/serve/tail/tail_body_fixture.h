// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ingest/ingestor.h"

namespace clew::serve {

// A body of OTLP JSON with one span of service "shop", which is the root of trace `trace`,
// 32 hex digits.
inline ingest::IngestRequest OneSpan(const std::string& trace, const std::string& name) {
  std::string body =
      R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name",)"
      R"("value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[{"traceId":")" +
      trace + R"(","spanId":"00000000000000aa","name":")" + name +
      R"(","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000000250000000"}]}]}]})";
  return {.format = wire::Format::kOtlpJson,
          .encoding = wire::ContentEncoding::kIdentity,
          .body = std::move(body)};
}

}  // namespace clew::serve
