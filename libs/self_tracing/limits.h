// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace clew::self_tracing {

// Spans that wait to be stored. One more is dropped.
inline constexpr size_t kQueuedSpans = 4096;
// Of these, how many are stored as one body.
inline constexpr size_t kBatchSpans = 512;
// How long a body may take to be durable until its spans count as dropped.
inline constexpr std::chrono::seconds kStoreTimeout{10};

}  // namespace clew::self_tracing
