// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "net/http_client.h"
#include "shop/dice.h"
#include "shop/shop_service.h"

namespace clew::shop {

// Asks for what the shop's visits say, at random times, so many a second on average. Belongs to
// the shop's loop.
class Visitors {
 public:
  Visitors(OpenShop& shop, double visits_per_second);

  // Until Leave is called.
  net::Task<void> Come();
  void Leave() { leaving_ = true; }
  uint64_t visits() const { return visits_; }

 private:
  const Visit& Choose();
  net::Task<void> Ask(const Visit& visit);

  OpenShop& shop_;
  const double visits_per_second_;
  Dice dice_;
  net::HttpClient client_;
  std::atomic<bool> leaving_ = false;
  std::atomic<uint64_t> visits_ = 0;
};

}  // namespace clew::shop
