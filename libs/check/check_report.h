// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "check/check_counts.h"

namespace clew::check {

// What a run has to say at its end.
struct CheckReport {
  uint64_t seed = 0;
  double seconds = 0;
  double unavailable_seconds = 0;
  const CheckCounts& counts;
};

// For people: a line for each count, and the first problems.
std::string FormatReport(const CheckReport& report);
// For programs: one JSON object.
std::string FormatReportJson(const CheckReport& report);
// For Prometheus, at any time of a run: its text format.
std::string FormatMetrics(const CheckReport& report);

}  // namespace clew::check
