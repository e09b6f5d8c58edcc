// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "load/entropy_floor.h"
#include "load/load_run.h"

namespace clew::load {

// What a run has to say at its end; what did not happen is left out.
struct LoadReport {
  std::string_view profile{};
  uint64_t seed = 0;
  int64_t start_ns = 0;
  double simulated_seconds = 0;
  LoadSize size{};
  uint32_t instances = 0;
  std::optional<SentLoad> sent{};
  std::optional<EntropyFloor> floor{};
  std::optional<Verdict> verdict{};
};

// For people: a few lines, with the columns of the floor that matter.
std::string FormatReport(const LoadReport& report);
// For programs: one JSON object.
std::string FormatReportJson(const LoadReport& report);

}  // namespace clew::load
