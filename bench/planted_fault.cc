// SPDX-License-Identifier: Apache-2.0
#include "planted_fault.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "shop/simulate.h"

namespace clew::bench {
namespace {

double UsualNanos(const shop::Shop& shop, const shop::Visit& visit) {
  std::vector<uint64_t> times;
  for (uint64_t seed = 0; seed < 201; ++seed) {
    shop::Dice dice(seed);
    times.push_back(shop::Simulate(shop, visit, 0, dice).front().end_unix_nano);
  }
  std::ranges::nth_element(times, times.begin() + 100);
  return static_cast<double>(times[100]);
}

}  // namespace

PlantedFault PlantFault(const shop::Shop& shop, shop::FaultKind kind, double strength,
                        uint64_t seed) {
  struct Choice {
    shop::FaultPlace place;
    shop::Nanos added;
  };
  std::vector<Choice> choices;
  for (const shop::Visit& visit : shop.visits) {
    const shop::Nanos added(static_cast<int64_t>(UsualNanos(shop, visit) * (strength - 1)));
    for (const shop::FaultPlace& place : shop::FaultPlaces(shop, visit, kind, added)) {
      choices.push_back({place, added});
    }
  }
  CHECK(!choices.empty());
  shop::Dice dice(seed);
  const Choice& choice = choices[dice.Below(static_cast<uint32_t>(choices.size()))];
  return {choice.place, shop::Plant(shop, choice.place, choice.added)};
}

}  // namespace clew::bench
