// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "check/availability.h"
#include "net/event_loop.h"
#include "net/http_client.h"
#include "net/task.h"
#include "otlp/export_call.h"

namespace clew::check {

struct PatientClientOptions {
  net::Endpoint api{};  // of the query API
  otlp::Destination otlp{};
  net::Headers headers{};  // of every request to either
  net::ClientOptions client{};
  std::chrono::nanoseconds patience = std::chrono::seconds(60);  // with a server that is away
};

// Writes to a server and reads from it, and waits while it is away: nobody answers, or the answer
// is to come later. On its loop's thread.
class PatientClient {
 public:
  PatientClient(net::EventLoop& loop, PatientClientOptions options);

  // Sends the same bytes until there is an answer, as an exporter does. kTryAgain: the server was
  // away for longer than it has patience. `body` outlives the call.
  net::Task<otlp::ExportOutcome> Write(std::string_view body);

  // The answer to a GET; nullopt for 404. kUnavailable when the server was away for too long,
  // kIo when its answer is an error.
  net::Task<base::Result<std::optional<std::string>>> Read(std::string target,
                                                           std::string_view accept);

  // From now on it has no patience.
  void Hurry() { options_.patience = std::chrono::nanoseconds(0); }

  const Availability& availability() const { return availability_; }
  uint64_t retries() const { return retries_; }  // of writes

 private:
  // Nobody answered an attempt that began then: rests, or is false when it has been for too long.
  net::Task<bool> WaitOut(Availability::TimePoint began, std::chrono::milliseconds pause);

  net::EventLoop& loop_;
  PatientClientOptions options_;
  net::HttpClient writer_;
  net::HttpClient reader_;
  Availability availability_;
  uint64_t retries_ = 0;
};

}  // namespace clew::check
