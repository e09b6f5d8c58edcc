// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "ingest/refusal.h"

namespace clew::ingest {

// What one tenant may send: so much a second, and `burst` at once after a pause. 0: no limit.
struct RateLimit {
  uint64_t per_second = 0;
  uint64_t burst = 0;  // 0: what comes in a second
};
struct TenantLimits {
  RateLimit bytes;  // of bodies as received
  RateLimit spans;
};

// Those of tenants that have limits of their own.
using OwnLimits = std::map<std::string, TenantLimits, std::less<>>;

// Buckets of tokens that fill up with time, two for each tenant. A body that is larger than the
// burst is taken from a full bucket, which then owes the rest: nobody's body is refused for ever.
// Thread-safe.
class TenantRates {
 public:
  explicit TenantRates(const TenantLimits& limits, const base::Clock& clock = base::Clock::System())
      : clock_(clock), limits_(limits) {}

  // Other limits from now on. Every tenant begins anew with a full burst, and owes nothing.
  void Set(const TenantLimits& limits, OwnLimits own);

  // A body is judged twice; kExhausted, with the limit, when the tenant has to wait, and how long.
  // Before anything is done with it: takes its bytes. A body that turns out to be wrong has cost
  // them.
  base::Result<std::monostate, Refusal> TakeBytes(std::string_view tenant, uint64_t bytes);
  // Once its spans are counted: takes them, or gives its bytes back.
  base::Result<std::monostate, Refusal> TakeSpans(std::string_view tenant, uint64_t spans,
                                                  uint64_t bytes);
  // Of a body that was refused for want of room, not for what it is.
  void GiveBack(std::string_view tenant, uint64_t bytes, uint64_t spans);

  // How many are remembered.
  size_t known_tenants() const;

 private:
  // How many may be taken now; below zero: how many are owed.
  struct Buckets {
    int64_t filled_ns = 0;
    double bytes = 0;
    double spans = 0;
  };
  // As they are now.
  Buckets& BucketsOf(std::string_view tenant) REQUIRES_LOCK(mutex_);
  const TenantLimits& LimitsOf(std::string_view tenant) const REQUIRES_LOCK(mutex_);
  void ForgetFull() REQUIRES_LOCK(mutex_);

  const base::Clock& clock_;
  mutable base::Mutex mutex_;
  TenantLimits limits_ GUARDED_BY(mutex_);
  OwnLimits own_ GUARDED_BY(mutex_);
  std::map<std::string, Buckets, std::less<>> buckets_ GUARDED_BY(mutex_);
};

}  // namespace clew::ingest
