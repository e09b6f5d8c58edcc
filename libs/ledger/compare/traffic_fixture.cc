// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/traffic_fixture.h"

#include <algorithm>
#include <cmath>

namespace clew::ledger {

Traffic::Traffic(uint64_t seed)
    : shop{names.CodeOf("shop"), names.CodeOf("GET /")},
      cart{names.CodeOf("cart"), names.CodeOf("Get")},
      pay{names.CodeOf("pay"), names.CodeOf("Charge")},
      mail{names.CodeOf("mail"), names.CodeOf("Send")},
      database(names.CodeOf("pay-db")),
      seed_(seed),
      random_(seed) {}

uint64_t Traffic::TimeOf(const Owner& owner, uint64_t minute, double typical) {
  // What is slow in one minute is so for all of it.
  std::mt19937_64 weather(seed_ + minute * 1000 + uint64_t{owner.service} * 7 +
                          static_cast<uint64_t>(owner.category));
  weather.discard(5);
  const double of_minute = std::lognormal_distribution<>(0, 0.1)(weather);
  const double of_trace = std::lognormal_distribution<>(0, 0.8)(random_);
  return static_cast<uint64_t>(typical * of_minute * of_trace);
}

TraceSummary Traffic::Request(uint64_t minute) {
  TraceSummary trace;
  trace.started_ns = minute * kMinute + random_() % kMinute;
  trace.kind = {.root = shop, .calls = {cart, pay, mail}};
  const auto add = [&](const Owner& owner, double typical) {
    trace.rows.emplace_back(owner, TimeOf(owner, minute, typical));
    trace.nanos += trace.rows.back().second;
  };
  add({.service = shop.service, .operation = shop.name}, kSelf);
  for (const Operation& call : {cart, pay, mail}) {
    add({.service = call.service, .operation = call.name}, kSelf);
    add({.service = call.service,
         .operation = call.name,
         .peer = shop.service,
         .category = Category::kNetwork},
        kNetwork);
    trace.visits.push_back({.entry = call});
  }
  add({.service = pay.service,
       .operation = pay.name,
       .peer = database,
       .category = Category::kCallee},
      kDatabase);
  trace.visits.push_back({.entry = shop, .steps = {cart, pay, mail}, .last_call = mail});
  std::ranges::sort(trace.rows);
  return trace;
}

LedgerSet Traffic::Minutes(uint64_t from, uint64_t to,
                           const std::function<void(TraceSummary&)>& change) {
  LedgerSet set;
  for (uint64_t minute = from; minute < to; ++minute) {
    for (int i = 0; i < 20; ++i) {
      TraceSummary trace = Request(minute);
      if (change) change(trace);
      set.Add(trace);
    }
  }
  return set;
}

void Slow(TraceSummary& trace, double factor, const std::function<bool(const Owner&)>& which) {
  trace.nanos = 0;
  for (auto& [owner, nanos] : trace.rows) {
    if (which(owner)) nanos = static_cast<uint64_t>(static_cast<double>(nanos) * factor);
    trace.nanos += nanos;
  }
}

}  // namespace clew::ledger
