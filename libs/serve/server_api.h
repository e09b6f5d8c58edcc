// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "ingest/ingest_counters.h"
#include "ingest/ingestor.h"
#include "serve/router.h"

namespace clew::serve {

// Where a server is reached and where it keeps its data: what a person needs who wants to send
// it a span. Thread-safe.
class ServerFacts {
 public:
  ServerFacts(std::string version, std::string data_directory, bool is_tls)
      : version_(std::move(version)), data_(std::move(data_directory)), is_tls_(is_tls) {}

  struct Port {
    std::string protocol;  // "otlp_grpc", as in the ports file
    uint16_t number = 0;
  };
  // Once they listen; none before.
  void SetPorts(std::vector<Port> ports);
  // `by_receiver` is what `counters` add up, and tells which of the ports it came by.
  // `last_refusal` is why something was refused last, empty when nobody asks or nothing was.
  std::string Json(const ingest::Ingestor::Counters& counters,
                   const ingest::IngestCounters& by_receiver,
                   std::string_view last_refusal = {}) const;

 private:
  const std::string version_;
  const std::string data_;
  const bool is_tls_;
  mutable base::Mutex mutex_;
  std::vector<Port> ports_ GUARDED_BY(mutex_);
};

// Adds GET /api/clew/v1/server. Both outlive the router.
void AddServerApi(Router& router, const ServerFacts& facts, const ingest::Ingestor& ingestor);

}  // namespace clew::serve
