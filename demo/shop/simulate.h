// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "shop/dice.h"
#include "shop/shop.h"

namespace clew::shop {

enum class SpanKind : uint8_t { kServer, kClient, kProducer, kConsumer };

inline constexpr uint32_t kNoParent = ~0U;

// A span that the services would have sent. Texts are those of the shop, which must outlive it.
struct SimulatedSpan {
  uint32_t parent = kNoParent;  // index in the trace
  uint32_t service = 0;         // index in the shop
  std::string_view operation{};
  std::string_view peer{};  // kClient, kProducer: who is asked or sent to
  bool peer_is_service = false;
  SpanKind kind = SpanKind::kServer;
  bool failed = false;
  uint64_t start_unix_nano = 0, end_unix_nano = 0;
};

// The trace of one visit, without waiting; parents stand before their children.
// REQUIRES: a shop as ReadShop makes it, or with a fault planted in one.
std::vector<SimulatedSpan> Simulate(const Shop& shop, const Visit& visit, uint64_t start_unix_nano,
                                    Dice& dice);

}  // namespace clew::shop
