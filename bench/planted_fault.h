// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "shop/fault.h"
#include "shop/shop.h"

// Faults of a known kind, place and strength, for benches that ask whether they are found.
namespace clew::bench {

// The shop with a fault in it, and where it is.
struct PlantedFault {
  shop::FaultPlace place;
  shop::Shop shop;
};

// A fault at a place that the seed picks among those of all visits: what passes it usually takes
// `strength` times as long as before. REQUIRES: a kind that has a place in the shop.
PlantedFault PlantFault(const shop::Shop& shop, shop::FaultKind kind, double strength,
                        uint64_t seed);

}  // namespace clew::bench
