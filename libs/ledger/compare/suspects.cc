// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/suspects.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "ledger/compare/median.h"

// Which end of a slow call is slow?
//
//        ....> cart          The way from checkout to payment takes longer. If it is the only one
//      :                     that does, payment is slow to answer, or the network before it is,
//   checkout ....> payment   and it is charged to payment. If those to cart and email take longer
//      :                     as well, then three callees at once are less likely than one caller
//        ....> email         that is starved and comes late to write and to read.
//
// So a call is charged to its callee, unless most of the caller's other calls grew too, and what
// else the caller does grew more than what else the callee does.
//
// A starved service delays its own work and the calls at both of its ends; a slow network delays
// calls alone. So where the own time of a service stands out, that is said first.

namespace clew::ledger {
namespace {

// Below this, what a part grows by is not compared with what it was: 50 us, or of a whole trace's
// time one in two hundred.
constexpr double kFloorNanos = 50'000;
constexpr double kFloorShare = 0.005;

bool IsCall(const PartGrowth& part) {
  return part.part.category == Category::kNetwork;
}
bool HasGrown(const PartGrowth& part) {
  return part.q <= kFalseDiscoveries && part.growth.nanos() > 0;
}

class Ends {
 public:
  Ends(std::span<const PartGrowth> parts, double floor_ns) : parts_(parts), floor_ns_(floor_ns) {}

  // The service that a part's growth is charged to.
  uint32_t ChargedTo(const PartGrowth& part) const {
    const uint32_t callee = part.part.service, caller = part.part.peer;
    if (!IsCall(part) || !HasGrown(part)) return callee;
    size_t calls = 0, grown = 0;
    for (const PartGrowth& other : parts_) {
      if (&other == &part || !IsCall(other) || other.part.peer != caller) continue;
      ++calls;
      grown += HasGrown(other);
    }
    if (grown < 2 || 3 * grown < 2 * calls) return callee;
    return RestOf(caller, part) > std::max(0.0, RestOf(callee, part)) ? caller : callee;
  }

 private:
  // The relative growth of the middle one of all that `service` takes part in but `part`.
  double RestOf(uint32_t service, const PartGrowth& part) const {
    std::vector<double> growths;
    for (const PartGrowth& other : parts_) {
      const bool takes_part =
          other.part.service == service || (IsCall(other) && other.part.peer == service);
      if (&other == &part || !takes_part) continue;
      growths.push_back(other.growth.nanos() / (other.growth.usual_ns + floor_ns_));
    }
    return MedianOf(std::move(growths));
  }

  std::span<const PartGrowth> parts_;
  const double floor_ns_;
};

}  // namespace

std::vector<Suspect> SuspectsOf(std::span<const PartGrowth> parts, double usual_ns) {
  const double floor_ns = std::max(kFloorNanos, kFloorShare * usual_ns);
  const Ends ends(parts, floor_ns);
  std::map<uint32_t, Suspect> suspects;
  for (const PartGrowth& part : parts) {
    Suspect& suspect = suspects[ends.ChargedTo(part)];
    suspect.growth.now_ns += part.growth.now_ns;
    suspect.growth.usual_ns += part.growth.usual_ns;
    suspect.growth.error_ns = std::hypot(suspect.growth.error_ns, part.growth.error_ns);
    suspect.stands_out |= part.stands_out;
    suspect.parts.push_back(part);
  }
  std::vector<Suspect> ordered;
  for (auto& [service, suspect] : suspects) {
    suspect.service = service;
    suspect.score =
        (suspect.growth.nanos() - suspect.growth.error_ns) / (suspect.growth.usual_ns + floor_ns);
    const auto rank = [](const PartGrowth& part) {
      return std::tuple(!HasGrown(part) || IsCall(part), -part.growth.nanos(), part.part);
    };
    std::ranges::sort(suspect.parts, {}, rank);
    ordered.push_back(std::move(suspect));
  }
  std::ranges::sort(ordered, {}, [](const Suspect& suspect) {
    return std::tuple(!suspect.stands_out, -suspect.score, suspect.service);
  });
  return ordered;
}

}  // namespace clew::ledger
