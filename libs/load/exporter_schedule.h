// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "load/trace_generator.h"

namespace clew::load {

// Whether and when a span reaches its exporter.
struct Delivery {
  bool missing = false;  // its process died, or its queue was full
  int64_t ready_ns = 0;  // Unix time, true
};
Delivery DeliveryOf(const TraceGenerator& generator, const SpanPlan& plan);

// What one exporter sends at once.
struct Batch {
  std::span<const SpanPlan> spans;  // of one instance, in the order they ended
  int64_t due_ns = 0;               // Unix time, true
  bool sent_twice = false;          // its answer got lost, so it is sent again
};

// Plays the exporters of all instances over simulated time. Each wakes every 5 s, at a
// phase of its own, and sends what ended since in batches of at most 512 spans; after
// the last trace each sends what is left, as on shutdown. Memory: the plans of the
// spans of an interval and of the late ones. Borrows the generator. One thread.
class ExporterSchedule {
 public:
  // Sends the traces [0, trace_count).
  ExporterSchedule(const TraceGenerator& generator, uint64_t trace_count);

  // The next batch by time; empty spans when all is sent. Valid until the next call.
  Batch Next();

 private:
  struct Ready {
    int64_t ready_ns = 0;
    SpanPlan plan;
  };
  struct Exporter {
    uint32_t instance = 0;
    int64_t phase_ns = 0;
  };
  // Traces that begin before `end_ns` go to their exporters.
  void GenerateUntil(int64_t end_ns);
  // Moves what is ready at `due_ns` from the instance to outgoing_.
  void Collect(uint32_t instance, int64_t due_ns);
  Batch TakeBatch();

  const TraceGenerator& generator_;
  const uint64_t trace_count_;
  uint64_t next_trace_ = 0;
  uint64_t batches_ = 0;
  uint64_t turn_ = 0;                // how often an exporter woke
  uint64_t last_turn_ = UINT64_MAX;  // known once all traces are generated
  int64_t due_ns_ = 0;
  std::vector<Exporter> exporters_;          // by phase
  std::vector<std::vector<Ready>> pending_;  // by instance
  std::vector<SpanPlan> plans_;              // of one trace
  std::vector<Ready> collected_;
  std::vector<SpanPlan> outgoing_;
  size_t outgoing_next_ = 0;
};

}  // namespace clew::load
