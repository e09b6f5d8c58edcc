// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "query/ledger_sets.h"
#include "serve/ledger_parameters.h"
#include "serve/ledger_set_attributes_json.h"

namespace clew::serve {

// What is known of a set of traces, and of what it is compared with.
struct SetAnswer {
  const ledger::Names& names;
  const LedgerParameters& parameters;
  query::ReadSet set{};
  std::optional<query::ReadSet> baseline{};
  std::optional<AttributeAnswer> attributes{};  // with a baseline
  // There are more traces than were read.
  bool set_is_cut = false, baseline_is_cut = false;
};

// The answer of /api/clew/v1/ledger.
std::string SetJson(const SetAnswer& answer);

}  // namespace clew::serve
