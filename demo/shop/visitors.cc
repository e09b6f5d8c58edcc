// SPDX-License-Identifier: Apache-2.0

#include "shop/visitors.h"

#include <utility>

namespace clew::shop {
namespace {

constexpr std::chrono::seconds kPatience{120};
constexpr uint64_t kSeed = 2024;

}  // namespace

Visitors::Visitors(OpenShop& shop, double visits_per_second)
    : shop_(shop), visits_per_second_(visits_per_second), dice_(kSeed), client_(shop.loop()) {}

net::Task<void> Visitors::Come() {
  const Nanos between(static_cast<int64_t>(1e9 / visits_per_second_));
  while (!leaving_) {
    co_await shop_.loop().SleepFor(dice_.Exponential(between));
    shop_.loop().Spawn(Ask(Choose()));
  }
}

const Visit& Visitors::Choose() {
  const std::vector<Visit>& visits = shop_.shop().visits;
  double all = 0;
  for (const Visit& visit : visits) all += visit.weight;
  double left = dice_.Unit() * all;
  for (const Visit& visit : visits) {
    left -= visit.weight;
    if (left < 0) return visit;
  }
  return visits.back();
}

net::Task<void> Visitors::Ask(const Visit& visit) {
  const size_t space = visit.operation.find(' ');
  net::RequestHead head;
  head.method = visit.operation.substr(0, space);
  head.target = space == std::string::npos ? "/" : visit.operation.substr(space + 1);
  head.authority = "127.0.0.1";
  net::Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = shop_.PortOf(visit.service);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  // What came of it is in the shop's spans.
  (void)co_await client_.Fetch(endpoint, std::move(head), "", deadline);
  ++visits_;
}

}  // namespace clew::shop
