// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include "base/result.h"

namespace clew::ingest {

// Why nothing of a body was stored, and how long its sender has to wait where that is known.
struct Refusal {
  Refusal(base::Error why,  // NOLINT(google-explicit-constructor): most refusals are an error
          std::optional<std::chrono::nanoseconds> time = std::nullopt)
      : error(std::move(why)), wait(time) {}

  base::Error error;
  std::optional<std::chrono::nanoseconds> wait;
};

// What a client is told to wait; nothing when it need not come again. Only kExhausted says so,
// because a client may send RESOURCE_EXHAUSTED again only when RetryInfo comes with it.
std::optional<int> RetryAfterSeconds(const Refusal& refusal);

}  // namespace clew::ingest
