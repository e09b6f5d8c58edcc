// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <random>

#include "ledger/compare/ledger_set.h"

namespace clew::ledger {

// Requests to a shop that calls cart, pay and mail, one after the other; pay asks a database. Times
// vary from trace to trace, have a long tail, and vary from minute to minute.
class Traffic {
 public:
  static constexpr uint64_t kMinute = 60'000'000'000;
  static constexpr double kSelf = 10e6, kNetwork = 2e6, kDatabase = 20e6;  // typical times

  explicit Traffic(uint64_t seed);

  // Names of all that is in the traces.
  Names names;
  const Operation shop, cart, pay, mail;
  const uint32_t database;

  // A request in this minute.
  TraceSummary Request(uint64_t minute);
  // Twenty requests a minute in [from, to), each changed by `change` if there is one.
  LedgerSet Minutes(uint64_t from, uint64_t to,
                    const std::function<void(TraceSummary&)>& change = {});

 private:
  uint64_t TimeOf(const Owner& owner, uint64_t minute, double typical);

  const uint64_t seed_;
  std::mt19937_64 random_;
};

// Multiplies the time of the rows that `which` chooses.
void Slow(TraceSummary& trace, double factor, const std::function<bool(const Owner&)>& which);

}  // namespace clew::ledger
