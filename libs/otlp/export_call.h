// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_client.h"
#include "net/task.h"

namespace clew::otlp {

enum class Protocol : uint8_t { kGrpc, kHttp };

// Who is sent spans.
struct Destination {
  net::Endpoint endpoint{};
  Protocol protocol = Protocol::kGrpc;
  std::string path = "/v1/traces";  // of HTTP
};

// One request, an ExportTraceServiceRequest in protobuf; borrows all until the call has returned.
struct ExportRequest {
  std::string_view body;
  const net::Headers& headers;  // besides those of the protocol
  bool gzip = false;            // compresses the body
};

// What became of it.
struct ExportOutcome {
  enum class Kind : uint8_t { kAccepted, kRefused, kTryAgain };
  Kind kind = Kind::kAccepted;
  std::string reason{};                             // unless it was accepted
  std::optional<std::chrono::milliseconds> wait{};  // that the other side asks for
  uint64_t rejected_spans = 0;                      // of an accepted one
};

// Sends it once and says, by the rules of OTLP, whether the same may be sent again later: so when
// the other side cannot be reached or asks for it.
net::Task<ExportOutcome> Export(net::HttpClient& client, const Destination& destination,
                                const ExportRequest& request,
                                std::chrono::steady_clock::time_point deadline);

}  // namespace clew::otlp
