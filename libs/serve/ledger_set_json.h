// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "ledger/compare/trace_set.h"
#include "serve/ledger_parameters.h"

namespace clew::serve {

// What is known of a set of traces, and of what it is compared with.
struct SetAnswer {
  const ledger::Names& names;
  const LedgerParameters& parameters;
  ledger::TraceSet set{};
  std::optional<ledger::TraceSet> baseline{};
  // There are more traces than were read.
  bool set_is_cut = false, baseline_is_cut = false;
};

// The answer of /api/clew/v1/ledger.
std::string SetJson(const SetAnswer& answer);

}  // namespace clew::serve
