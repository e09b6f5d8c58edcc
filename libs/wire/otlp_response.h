// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clew::wire {

// An encoded ExportTraceServiceResponse; partial_success only when spans were rejected.
std::string EncodeExportTraceResponse(uint64_t rejected_spans, std::string_view message);

// An encoded google.rpc.Status, with a RetryInfo detail when `retry_after_seconds` is set.
std::string EncodeRpcStatus(int code, std::string_view message,
                            std::optional<int> retry_after_seconds);

// The same in OTLP/JSON: "{}" when no spans were rejected.
std::string ExportTraceResponseJson(uint64_t rejected_spans, std::string_view message);
std::string RpcStatusJson(int code, std::string_view message,
                          std::optional<int> retry_after_seconds);

}  // namespace clew::wire
