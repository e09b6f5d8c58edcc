// SPDX-License-Identifier: Apache-2.0
#include "load/service_graph.h"

#include <array>

#include "load/counter_random.h"

namespace clew::load {
namespace {

constexpr std::array<std::string_view, 40> kNouns{
    "frontend",  "cart",    "checkout", "payment",  "catalog",  "search",  "account", "mailer",
    "inventory", "pricing", "session",  "shipping", "currency", "review",  "image",   "invoice",
    "wishlist",  "coupon",  "tax",      "fraud",    "address",  "order",   "ledger",  "returns",
    "ads",       "profile", "stock",    "supplier", "gift",     "loyalty", "chat",    "report",
    "geo",       "feature", "auth",     "token",    "webhook",  "export",  "media",   "audit"};

constexpr uint64_t kGraphSeed = 0x5eed;

struct Runtime {
  std::string_view language;
  int64_t clock_step_ns;
};
constexpr std::array<Runtime, 5> kRuntimes{
    {{"go", 1}, {"java", 1000}, {"nodejs", 1000}, {"python", 1000}, {"dotnet", 100}}};

}  // namespace

std::string_view Noun(uint32_t number) {
  return kNouns[number % kNouns.size()];
}

ServiceGraph::ServiceGraph(const Profile& profile)
    : popularity_(profile.service_count, profile.service_zipf),
      callee_rank_(profile.callees_per_service, 1.0),
      callees_per_service_(profile.callees_per_service) {
  const RandomKey key(kGraphSeed);
  for (uint32_t service = 0; service < profile.service_count; ++service) {
    std::string& name = names_.emplace_back(Noun(service));
    if (service >= kNouns.size()) name += "-" + std::to_string(service / kNouns.size());
    for (uint32_t i = 0; i < callees_per_service_; ++i) {
      const uint32_t callee = popularity_.Pick(key.Part(service).Draw(i));
      // A service does not call itself.
      callees_.push_back(callee == service ? (callee + 1) % profile.service_count : callee);
    }
  }
}

std::string_view ServiceGraph::Language(uint32_t service) {
  return kRuntimes[service % kRuntimes.size()].language;
}

int64_t ServiceGraph::ClockStep(uint32_t service) {
  return kRuntimes[service % kRuntimes.size()].clock_step_ns;
}

}  // namespace clew::load
