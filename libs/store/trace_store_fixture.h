// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/set_clock.h"
#include "model/ids.h"
#include "store/trace_store.h"

// For tests: bodies of one span each, told apart by a number, and what a store has of
// them.
namespace clew::store {

inline constexpr std::string_view kTestTenant = "tenant";

model::TraceId TraceOf(uint8_t number);
// An OTLP body with one span of that trace.
std::string BodyOf(uint8_t number, uint8_t span = 1);

// Waits for the answer.
base::Result<Appended> AppendTo(TraceStore& store, const std::string& body,
                                std::string_view tenant = kTestTenant);

// How many spans of the trace the store has, in memory and in blocks.
base::Result<size_t> SpansOf(const TraceStore& store, uint8_t number);

// Opens a store and replays its log.
base::Result<std::unique_ptr<TraceStore>> OpenAndReplay(base::Storage& storage,
                                                        const TraceStoreOptions& options,
                                                        base::Clock& clock = base::Clock::System());

}  // namespace clew::store
