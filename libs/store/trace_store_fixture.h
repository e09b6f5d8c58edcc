// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

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

// Time that stands still unless it is moved. Thread-safe.
class SetClock final : public base::Clock {
 public:
  explicit SetClock(int64_t now_unix_nano) : now_(now_unix_nano) {}
  int64_t UnixNanos() const override { return now_; }
  int64_t MonotonicNanos() const override { return now_; }
  void Advance(int64_t by_ns) { now_ += by_ns; }

 private:
  std::atomic<int64_t> now_;
};

// How many spans of the trace the store has, in memory and in blocks.
base::Result<size_t> SpansOf(const TraceStore& store, uint8_t number);

// Opens a store and replays its log.
base::Result<std::unique_ptr<TraceStore>> OpenAndReplay(base::Storage& storage,
                                                        const TraceStoreOptions& options,
                                                        base::Clock& clock = base::Clock::System());

}  // namespace clew::store
