// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "net/event_loop.h"
#include "net/http_client.h"
#include "opentelemetry/exporters/otlp/otlp_exporter_options.h"
#include "opentelemetry/sdk/common/export_result.h"

namespace opentelemetry::inline v1::exporter::otlp {

// How one attempt ended.
struct SendOutcome {
  enum class Kind { kAccepted, kRefused, kTryAgain };
  Kind kind = Kind::kAccepted;
  std::string reason;                                  // when not accepted
  std::optional<std::chrono::milliseconds> wait = {};  // as the collector asked
};

// Sends one request, and again while the collector is not there or says later,
// with growing, jittered pauses, until the timeout or Shutdown. Blocks its
// caller: everything runs on the calling thread.
class RetryingSender {
 public:
  RetryingSender(RetryPolicy policy, std::chrono::milliseconds timeout, std::string ca_path)
      : policy_(policy), timeout_(timeout), ca_path_(std::move(ca_path)) {}
  virtual ~RetryingSender() = default;

  sdk::common::ExportResult Send(std::string_view body);
  // A pause ends at once, an attempt at its deadline. From any thread.
  void Shutdown() { shut_down_.store(true, std::memory_order_relaxed); }

 protected:
  using Deadline = std::chrono::steady_clock::time_point;
  virtual clew::net::Task<SendOutcome> Attempt(clew::net::HttpClient& client, std::string_view body,
                                               Deadline deadline) = 0;

 private:
  clew::net::Task<void> SendUntil(clew::net::EventLoop& loop, clew::net::HttpClient& client,
                                  std::string_view body, SendOutcome& outcome);
  clew::net::Task<bool> Pause(clew::net::EventLoop& loop, std::chrono::milliseconds pause,
                              Deadline deadline);

  const RetryPolicy policy_;
  const std::chrono::milliseconds timeout_;
  const std::string ca_path_;
  std::atomic<bool> shut_down_ = false;
};

}  // namespace opentelemetry::inline v1::exporter::otlp
