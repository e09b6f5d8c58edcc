// SPDX-License-Identifier: Apache-2.0

#include "shop/fault.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace clew::shop {
namespace {

constexpr uint32_t kFailures = 3;
// A query that is asked again and again is asked this often at least.
constexpr int64_t kLeastRepeats = 4;
// Requests that a cold cache has nothing for.
constexpr double kColdShare = 0.95;

constexpr std::pair<FaultKind, std::string_view> kNames[] = {
    {FaultKind::kNPlusOne, "n+1"},         {FaultKind::kRetryStorm, "retry-storm"},
    {FaultKind::kLockWait, "lock-wait"},   {FaultKind::kColdCache, "cold-cache"},
    {FaultKind::kQueueWait, "queue-wait"}, {FaultKind::kNetworkDelay, "network-delay"},
    {FaultKind::kSlowPeer, "slow-peer"},
};

bool Fits(const Shop& shop, const Step& step, FaultKind kind, Nanos added) {
  const bool peer = step.kind == StepKind::kPeer;
  const bool http = peer && shop.peers[step.target].system == "http";
  switch (kind) {
    case FaultKind::kNPlusOne:
      return peer && !http && step.share == 1 && added >= kLeastRepeats * step.time;
    case FaultKind::kRetryStorm:
    case FaultKind::kNetworkDelay:
      return step.kind == StepKind::kCall;
    case FaultKind::kLockWait:
      return peer && step.operation.starts_with("UPDATE");
    case FaultKind::kColdCache:
      return peer && step.share < 1;
    case FaultKind::kQueueWait:
      return step.kind == StepKind::kSend;
    case FaultKind::kSlowPeer:
      return peer && http;
  }
  return false;
}

class PlaceFinder {
 public:
  PlaceFinder(const Shop& shop, FaultKind kind, Nanos added)
      : shop_(shop), kind_(kind), added_(added) {}

  std::vector<FaultPlace> Find(const Visit& visit) {
    Look(visit.service, visit.operation);
    const auto order = [](const FaultPlace& place) {
      return std::tuple(place.service, place.operation, place.step);
    };
    std::ranges::sort(places_, {}, order);
    places_.erase(std::ranges::unique(places_).begin(), places_.end());
    return std::move(places_);
  }

 private:
  void Look(uint32_t service, std::string_view name) {
    const Operation* operation = FindOperation(shop_.services[service], name);
    CHECK(operation != nullptr);
    const auto number =
        static_cast<uint32_t>(operation - shop_.services[service].operations.data());
    for (uint32_t i = 0; i < operation->steps.size(); ++i) {
      const Step& step = operation->steps[i];
      if (Fits(shop_, step, kind_, added_)) {
        places_.push_back({kind_, service, number, i});
      }
      if (step.kind == StepKind::kCall && step.share == 1) Look(step.target, step.operation);
    }
  }

  const Shop& shop_;
  const FaultKind kind_;
  const Nanos added_;
  std::vector<FaultPlace> places_;
};

const Step& StepAt(const Shop& shop, const FaultPlace& place) {
  return shop.services[place.service].operations[place.operation].steps[place.step];
}

}  // namespace

std::string_view NameOf(FaultKind kind) {
  for (const auto& [known, name] : kNames) {
    if (known == kind) return name;
  }
  return {};
}

std::optional<FaultKind> FaultKindNamed(std::string_view name) {
  for (const auto& [kind, known] : kNames) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

std::vector<FaultPlace> FaultPlaces(const Shop& shop, const Visit& visit, FaultKind kind,
                                    Nanos added) {
  return PlaceFinder(shop, kind, added).Find(visit);
}

Shop Plant(const Shop& shop, const FaultPlace& place, Nanos added) {
  Shop changed = shop;
  Step& step = changed.services[place.service].operations[place.operation].steps[place.step];
  switch (place.kind) {
    case FaultKind::kNPlusOne:
      step.times += static_cast<double>(added.count()) / static_cast<double>(step.time.count());
      break;
    case FaultKind::kRetryStorm:
      step.failures = kFailures;
      step.failure_time = added / kFailures;
      break;
    case FaultKind::kLockWait:
      step.lock += added;
      break;
    case FaultKind::kColdCache: {
      const double before = step.share * static_cast<double>(step.time.count());
      const double wanted = before + static_cast<double>(added.count());
      const double least = wanted / kColdShare;
      step.time = std::max(step.time, Nanos(static_cast<int64_t>(least)));
      step.share = wanted / static_cast<double>(step.time.count());
      break;
    }
    case FaultKind::kQueueWait:
      step.wait += added;
      break;
    case FaultKind::kNetworkDelay:
      step.network += added;
      break;
    case FaultKind::kSlowPeer:
      step.time += added;
      break;
  }
  return changed;
}

FaultOwner OwnerOf(const Shop& shop, const FaultPlace& place) {
  const Step& step = StepAt(shop, place);
  if (step.kind == StepKind::kPeer) {
    return {shop.services[place.service].name, step.operation, "callee"};
  }
  const std::string& target = shop.services[step.target].name;
  switch (place.kind) {
    case FaultKind::kNetworkDelay:
      return {target, step.operation, "network"};
    case FaultKind::kQueueWait:
      return {target, step.operation, "wait"};
    default:
      return {target, step.operation, "self"};
  }
}

}  // namespace clew::shop
