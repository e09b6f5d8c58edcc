// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/paced_warning.h"
#include "ingest/ingest_counters.h"

namespace clew::ingest {

// A body of which nothing is stored.
struct RefusedBody {
  Receiver receiver{};
  std::string_view tenant{};  // empty: nobody knows whose it is
  Refused reason{};
  uint64_t bytes = 0;  // as far as they have come
};

// Nothing is refused silently: counts it, and warns of it, one line in a while for each receiver
// and reason. Thread-safe.
class RefusalNotes {
 public:
  // The counters outlive it.
  explicit RefusalNotes(IngestCounters& counters) : counters_(counters) {}

  void Refuse(const RefusedBody& body, std::string_view why);
  // Spans that are left out of a body, which are counted with what is stored of it.
  void Reject(Receiver receiver, std::string_view tenant, std::string_view why);
  // Datagrams that no receiver has seen.
  void Drop(Receiver receiver, uint64_t datagrams);

 private:
  struct Logs {
    std::array<base::PacedWarning, kRefusals> refused;
    base::PacedWarning rejected, dropped;
  };
  Logs& Of(Receiver receiver) { return logs_[static_cast<size_t>(receiver)]; }

  IngestCounters& counters_;
  std::array<Logs, kReceivers> logs_;
};

}  // namespace clew::ingest
