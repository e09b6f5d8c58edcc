// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shop/shop.h"

namespace clew::shop {

enum class FaultKind : uint8_t {
  kNPlusOne,      // a query is asked again for each row of the one before
  kRetryStorm,    // a service fails late, and is asked again at once
  kLockWait,      // a row is locked by somebody else
  kColdCache,     // what the cache should have is asked of the database
  kQueueWait,     // messages lie in the queue
  kNetworkDelay,  // between two services
  kSlowPeer,      // something that sends no spans
};

inline constexpr FaultKind kFaultKinds[] = {
    FaultKind::kNPlusOne,  FaultKind::kRetryStorm,   FaultKind::kLockWait, FaultKind::kColdCache,
    FaultKind::kQueueWait, FaultKind::kNetworkDelay, FaultKind::kSlowPeer};

// "n+1", "retry-storm" and so on.
std::string_view NameOf(FaultKind kind);
// Nothing for an unknown name.
std::optional<FaultKind> FaultKindNamed(std::string_view name);

// A step of an operation that requests of one visit always come to.
struct FaultPlace {
  FaultKind kind = FaultKind::kNPlusOne;
  uint32_t service = 0;
  uint32_t operation = 0;
  uint32_t step = 0;

  friend bool operator==(const FaultPlace&, const FaultPlace&) = default;
};

// Where such a fault delays each request of the visit by `added`, or, of a queue, what comes of
// it: in the order of services, operations and steps.
std::vector<FaultPlace> FaultPlaces(const Shop& shop, const Visit& visit, FaultKind kind,
                                    Nanos added);

// The shop with the fault in it, so strong that a request takes `added` more in the mean.
Shop Plant(const Shop& shop, const FaultPlace& place, Nanos added);

// Who is to be named for it: the service and operation that the time belongs to, in the
// words of the ledger.
struct FaultOwner {
  std::string service, operation;
  std::string_view category;  // "self", "network", "callee" or "wait"
};
FaultOwner OwnerOf(const Shop& shop, const FaultPlace& place);

}  // namespace clew::shop
