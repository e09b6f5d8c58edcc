// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load/distributions.h"
#include "load/profile.h"

namespace clew::load {

// The services of a profile and who calls whom: few services get most of the work, and
// each calls a handful of others. The same for every seed. Immutable.
class ServiceGraph {
 public:
  explicit ServiceGraph(const Profile& profile);

  uint32_t service_count() const { return static_cast<uint32_t>(names_.size()); }
  const std::string& name(uint32_t service) const { return names_[service]; }
  // Whether it takes messages from a queue instead of requests.
  static bool IsWorker(uint32_t service) { return service % 8 == 7; }
  static std::string_view Language(uint32_t service);
  // Of the service's clock, which its language decides. Nanoseconds.
  static int64_t ClockStep(uint32_t service);

  uint32_t PickRoot(uint64_t random) const { return popularity_.Pick(random); }
  uint32_t PickCallee(uint32_t caller, uint64_t random) const {
    return callees_[caller * callees_per_service_ + callee_rank_.Pick(random)];
  }

 private:
  std::vector<std::string> names_;
  ZipfDistribution popularity_;
  ZipfDistribution callee_rank_;
  uint32_t callees_per_service_;
  std::vector<uint32_t> callees_;  // of service 0, of service 1, ...
};

// A noun of a shop; texts of services, routes and tables are made of these.
std::string_view Noun(uint32_t number);

}  // namespace clew::load
