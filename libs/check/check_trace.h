// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "load/span_texts.h"
#include "model/ids.h"

namespace clew::check {

// A trace that is written to see whether it comes back. Everything of it follows from these
// three, so nothing of it needs to be kept.
struct CheckTrace {
  uint64_t seed = 0;     // of the run
  uint64_t number = 0;   // in the run
  int64_t start_ns = 0;  // Unix time
};

// Nothing of a trace is outside of so much time from its start.
inline constexpr int64_t kTraceSpanNs = 50'000'000;
// Its spans come in so many requests, those of a parent and its children in different ones.
inline constexpr size_t kBodies = 2;

inline constexpr std::string_view kService = "clew-check";
inline constexpr std::string_view kRunAttribute = "clew.check.run";        // of the resource
inline constexpr std::string_view kNumberAttribute = "clew.check.number";  // of each span

// The run as its spans name it.
std::string RunName(uint64_t seed);
model::TraceId TraceIdOf(const CheckTrace& trace);

// An OTLP request and the spans in it.
struct CheckBody {
  std::string bytes;
  std::vector<load::SpanText> spans;  // ordered
};
std::array<CheckBody, kBodies> MakeBodies(const CheckTrace& trace);

}  // namespace clew::check
