// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/mutex.h"
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

  // Why something of a tenant was refused or rejected last, as its sender was told; empty when
  // nothing was, and of tenants past the first kNotedTenants.
  std::string LastOf(std::string_view tenant) const;

 private:
  struct Logs {
    std::array<base::PacedWarning, kRefusals> refused;
    base::PacedWarning rejected, dropped;
  };
  Logs& Of(Receiver receiver) { return logs_[static_cast<size_t>(receiver)]; }

  void Keep(std::string_view tenant, std::string_view why);

  IngestCounters& counters_;
  std::array<Logs, kReceivers> logs_;
  mutable base::Mutex mutex_;
  std::map<std::string, std::string, std::less<>> last_ GUARDED_BY(mutex_);  // by tenant
};

}  // namespace clew::ingest
