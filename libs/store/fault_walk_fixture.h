// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "base/test_effort.h"

namespace clew::store {

// For tests: calls `struck_at(call)` for each call of a storage, the first being 0, until one says
// that so many were not made, or a test has failed. All calls in a deep run; else some, by a seed
// that is told and that CLEW_SEED gives.
template <typename StruckAt>
void WalkOverFaults(const StruckAt& struck_at) {
  const char* const seed = getenv("CLEW_SEED");
  const uint64_t chosen = seed != nullptr ? strtoull(seed, nullptr, 10) : std::random_device()();
  SCOPED_TRACE("CLEW_SEED=" + std::to_string(chosen));
  std::mt19937_64 random(chosen);
  // Of some hundred calls; the more cases, the smaller the steps.
  const uint64_t stride = base::DeepTests() ? 1 : 600 / base::TestRounds(10, 600);
  for (uint64_t call = random() % stride;; call += 1 + random() % stride) {
    SCOPED_TRACE("call " + std::to_string(call));
    if (!struck_at(call) || testing::Test::HasFailure()) return;
  }
}

}  // namespace clew::store
