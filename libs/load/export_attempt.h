// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/http_client.h"
#include "net/task.h"

namespace clew::load {

enum class Protocol : uint8_t { kGrpc, kHttp };

// A receiver of OTLP, and what every request to it says besides.
struct ExportTarget {
  net::Endpoint endpoint{};
  Protocol protocol = Protocol::kGrpc;
  net::Headers headers{};
};

// What became of one request of an exporter.
struct ExportAttempt {
  enum class Kind : uint8_t {
    kAccepted,
    kRefused,   // for good
    kTryAgain,  // nobody answered, or the answer was: later
  };
  Kind kind = Kind::kAccepted;
  std::string reason{};                             // why it was not accepted
  std::optional<std::chrono::milliseconds> wait{};  // that the server asked for
  uint64_t rejected_spans = 0;
};

// Sends a body once, as an OTLP exporter does. It may come again, the same to the byte, after
// kTryAgain: a server knows it then. `target` and `body` outlive the call.
net::Task<ExportAttempt> Export(net::HttpClient& client, const ExportTarget& target,
                                std::string_view body,
                                std::chrono::steady_clock::time_point deadline);

// How long an exporter rests before it tries again, when the server does not say: twice as long
// each time.
class RetryPause {
 public:
  explicit RetryPause(std::chrono::milliseconds longest = std::chrono::milliseconds(5000))
      : longest_(longest) {}
  std::chrono::milliseconds Next();

 private:
  const std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_{50};
};

}  // namespace clew::load
